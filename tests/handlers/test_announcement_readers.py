"""What was said in a private channel is read again by its members and leads alone, wherever it moved."""

from datetime import UTC, datetime, time

import pytest

from handlers.announce_history import history
from handlers.announce_standing import standing_of
from handlers.announcement_read import one
from handlers.announcement_readers import channels_read, may_read
from handlers.announcing import announce_now
from handlers.errors import NotThere
from handlers.interaction import Interaction
from rules.announcement import Topic
from rules.roles import Kind, Role, effective
from store.announcement_rows import ScheduleVersionRow
from store.channels import ChannelRow
from store.interactions import InteractionKey
from store.people import Person
from store.session import Store
from tests.world import World

OPEN, CLOSED = "C1OPEN", "C2CLOSED"
PUBLIC = ChannelRow(id=OPEN, name="open", joined=True)
PRIVATE = ChannelRow(id=CLOSED, name="closed", private=True, joined=True)
FRIDAY = datetime(2022, 1, 14, 9, tzinfo=UTC)


def person(id_: str, *given: Role, kind: Kind = Kind.member) -> Person:
    return Person(id_, id_, None, "UTC", kind, effective(set(given), kind, active=True))


VIEWER, MEMBER, LEAD = person("U1VIC"), person("U2ANA"), person("U3LEA", Role.lead)
GUEST = person("U4GUS", Role.lead, kind=Kind.guest)


@pytest.mark.parametrize(
    ("reader", "public", "private"),
    [(VIEWER, True, False), (MEMBER, True, True), (LEAD, True, True), (GUEST, False, False)],
)
def test_a_private_channel_is_read_by_its_members_and_leads_and_a_guest_reads_none(
    reader: Person, *, public: bool, private: bool
) -> None:
    own = {CLOSED} if reader in (MEMBER, GUEST) else set()
    assert may_read(reader, PUBLIC, own) is public
    assert may_read(reader, PRIVATE, own) is private
    assert may_read(reader, None, own) is (reader is LEAD)


def ask(reader: Person) -> Interaction:
    return Interaction(
        name="announce_history",
        person=reader,
        key=InteractionKey.of("action", "1", b""),
        now=FRIDAY,
        slack=None,  # type: ignore[arg-type]  # nothing is asked of Slack here
    )


def says(channel: str) -> ScheduleVersionRow:
    return ScheduleVersionRow.model_validate(
        {
            "since": FRIDAY,
            "by": LEAD.id,
            "channel": channel,
            "topic": Topic.roadmap,
            "weekday": 0,
            "at_time": time(9),
            "zone": "UTC",
        }
    )


async def announced_in(store: Store, channel: str, id_: int | None = None) -> tuple[int, int]:
    """A schedule that says it in this channel now, from where it said it before; and what it said."""
    async with store.transaction(actor=LEAD.id) as tx:
        if id_ is None:
            id_ = await tx.announcement_schedules.add(says(channel))
        else:
            await tx.announcement_schedules.get(id_, for_change=True)
            await tx.announcement_schedules.say(id_, says(channel))
        row = await announce_now(tx, id_, key=f"press in {channel}")
        assert row
        assert row.id
        return id_, row.id


async def test_what_was_said_in_private_stays_there_when_its_schedule_moves_to_a_public_channel(
    store: Store,
) -> None:
    await World().keep(store)
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_now(FRIDAY)
        await tx.channels.keep([PUBLIC, PRIVATE])
        await tx.channels.keep_members(CLOSED, [MEMBER.id])
    schedule, hidden = await announced_in(store, CLOSED)
    async with store.transaction(actor=LEAD.id) as tx:
        await tx.announcement_schedules.get(schedule, for_change=True)
        await tx.announcement_schedules.say(schedule, says(OPEN))

    async with store.reading() as reading:
        for reader, sees in ((VIEWER, False), (MEMBER, True), (LEAD, True)):
            standing = await standing_of(reading, schedule, ask(reader))
            assert bool(standing.last) is sees
            listed = await history(reading, ask(reader), schedule, 0)
            assert (CLOSED in str(listed)) is sees
        assert (await one(reading, MEMBER, hidden)).id == hidden
        for reader in (VIEWER, GUEST):
            with pytest.raises(NotThere):
                await one(reading, reader, hidden)

    _, shown = await announced_in(store, OPEN, schedule)
    async with store.reading() as reading:
        read = str(await history(reading, ask(VIEWER), schedule, 0))
        assert "announcement so far" in read
        assert CLOSED not in read
        assert (await one(reading, VIEWER, shown)).id == shown
        assert await channels_read(reading, VIEWER, [OPEN, CLOSED]) == {OPEN}
