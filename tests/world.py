"""Customers, locations, names and promises for a test, said in a line and kept in one transaction."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from itertools import count, groupby

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from bot.embedded_postgres import OWNER
from store.customers import CsaRow, CustomerRow, LocationRow
from store.features import BlackoutRow, FeatureRow, FeatureSlipRow
from store.imports import ImportRow
from store.plans import MoveReason, MoveRow, PlacementRow, PlanRow, PlanState, PromiseRow
from store.promises import Promises
from store.session import Store, Transaction
from store.tables import Table
from store.timeline import TimelineRow

ANA = "ana@northwind.example"
FIRST_MONDAY = date(2022, 1, 17)
"""The Monday after the tests' today, 15 January 2022."""
REFERRED_TO_FIRST = {table.name: place for place, table in enumerate(Table.metadata.sorted_tables)}


class World:
    """What will be in the database once `keep` is called; may be kept several times as it grows."""

    def __init__(self) -> None:
        self._rows: list[Table] = []
        self._numbers = count(1)

    def csa(self, email: str = ANA, name: str | None = "Ana Reyes") -> None:
        self._rows.append(CsaRow(email=email, name=name))

    def customer(  # noqa: PLR0913 - what a test may want to say of a customer
        self,
        name: str,
        *,
        id: str | None = None,  # noqa: A002 - the field's word
        csa: str = ANA,
        weeks: Mapping[date, int] | None = None,
        unplaced: int = 0,
        locations: Sequence[str] = (),
        requires: Sequence[str] = (),
        status: str = "active",
        binding: str | None = "best",
    ) -> str:
        """A customer with as many locations in each of `weeks`, and more without a date.

        `locations` names them; those left unnamed are called as the customer is. `binding` is why
        the plan put it where it is; None where the plan never saw it.
        """
        customer = id or f"C-{next(self._numbers)}"
        self._rows.append(CustomerRow(id=customer, name=name, csa_email=csa))
        placed = [week for week, parts in (weeks or {}).items() for _ in range(parts)]
        dates = [*placed, *[None] * unplaced] or [None]
        names = [*locations, *[name] * (len(dates) - len(locations))]
        for number, (called, week) in enumerate(zip(names, dates, strict=True), 1):
            location = f"{customer}-L{number}"
            self._rows.append(
                LocationRow(
                    id=location,
                    name=called,
                    customer_id=customer,
                    region="north",
                    status=status,
                    requires=list(requires),
                )
            )
            if week:
                promise = PromiseRow(
                    location_id=location, customer_id=customer, week=week, plan_id=1
                )
                self._rows.append(promise)
        if binding:
            placement = PlacementRow(
                plan_id=1,
                customer_id=customer,
                week=min(weeks) if weeks else None,
                locations=1,
                binding=binding,
            )
            self._rows.append(placement)
        return customer

    def feature(
        self,
        key: str,
        name: str,
        target: date | None = None,
        released: date | None = None,
        slips: int = 0,
    ) -> None:
        self._rows.append(
            FeatureRow(key=key, name=name, target_release_on=target, released_on=released)
        )
        slipped = FeatureSlipRow(feature_key=key, from_date=FIRST_MONDAY)
        self._rows += [slipped.model_copy() for _ in range(slips)]

    def blackout(self, starts: date, ends: date, why: str | None = None) -> None:
        self._rows.append(BlackoutRow(region="north", from_date=starts, to_date=ends, why=why))

    def moved(self, customer: str, from_week: date, to_week: date | None) -> None:
        self._rows.append(
            MoveRow(
                customer_id=customer,
                from_week=from_week,
                to_week=to_week,
                locations=1,
                reason=MoveReason.capacity,
                actor="U1",
                moved_on=date(2022, 1, 14),
            )
        )

    def without_week(self, customer: str, why: str, locations: int) -> None:
        row = PlacementRow(plan_id=1, customer_id=customer, locations=locations, binding=why)
        self._rows.append(row)

    def happened(self, customer: str, event: str, on: date) -> None:
        """Something in the timeline, as a rename in a sheet would leave it."""
        self._rows.append(
            TimelineRow(
                customer_id=customer,
                event=event,
                facts={"from": "Old name", "to": "New name", "file": "stores.csv"},
                actor="U1",
                happened_at=datetime(on.year, on.month, on.day, 12, tzinfo=UTC),
            )
        )

    def also(self, *rows: Table) -> None:
        """Rows that need no saying."""
        self._rows += rows

    def plan(self) -> None:
        self._rows.insert(
            0,
            PlanRow(
                id=1,
                state=PlanState.published,
                made_on=date(2022, 1, 12),
                first_monday=FIRST_MONDAY,
                made_by="U1",
                parameters={},
                cost=1.0,
                bound=1.0,
                placed=1,
                unplaced=0,
            ),
        )

    async def keep(self, store: Store, *, planned: bool = True) -> None:
        """Write it all, as an import would; unless `planned`, nobody has made a plan yet."""
        async with store.transaction(actor="test") as tx:
            await self.keep_in(tx, planned=planned)

    async def keep_in(self, tx: Transaction, *, planned: bool = True) -> None:
        """The same, in a transaction that goes on."""
        if planned and not await _planned(tx):
            self.plan()
        await _insert(tx, self._rows)
        await Promises(tx.connection).note_weeks()
        imported = ImportRow(
            kind="master", file="test", added=0, changed=0, unchanged=0, rejected=0, actor="U1"
        )
        await _insert(tx, [imported])
        self._rows.clear()


async def _planned(tx: Transaction) -> bool:
    return bool((await tx.connection.execute(text("SELECT id FROM plans"))).first())


def _place(row: Table) -> int:
    return REFERRED_TO_FIRST[str(row.__tablename__)]


async def _insert(tx: Transaction, rows: Sequence[Table]) -> None:
    """Insert rows of many kinds: those that others refer to first, and in one go all that are alike."""
    values = [(type(row), row.model_dump(exclude_none=True)) for row in sorted(rows, key=_place)]
    for (kind, _), alike in groupby(values, key=lambda each: (each[0], tuple(each[1]))):
        await tx.connection.execute(insert(kind), [each for _, each in alike])


async def counted(store: Store, table: str) -> int:
    """How many rows a table has."""
    async with store.reading() as reading:
        rows = await reading.connection.execute(text(f"SELECT count(*) FROM {table}"))
        return int(rows.scalar_one())


async def run(store: Store, statement: str, **values: object) -> None:
    """Change the database behind Wavepost's back."""
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text(statement), values)


async def run_as_owner(store: Store, statement: str, **values: object) -> None:
    """Change what the application has no right to change: as another version of it left it, say."""
    owner = Store(store.url.set(username=OWNER).render_as_string(hide_password=False))
    await run(owner, statement, **values)
    await owner.close()


async def heard(store: Store) -> dict[str, list[str]]:
    """What was said since this was asked last, by lane, without what only replaces something."""
    async with store.transaction(actor="test") as tx:
        query = text("""
            UPDATE outbox SET state = 'superseded' WHERE state = 'waiting'
            RETURNING lane, blocks::text AS said, updates
        """)
        lanes: dict[str, list[str]] = {}
        for lane, said, updates in await tx.connection.execute(query):
            if not updates:
                lanes.setdefault(lane, []).append(said.replace("\N{NO-BREAK SPACE}", " "))
        return lanes
