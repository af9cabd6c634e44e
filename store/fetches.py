"""The press that gives a file's bytes: what decides it, read narrowly, as many press at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.fetching import Asked
from rules.file_life import State
from store.driver import looked_up
from store.evidence import ONCE_MORE

HOLD = """
    SELECT FROM deliveries WHERE file_id = $1 AND recipient_id = $2 FOR NO KEY UPDATE
"""
WANTED = """
    SELECT deliveries.id AS delivery_id, fetches AS fetched, file_id, number, state, expires_at,
        removed_at IS NOT NULL AS is_removed, most_fetches, key, object_version, file_name, size,
        sha256, sent.*
    FROM deliveries JOIN shared_files ON shared_files.id = file_id
    CROSS JOIN LATERAL (
        SELECT bool_or(of.organisation_id = recipients.organisation_id) AS is_theirs,
            bool_or(of.organisation_id = recipients.organisation_id AND of.is_proxied) AS is_proxied,
            bool_or(of.closed_at IS NULL AND member.space_id IS NOT NULL) AS is_member
        FROM recipients CROSS JOIN file_spaces JOIN spaces AS of ON of.id = file_spaces.space_id
            LEFT JOIN space_members AS member ON member.space_id = of.id
                AND member.recipient_id = recipients.id AND member.removed_at IS NULL
        WHERE recipients.id = $2 AND file_spaces.file_id = $1
    ) AS sent
    WHERE file_id = $1 AND recipient_id = $2
"""
"""Without lists of ids: for those each new connection asks the database what such a list is, which takes
longer than all of this."""
ISSUE = f"""
    WITH counted AS (
        UPDATE deliveries SET fetches = fetches + 1
        WHERE id = $1 AND ($2::int IS NULL OR fetches < $2) RETURNING id
    )
    INSERT INTO delivery_evidence (delivery_id, kind, at, last_at, by, via, agent)
    SELECT id, 'issued', $3, $3, $4, $5, $6 FROM counted
    {ONCE_MORE} RETURNING times
"""
GIVE_BACK = """
    UPDATE deliveries SET fetches = fetches - 1, given_back = given_back + 1
    WHERE id = $1 AND fetches > 0 AND given_back < $2 RETURNING fetches
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A delivered file as it stands now, for the recipient who wants its bytes.

    Of the spaces to which it is sent: `is_theirs` where one is of their organisation, `is_proxied`
    where one of those has bytes go through us, `is_member` where they are a member of an open one.
    """

    delivery_id: UUID
    fetched: int
    file_id: UUID
    number: int
    state: str
    expires_at: datetime
    is_removed: bool
    most_fetches: int | None
    key: str
    object_version: str | None
    file_name: str
    size: int | None
    sha256: str | None
    is_theirs: bool
    is_proxied: bool
    is_member: bool

    @property
    def asked(self) -> Asked:
        """What is asked, as the rules take it."""
        return Asked(
            state=State(self.state),
            expires_at=self.expires_at,
            is_removed=self.is_removed,
            organisation="theirs",
            of_organisation="theirs" if self.is_theirs else "another",
            is_member=self.is_member,
            most_fetches=self.most_fetches,
            fetched=self.fetched,
        )


class Fetches:
    """Downloads of delivered files. Times are business time."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def wanted(
        self, file_id: UUID, recipient_id: UUID, *, for_change: bool = False
    ) -> Wanted | None:
        """What was delivered to a recipient; None where nothing was, or it was sent nowhere.

        `for_change` waits for other downloads of theirs, and then looks: what is decided holds.
        """
        if for_change:
            await looked_up(self._connection, HOLD, file_id, recipient_id)
        row = await looked_up(self._connection, WANTED, file_id, recipient_id)
        return Wanted(**row) if row and row["is_theirs"] is not None else None

    async def issue(
        self,
        delivery_id: UUID,
        at: datetime,
        *,
        most: int | None,
        by: UUID,
        via: str = "",
        agent: str = "",
    ) -> bool:
        """Count a download and keep that it was given; False where the limit allows no more.

        `most` is that limit, None where there is none: of many at once no more get True than it says.
        """
        values = (delivery_id, most, at, by, via, agent)
        return await looked_up(self._connection, ISSUE, *values) is not None

    async def give_back(self, delivery_id: UUID, *, most: int) -> bool:
        """Take a download from the count again, at most so often for a delivery; False where it stays."""
        return await looked_up(self._connection, GIVE_BACK, delivery_id, most) is not None
