"""What is kept of schedules and announcements, over the real database."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4

from rules import roles
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.catching_up import Kept, Why
from rules.occurrences import Weekly
from rules.retelling import Told
from store.announcement_rows import AnnouncementRow, Kind, ScheduleVersionRow
from store.announcements import Telling
from store.channels import ChannelRow
from store.outbox import Message
from store.people import PersonRow
from store.session import Store, Transaction

MONDAY = date(2022, 1, 17)
NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
DAY = timedelta(days=1)
WEEK = timedelta(days=7)
ROADMAP = "C1ROADMAP"


def says(since: datetime, **changes: object) -> ScheduleVersionRow:
    values: dict[str, object] = {
        "since": since,
        "by": "U1LEA",
        "channel": ROADMAP,
        "topic": Topic.roadmap,
        "weekday": 0,
        "at_time": time(9),
        "zone": "UTC",
    }
    return ScheduleVersionRow.model_validate(values | changes)


def announced(
    schedule: int, *, weeks: int = 0, why: Why | None = None, at: datetime
) -> AnnouncementRow:
    week = MONDAY + weeks * WEEK
    return AnnouncementRow(
        key=f"weekly {schedule} {week}",
        kind=Kind.weekly,
        schedule_id=schedule,
        week=week,
        channel=ROADMAP,
        topic=Topic.roadmap,
        due_at=NINE + weeks * WEEK,
        decided_at=at,
        why=why,
    )


async def claimed(store: Store, row: AnnouncementRow) -> int | None:
    async with store.transaction(actor="test") as tx:
        claim = await tx.announcements.claim(row)
    return claim.id if claim else None


async def kept(store: Store, schedule: int, now: datetime) -> list[Kept]:
    async with store.reading() as reading:
        return (await reading.announcements.kept([schedule], now)).get(schedule, [])


async def scheduled(store: Store) -> int:
    async with store.transaction(actor="test") as tx:
        return await tx.announcement_schedules.add(says(NINE - 3 * DAY))


async def test_a_schedule_keeps_all_that_it_ever_said(store: Store) -> None:
    id_ = await scheduled(store)
    friday = {"weekday": 4, "breadth": Breadth.csa, "of": "ana@northwind.example"}
    async with store.transaction(actor="test") as tx:
        await tx.announcement_schedules.say(id_, says(NINE + DAY, **friday))
        await tx.announcement_schedules.note(id_, "Bring cake", by="U1LEA")

    async with store.reading() as reading:
        schedule = await reading.announcement_schedules.get(id_)
        (same,) = await reading.announcement_schedules.all()

    assert schedule == same
    assert (schedule.version, schedule.note) == (2, "Bring cake")
    assert schedule.current.scope == Scope(Breadth.csa, "ana@northwind.example")
    assert schedule.current.weekly == Weekly(4, time(9), schedule.current.there)
    assert schedule.saying(NINE).weekday == 0
    assert schedule.saying(NINE + DAY).weekday == 0
    assert schedule.saying(NINE + 2 * DAY).weekday == 4
    dues = [each.due_at for each in schedule.rule.coming(NINE - DAY, 2)]
    assert dues == [NINE, NINE + 11 * DAY]


async def test_what_a_schedule_said_later_than_a_clock_that_was_set_back_it_never_said(
    store: Store,
) -> None:
    id_ = await scheduled(store)
    async with store.transaction(actor="test") as tx:
        await tx.announcement_schedules.say(id_, says(NINE + WEEK, weekday=4))
        await tx.announcement_schedules.say(id_, says(NINE + DAY, is_paused=True))

    async with store.reading() as reading:
        schedule = await reading.announcement_schedules.get(id_)
    assert schedule
    assert [version.since for version in schedule.versions] == [NINE - 3 * DAY, NINE + DAY]
    assert schedule.version == schedule.current.version == 3
    assert schedule.rule.coming(NINE, 1) == []


async def test_what_was_removed_is_kept_and_comes_no_more(store: Store) -> None:
    id_ = await scheduled(store)
    async with store.transaction(actor="test") as tx:
        await tx.announcement_schedules.remove(id_, NINE)
    async with store.reading() as reading:
        assert await reading.announcement_schedules.all() == []
        assert await reading.announcement_schedules.get(id_)


async def test_a_week_is_claimed_once(store: Store) -> None:
    id_ = await scheduled(store)
    assert await claimed(store, announced(id_, at=NINE))
    assert await claimed(store, announced(id_, at=NINE)) is None
    assert await claimed(store, announced(id_, at=NINE - DAY)) is None
    assert await kept(store, id_, NINE) == [Kept(MONDAY, NINE, NINE)]


async def test_what_a_clock_that_was_ahead_skipped_is_claimed_when_its_week_comes(
    store: Store,
) -> None:
    id_ = await scheduled(store)
    first = await claimed(store, announced(id_, why=Why.too_late, at=NINE + 30 * DAY))
    assert await kept(store, id_, NINE) == [Kept(MONDAY, NINE, NINE + 30 * DAY, is_skipped=True)]

    assert await claimed(store, announced(id_, at=NINE)) == first
    assert await kept(store, id_, NINE) == [Kept(MONDAY, NINE, NINE)]


async def test_of_what_was_decided_only_the_newest_and_what_is_ahead_is_looked_at(
    store: Store,
) -> None:
    id_ = await scheduled(store)
    for weeks in range(4):
        why = Why.overtaken if weeks == 1 else None
        at = NINE + weeks * WEEK
        await claimed(store, announced(id_, weeks=weeks, why=why, at=at))

    weeks_kept = [each.week for each in await kept(store, id_, NINE + WEEK)]
    assert weeks_kept == [MONDAY + weeks * WEEK for weeks in (1, 2, 3)]
    assert [each.week for each in await kept(store, id_, NINE + 9 * WEEK)] == [MONDAY + 3 * WEEK]


async def test_what_was_said_is_kept_with_who_was_there_and_what_was_known(store: Store) -> None:
    id_ = await scheduled(store)
    async with store.transaction(actor="test") as tx:
        await _people(tx)
        await tx.announcements.keep_content("abc", {"parts": []}, ["feature|F|released|2022-01-12"])
        await tx.announcements.keep_content("abc", {"parts": ["another"]}, [])
    blocks = [{"type": "divider"}]
    message = Message(ROADMAP, "Roadmap", blocks, cause="announcement")
    async with store.transaction(actor="test") as tx:
        claim = await tx.announcements.claim(announced(id_, at=NINE))
        assert claim
        row = await tx.announcements.tell(claim, Telling(message, content="abc", note="Hello"))

    assert (row.members, row.said, row.note) == (["U1", "U2"], blocks, "Hello")
    async with store.reading() as reading:
        assert await reading.announcements.get(claim.id or 0) == row
        assert await reading.announcements.content("abc") == {"parts": []}
        assert await reading.announcements.said_before(id_, NINE + WEEK) == row
        assert await reading.announcements.said_before(id_, NINE) is None


async def _people(tx: Transaction) -> None:
    people = {"U1": True, "U2": True, "U3": False, "U4": True}
    member = roles.Kind.member
    await tx.people.keep(
        [PersonRow(id=id_, name=id_, kind=member, active=active) for id_, active in people.items()]
    )
    await tx.channels.keep([ChannelRow(id=ROADMAP, name="roadmap", joined=True)])
    await tx.channels.keep_members(ROADMAP, ["U2", "U1", "U3"])


async def test_of_what_somebody_was_told_twice_the_newest_is_kept(store: Store) -> None:
    fact = "wave|2022-01-24|customer|C-7"
    late, early = Told("U1", fact, NINE + DAY), Told("U1", fact, NINE)
    async with store.transaction(actor="test") as tx:
        await tx.told_facts.keep([late], message=uuid4(), cause="digest")
        await tx.told_facts.keep([early], message=uuid4(), cause="digest")
        kept = (await tx.connection.exec_driver_sql("SELECT at FROM told_facts")).scalars().all()
    assert kept == [late.at]
