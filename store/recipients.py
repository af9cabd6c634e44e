"""Recipients: who may get files, each of one organisation for ever."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.advisory_locks import Lock
from store.driver import all_found, looked_up
from store.space_rows import OrganisationRow, RecipientRow


class OtherOrganisation(Exception):
    """A person or an address belongs to another organisation, and cannot change to this one."""

    def __init__(self, organisation: OrganisationRow) -> None:
        super().__init__("They belong to another organisation.")
        self.organisation = organisation


class OtherPerson(Exception):
    """An address is known as that of somebody else in Slack: it does not make one of two people."""

    def __init__(self, recipient: RecipientRow) -> None:
        super().__init__("The address is somebody else's in Slack.")
        self.recipient = recipient


HOLD = text(f"SELECT pg_advisory_xact_lock({Lock.keeping_recipients:d})")
KNOWN = """
    SELECT * FROM recipients WHERE person_id = $1 OR lower(email) = $2
    ORDER BY person_id IS NOT DISTINCT FROM $1 DESC
"""
IN_DIRECTORY = """
    SELECT id, lower(email) AS email FROM people
    WHERE (id = $1 OR lower(email) = $2) AND active AND kind IN ('member', 'guest')
    ORDER BY id IS NOT DISTINCT FROM $1 DESC, id LIMIT 1
"""
"""Strangers' addresses are what others say of them: nobody is taken for another because of one."""
KEEP = """
    INSERT INTO recipients (id, organisation_id, person_id, email, name)
    VALUES (gen_random_uuid(), $1, $2, $3, $4) RETURNING *
"""
COMPLETE = """
    UPDATE recipients SET person_id = coalesce(person_id, $2), email = coalesce(email, $3)
    WHERE id = $1 RETURNING *
"""
ORGANISATION = "SELECT * FROM organisations WHERE id = $1"
RECIPIENT = "SELECT * FROM recipients WHERE id = $1"
RECIPIENTS = "SELECT * FROM recipients WHERE id = ANY ($1)"
OF_PERSON = "SELECT * FROM recipients WHERE person_id = $1"
BY_EMAIL = "SELECT * FROM recipients WHERE lower(email) = lower($1)"


class Recipients:
    """Who may get files. Times are the database's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep_recipient(
        self,
        organisation_id: UUID,
        *,
        person_id: str | None = None,
        email: str | None = None,
        name: str,
    ) -> RecipientRow:
        """The recipient who is this person of Slack or has this address, kept if they are new.

        A member or guest of the workspace with the same address is the same recipient.

        Raises:
            OtherOrganisation: either is another organisation's.
            OtherPerson: the address is that of somebody else in Slack.
        """
        await self._connection.execute(HOLD)
        address = email.strip().lower() if email else None
        known = await looked_up(self._connection, IN_DIRECTORY, person_id, address)
        if known and person_id in (None, known["id"]):
            person_id, address = known["id"], address or known["email"]
        rows = await all_found(self._connection, KNOWN, person_id, address)
        for row in rows:
            if row["organisation_id"] != organisation_id:
                theirs = await looked_up(self._connection, ORGANISATION, row["organisation_id"])
                raise OtherOrganisation(OrganisationRow.model_validate(dict(theirs)))
        kept: Any
        match rows:
            case []:
                values = (organisation_id, person_id, address, name.strip())
                kept = await looked_up(self._connection, KEEP, *values)
            case [one] if person_id and one["person_id"] not in (None, person_id):
                raise OtherPerson(RecipientRow.model_validate(dict(one)))
            case [one]:
                kept = await looked_up(self._connection, COMPLETE, one["id"], person_id, address)
            case [kept, *_]:
                pass  # They came twice, before anybody could know: each keeps what was sent to it.
        return RecipientRow.model_validate(dict(kept))

    async def recipient(self, recipient_id: UUID) -> RecipientRow | None:
        """One recipient."""
        row = await looked_up(self._connection, RECIPIENT, recipient_id)
        return RecipientRow.model_validate(dict(row)) if row else None

    async def recipients(self, recipient_ids: Collection[UUID]) -> dict[UUID, RecipientRow]:
        """Several recipients, by their ids."""
        rows = await all_found(self._connection, RECIPIENTS, list(recipient_ids))
        return {row["id"]: RecipientRow.model_validate(dict(row)) for row in rows}

    async def recipient_of_person(self, person_id: str) -> RecipientRow | None:
        """The recipient who is this person of Slack."""
        row = await looked_up(self._connection, OF_PERSON, person_id)
        return RecipientRow.model_validate(dict(row)) if row else None

    async def recipient_by_email(self, email: str) -> RecipientRow | None:
        """The recipient with this address, whatever its case."""
        row = await looked_up(self._connection, BY_EMAIL, email.strip())
        return RecipientRow.model_validate(dict(row)) if row else None
