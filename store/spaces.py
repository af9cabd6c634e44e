"""Spaces: whose they are, and who gets what is sent there."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID, uuid4

from asyncpg import Record
from sqlalchemy import text

from rules.naming import fold
from store.driver import all_found, looked_up
from store.recipients import ORGANISATION, Recipients
from store.space_rows import OrganisationRow, RecipientRow, SpaceRow


class NameTaken(Exception):
    """There is one with this name already, or with one that differs by no letter; `name` is its own."""

    def __init__(self, name: str) -> None:
        super().__init__(f"There is one called {name}.")
        self.name = name


@dataclass(frozen=True, slots=True)
class Space:
    """A space, and what its organisation is called."""

    row: SpaceRow
    organisation: str

    @property
    def id(self) -> UUID:
        """The space's id."""
        return self.row.id

    @property
    def name(self) -> str:
        """What people call it, beside its organisation."""
        return self.row.name

    @property
    def organisation_id(self) -> UUID:
        """Whose it is."""
        return self.row.organisation_id

    @property
    def is_open(self) -> bool:
        """Whether anything can be sent there."""
        return self.row.closed_at is None


SPACES = """
    SELECT spaces.*, organisations.name AS organisation, organisations.folded AS by
    FROM spaces JOIN organisations ON organisations.id = organisation_id
"""
IN_ORDER = "ORDER BY organisations.folded, spaces.folded, spaces.id"
ONE = f"{SPACES} WHERE spaces.id = $1"
ALL = f"{SPACES} WHERE closed_at IS NULL OR NOT $1 {IN_ORDER}"
OF = f"{SPACES} WHERE spaces.id = ANY ($1) {IN_ORDER}"
OF_FILES = f"""
    SELECT file_id, space.* FROM file_spaces JOIN ({SPACES}) AS space ON space.id = space_id
    WHERE file_id = ANY ($1) ORDER BY space.by, space.folded, space.id
"""
OPEN = f"{SPACES} WHERE closed_at IS NULL {IN_ORDER}"
OF_RECIPIENT = f"""
    {SPACES} JOIN space_members ON space_id = spaces.id AND removed_at IS NULL
    WHERE recipient_id = $1 AND closed_at IS NULL {IN_ORDER}
"""
MAKE_ORGANISATION = """
    INSERT INTO organisations (id, name, folded, made_by) VALUES ($1, $2, $3, $4)
    ON CONFLICT (folded) DO NOTHING RETURNING *
"""
ORGANISATIONS = "SELECT * FROM organisations ORDER BY folded"
ORGANISATION_NAMED = "SELECT * FROM organisations WHERE folded = $1"
MAKE_SPACE = """
    INSERT INTO spaces (id, organisation_id, name, folded, made_by) VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (organisation_id, folded) DO NOTHING RETURNING *
"""
SPACE_NAMED = "SELECT name FROM spaces WHERE organisation_id = $1 AND folded = $2"
SET_PROXIED = text("UPDATE spaces SET is_proxied = :is_proxied WHERE id = :space")
CLOSE = "UPDATE spaces SET closed_at = now() WHERE id = $1 AND closed_at IS NULL RETURNING id"
MEMBERS = """
    SELECT recipients.* FROM recipients JOIN space_members ON recipient_id = recipients.id
    WHERE space_id = $1 AND removed_at IS NULL ORDER BY lower(name), recipients.id
"""
ADD = """
    INSERT INTO space_members (space_id, recipient_id, added_by)
    SELECT spaces.id, recipients.id, $3 FROM spaces
    JOIN recipients ON recipients.organisation_id = spaces.organisation_id
    WHERE spaces.id = $1 AND recipients.id = $2
    ON CONFLICT (space_id, recipient_id) DO UPDATE SET added_by = excluded.added_by,
        added_at = excluded.added_at, removed_by = NULL, removed_at = NULL
    WHERE space_members.removed_at IS NOT NULL RETURNING space_id
"""
"""Nobody of another organisation becomes a member, whoever asks."""
REMOVE = """
    UPDATE space_members SET removed_by = $3, removed_at = now()
    WHERE space_id = $1 AND recipient_id = $2 AND removed_at IS NULL RETURNING space_id
"""
IS_MEMBER = """
    SELECT 1 FROM space_members JOIN spaces ON spaces.id = space_id AND closed_at IS NULL
    WHERE recipient_id = $1 AND space_id = ANY ($2) AND removed_at IS NULL LIMIT 1
"""
HELD = text("SELECT id FROM spaces WHERE id = ANY (:spaces) ORDER BY id FOR NO KEY UPDATE")


class Spaces(Recipients):
    """Organisations, their spaces, and recipients. Times are the database's."""

    async def make_organisation(self, name: str, by: str) -> OrganisationRow:
        """Keep a new organisation; raises NameTaken."""
        made = await looked_up(
            self._connection, MAKE_ORGANISATION, uuid4(), name.strip(), fold(name), by
        )
        if made is None:
            known = await self.organisation_named(name)
            raise NameTaken(known.name if known else name)
        return OrganisationRow.model_validate(dict(made))

    async def organisations(self) -> list[OrganisationRow]:
        """All of them, by name."""
        rows = await all_found(self._connection, ORGANISATIONS)
        return [OrganisationRow.model_validate(dict(row)) for row in rows]

    async def organisation(self, organisation_id: UUID) -> OrganisationRow | None:
        """One organisation."""
        row = await looked_up(self._connection, ORGANISATION, organisation_id)
        return OrganisationRow.model_validate(dict(row)) if row else None

    async def organisation_named(self, name: str) -> OrganisationRow | None:
        """The organisation with this name, but for case, accents and marks."""
        row = await looked_up(self._connection, ORGANISATION_NAMED, fold(name))
        return OrganisationRow.model_validate(dict(row)) if row else None

    async def make_space(self, organisation_id: UUID, name: str, by: str) -> SpaceRow:
        """Keep a new space of an organisation; raises NameTaken, by one that is closed too."""
        made = await looked_up(
            self._connection, MAKE_SPACE, uuid4(), organisation_id, name.strip(), fold(name), by
        )
        if made is None:
            known = await looked_up(self._connection, SPACE_NAMED, organisation_id, fold(name))
            raise NameTaken(known["name"] if known else name)
        return SpaceRow.model_validate(dict(made))

    async def get(self, space_id: UUID) -> Space | None:
        """One space, closed or not."""
        row = await looked_up(self._connection, ONE, space_id)
        return _space(row) if row else None

    async def of(self, space_ids: Collection[UUID]) -> list[Space]:
        """Several spaces, by their names, closed or not."""
        return [_space(row) for row in await all_found(self._connection, OF, list(space_ids))]

    async def of_files(self, file_ids: Collection[UUID]) -> dict[UUID, list[Space]]:
        """The spaces to which each of these files is sent, by their names, closed or not."""
        found: dict[UUID, list[Space]] = defaultdict(list)
        for row in await all_found(self._connection, OF_FILES, list(file_ids)):
            found[row["file_id"]].append(_space(row))
        return found

    async def all(self, *, open_only: bool = True) -> list[Space]:
        """All spaces, by the names of their organisations and their own."""
        return [_space(row) for row in await all_found(self._connection, ALL, open_only)]

    async def of_recipient(self, recipient_id: UUID) -> list[Space]:
        """The open spaces whose member a recipient is."""
        return [
            _space(row) for row in await all_found(self._connection, OF_RECIPIENT, recipient_id)
        ]

    async def named(self, typed: str) -> list[Space]:
        """The open spaces whose names, or whose organisations', have words that begin so.

        One whose whole name is what was typed comes first.
        """
        words = fold(typed).split()
        found = [
            row
            for row in await all_found(self._connection, OPEN)
            if _begins_words(f"{row['by']} {row['folded']}".split(), words)
        ]
        found.sort(key=lambda row: row["folded"] != fold(typed))
        return [_space(row) for row in found]

    async def set_proxied(self, space_id: UUID, *, is_proxied: bool) -> None:
        """Have bytes go out through Wavepost, which sees them complete; or straight from the store."""
        values = {"space": space_id, "is_proxied": is_proxied}
        await self._connection.execute(SET_PROXIED, values)

    async def close(self, space_id: UUID) -> bool:
        """Close a space: nothing is sent there any more, and nobody gets what was; False if it is."""
        return await looked_up(self._connection, CLOSE, space_id) is not None

    async def members(self, space_id: UUID) -> list[RecipientRow]:
        """Who gets what is sent to a space, by name."""
        rows = await all_found(self._connection, MEMBERS, space_id)
        return [RecipientRow.model_validate(dict(row)) for row in rows]

    async def hold(self, space_ids: Collection[UUID]) -> None:
        """Have others who deliver to members of these spaces wait until the commit.

        Whoever holds files as well holds them first: so nobody waits for each other.
        """
        await self._connection.execute(HELD, {"spaces": list(space_ids)})

    async def add(self, space_id: UUID, recipient_id: UUID, by: str) -> bool:
        """Make a recipient of the space's organisation a member; False where nothing changed."""
        return await looked_up(self._connection, ADD, space_id, recipient_id, by) is not None

    async def remove(self, space_id: UUID, recipient_id: UUID, by: str) -> bool:
        """End a membership, at once; False where there was none."""
        return await looked_up(self._connection, REMOVE, space_id, recipient_id, by) is not None

    async def is_member(self, recipient_id: UUID, space_ids: Collection[UUID]) -> bool:
        """Whether a recipient is a member of any of these spaces, as long as it is open."""
        found = await looked_up(self._connection, IS_MEMBER, recipient_id, list(space_ids))
        return found is not None


def _space(row: Record) -> Space:
    values = dict(row)
    values.pop("by")
    values.pop("file_id", None)
    return Space(organisation=values.pop("organisation"), row=SpaceRow.model_validate(values))


def _begins_words(words: Collection[str], typed: Collection[str]) -> bool:
    """Whether each word that was typed begins one of these."""
    return all(any(word.startswith(each) for word in words) for each in typed)
