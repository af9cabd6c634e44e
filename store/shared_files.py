"""Files for customers: every edition with where it is sent, where it stands, and how it came there."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col, select

from rules.file_life import Standing, State, Step, Taken
from rules.life import Outdated
from rules.share_search import Search
from store.driver import all_found, looked_up
from store.editions import Editions
from store.file_search import SORTED, Order, Viewer, found
from store.shared_file_rows import FOUND_BY, FileSpaceRow, FileStepRow, ParcelRow, SharedFileRow
from store.spaces import Space, Spaces

PUTS_OUT = frozenset({Step.release, Step.renew})
"""The steps from which the time until it expires is counted."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One edition of a file, the spaces to which it is sent, and the last step taken with it."""

    row: SharedFileRow
    spaces: tuple[Space, ...]
    last: Taken | None

    @property
    def id(self) -> UUID:
        """Its id."""
        return self.row.id

    @property
    def number(self) -> int:
        """What people call it by; every file has one that was kept."""
        return self.row.number or 0

    @property
    def state(self) -> State:
        """Where it stands."""
        return State(self.row.state)

    @property
    def standing(self) -> Standing:
        """Where it stands, as the rules take it."""
        return Standing(self.state, self.row.version, self.last)

    @property
    def space_ids(self) -> frozenset[UUID]:
        """The spaces to which it is sent."""
        return frozenset(space.id for space in self.spaces)

    @property
    def organisation_ids(self) -> frozenset[UUID]:
        """Whose those are."""
        return frozenset(space.organisation_id for space in self.spaces)

    def having(self, **columns: object) -> "SharedFile":
        """The same file with other values in these columns, as they were just kept."""
        return replace(self, row=self.row.model_copy(update=columns))

    @property
    def makers(self) -> frozenset[str]:
        """Whose it is: who uploaded it, and who wrote it as is said now."""
        return frozenset({self.row.uploaded_by, self.row.author})

    @property
    def involved(self) -> frozenset[str]:
        """Who is no second person to it: whose it is, and whoever was ever said to have written it."""
        return self.makers.union(self.row.authors)


LAST_STEPS = """
    SELECT DISTINCT ON (file_id) * FROM file_steps WHERE file_id = ANY ($1)
    ORDER BY file_id, version DESC
"""
STEPS = "SELECT * FROM file_steps WHERE file_id = $1 ORDER BY version"
BY_NUMBER = "SELECT id FROM shared_files WHERE number = $1"
OF_PARCEL = "SELECT id FROM shared_files WHERE parcel_id = $1 ORDER BY number"
TWINS = """
    SELECT DISTINCT id, number FROM shared_files JOIN file_spaces ON file_id = id
    WHERE sha256 = $1 AND space_id = ANY ($2) AND id IS DISTINCT FROM $3 AND removed_at IS NULL
        AND state IN ('in review', 'released', 'expired')
    ORDER BY number
"""
AUTHORS = "SELECT authors FROM shared_files WHERE id = $1"
NAME_AUTHOR = text("""
    UPDATE shared_files SET authors = array_append(authors, author)
    WHERE id = :file AND author <> ALL (authors)
""")
SENT_BY = """
    SELECT id, count(*) OVER () AS total FROM shared_files
    WHERE uploaded_by = $1 AND ($4::text IS NULL OR state = $4)
    ORDER BY {order} LIMIT $2 OFFSET $3
"""
RELEASED_IN = """
    SELECT id FROM shared_files JOIN file_spaces ON file_id = id
    WHERE space_id = $1 AND state = 'released' ORDER BY number
"""
SUCCESSOR = """
    SELECT id FROM shared_files WHERE supersedes = $1
        AND state IN ('released', 'superseded', 'revoked', 'expired')
    ORDER BY state IN ('released', 'expired') DESC, number DESC LIMIT 1
"""


class SharedFiles(Editions):
    """Files for customers. All times are business time."""

    async def keep_parcel(self, by: str, via: str, at: datetime) -> UUID:
        """Keep that somebody sends files together, before the files themselves."""
        row = ParcelRow(by=by, via=via, at=at)
        await self._connection.execute(insert(ParcelRow).values(row.model_dump()))
        return row.id

    async def keep(self, row: SharedFileRow, space_ids: Collection[UUID]) -> SharedFileRow:
        """Keep a new file; returns it with its number.

        Whoever wrote the edition that it is made of has written some of it.
        """
        older = await looked_up(self._connection, AUTHORS, row.supersedes)
        named = [*(older["authors"] if older else []), row.author]
        row = row.model_copy(update={"authors": list(dict.fromkeys(named))})
        values = row.model_dump(exclude={"number"}) | row.found_by
        kept = insert(SharedFileRow).values(values).returning(col(SharedFileRow.number))
        number = (await self._connection.execute(kept)).scalar_one()
        if space_ids:
            sent = [{"file_id": row.id, "space_id": each} for each in dict.fromkeys(space_ids)]
            await self._connection.execute(insert(FileSpaceRow), sent)
        return row.model_copy(update={"number": number})

    async def set_spaces(self, file_id: UUID, space_ids: Collection[UUID]) -> None:
        """Send a file to these spaces and no others, as long as it is not released."""
        drop = text("DELETE FROM file_spaces WHERE file_id = :file")
        await self._connection.execute(drop, {"file": file_id})
        sent = [{"file_id": file_id, "space_id": each} for each in dict.fromkeys(space_ids)]
        if sent:
            await self._connection.execute(insert(FileSpaceRow), sent)

    async def change(self, file_id: UUID, **columns: object) -> None:
        """Keep what was found out about a file, or what people say of it now; see SharedFileRow."""
        changed = update(SharedFileRow).where(col(SharedFileRow.id) == file_id)
        await self._connection.execute(changed.values(columns))
        if "author" in columns:
            await self._connection.execute(NAME_AUTHOR, {"file": file_id})
        if columns.keys() & FOUND_BY:
            [row] = await self._rows([file_id])
            await self._connection.execute(changed.values(row.found_by))

    async def take(self, file_id: UUID, standing: Standing) -> None:
        """Keep where a file stands after a step, with the step; raises Outdated where another was first."""
        last = standing.last
        if last is None:
            raise ValueError("A file that took no step stands where it stood.")
        kept = SharedFileRow
        values: dict[str, object] = {
            "state": standing.state,
            "version": standing.version,
            "state_since": last.at,
        }
        if last.step in PUTS_OUT:
            values["released_at"] = last.at
        done = await self._connection.execute(
            update(kept)
            .where(col(kept.id) == file_id, col(kept.version) == last.version)
            .values(values)
        )
        if not done.rowcount:
            now = await self.get(file_id)
            why = "Somebody else took a step meanwhile."
            raise Outdated(now.standing if now else standing, last, why)
        step = FileStepRow(
            file_id=file_id,
            version=last.version,
            step=last.step,
            by=last.by,
            who=last.who,
            at=last.at,
            words=last.words,
        )
        await self._connection.execute(insert(FileStepRow).values(step.model_dump()))

    async def get(self, file_id: UUID, *, for_change: bool = False) -> SharedFile | None:
        """One file; `for_change` has others who change it wait until the commit."""
        found = await self.all_of([file_id], for_change=for_change)
        return found[0] if found else None

    async def by_number(self, number: int) -> SharedFile | None:
        """The file that people call by this number."""
        return await self._first(BY_NUMBER, number)

    async def of_parcel(self, parcel_id: UUID, *, for_change: bool = False) -> list[SharedFile]:
        """The files that were sent together, in order."""
        ids = await self._ids(OF_PARCEL, parcel_id)
        return await self.all_of(ids, for_change=for_change)

    async def all_of(
        self, file_ids: Sequence[UUID], *, for_change: bool = False
    ) -> list[SharedFile]:
        """Several files in the order asked for; `for_change` holds them, in the order of their ids."""
        rows = {row.id: row for row in await self._rows(file_ids, for_change=for_change)}
        steps = {
            row["file_id"]: FileStepRow.model_validate(dict(row)).taken
            for row in await all_found(self._connection, LAST_STEPS, list(rows))
        }
        spaces = await Spaces(self._connection).of_files(list(rows))
        return [
            SharedFile(rows[each], tuple(spaces.get(each, ())), steps.get(each))
            for each in dict.fromkeys(file_ids)
            if each in rows
        ]

    async def steps(self, file_id: UUID) -> list[Taken]:
        """The steps that were taken with a file, in order."""
        rows = await all_found(self._connection, STEPS, file_id)
        return [FileStepRow.model_validate(dict(row)).taken for row in rows]

    async def twins(
        self, sha256: str, space_ids: Collection[UUID], *, but: UUID | None = None
    ) -> list[SharedFile]:
        """Files with the same bytes in any of these spaces, or on their way there; the first first."""
        return await self.all_of(await self._ids(TWINS, sha256, list(space_ids), but))

    async def sent_by(
        self,
        person: str,
        *,
        most: int,
        skip: int = 0,
        state: State | None = None,
        order: Order = Order.newest,
    ) -> tuple[list[SharedFile], int]:
        """A page of what somebody sent, in one state or all; and how much there is."""
        query = SENT_BY.format(order=SORTED[order])
        rows = await all_found(self._connection, query, person, most, skip, state)
        return await self.all_of([row["id"] for row in rows]), rows[0]["total"] if rows else 0

    async def released_in(self, space_id: UUID) -> list[SharedFile]:
        """What can be had in a space, in order."""
        return await self.all_of(await self._ids(RELEASED_IN, space_id))

    async def successor(self, file_id: UUID) -> SharedFile | None:
        """The edition that took a file's place; None where none was released."""
        return await self._first(SUCCESSOR, file_id)

    async def find(
        self,
        search: Search,
        viewer: Viewer,
        *,
        most: int,
        skip: int = 0,
        state: State | None = None,
        order: Order = Order.newest,
    ) -> tuple[list[SharedFile], int]:
        """A page of the files that somebody looks for and may know of; and how many there are."""
        ids, total = await found(
            self._connection, search, viewer, most=most, skip=skip, state=state, order=order
        )
        return await self.all_of(ids), total

    async def _first(self, query: str, *values: object) -> SharedFile | None:
        found = await self.all_of(await self._ids(query, *values))
        return found[0] if found else None

    async def _ids(self, query: str, *values: object) -> list[UUID]:
        return [row["id"] for row in await all_found(self._connection, query, *values)]

    async def _rows(
        self, file_ids: Collection[UUID], *, for_change: bool = False
    ) -> list[SharedFileRow]:
        kept = col(SharedFileRow.id)
        query = select(SharedFileRow).where(kept.in_(file_ids)).order_by(kept)
        if for_change:
            query = query.with_for_update(key_share=True)
        found = await self._connection.execute(query)
        return [SharedFileRow.model_validate(dict(row)) for row in found.mappings()]
