"""Saying an announcement now, out of turn: asked once more, and said once however often it is pressed."""

from datetime import datetime, timedelta

from handlers.announce_schedule import back_button, shown
from handlers.announce_standing import Standing, standing_of
from handlers.announcement_schedules import held_schedule
from handlers.announcing import announce_now
from handlers.blocks import actions, modal, section
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from rules.roles import Role
from store.audit import Change
from store.session import Reading, Store

JUST_NOW = timedelta(hours=1)
"""Who announces twice within this time is asked whether that is meant."""
MINUTE = timedelta(minutes=1)
NO_TIME = timedelta()
SEPARATOR = "|"


@action("announce_now", role=Role.lead)
async def ask_once_more(ask: Interaction, store: Store) -> Reply:
    """Where it would be said, how many would read it, and whether they did just now."""
    async with store.reading(consistent=True) as reading:
        return show(await confirmation(reading, ask, number_in(ask.value)))


@submission("announce_now", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Say it now; where it was said since the question was asked, ask again."""
    id_, seen = map(int, ask.filled.private_metadata.split(SEPARATOR))
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await held_schedule(tx, id_)
        standing = await standing_of(tx, id_, ask)
        if _newest(standing) != seen:
            return tx.answers(show(asked(standing, await _members(tx, standing), ask.now)))
        row = await announce_now(tx, id_, key=f"{ask.key.kind} {ask.key.id}")
        if row is None:
            raise Refused(standing.words()["sent"])
        tx.audit(
            Change("announced now", f"announcement schedule {id_}", after={"announcement": row.id})
        )
        return tx.answers(show(await shown(tx, ask, id_, "sent")))


async def confirmation(reading: Reading, ask: Interaction, id_: int) -> dict[str, object]:
    """The question whether to say it now. Raises NotThere as `standing_of` does."""
    standing = await standing_of(reading, id_, ask)
    return asked(standing, await _members(reading, standing), ask.now)


def asked(standing: Standing, members: int, now: datetime) -> dict[str, object]:
    """The same from what is known; `members` can read the channel."""
    id_, last = standing.schedule.id, standing.last
    since = now - last.decided_at if last and not last.why else None
    # Another lead may have said it later than this one pressed.
    is_again = since is not None and abs(since) < JUST_NOW
    words = standing.words(members=members, minutes=max(since, NO_TIME) // MINUTE if since else 0)
    trouble = standing.trouble
    fields = [
        section(words["cannot_now"] if trouble else words["ask_now"]),
        *([section(words["just_now"])] if is_again and not trouble else []),
        *([section(words["now_note"])] if standing.schedule.note and not trouble else []),
        actions(back_button(id_)),
    ]
    says = "Send it again" if is_again else "Send now"
    return modal(
        "announce_now",
        "Send it now?",
        fields,
        submit=None if trouble else says,
        close="Cancel",
        kept=f"{id_}{SEPARATOR}{_newest(standing)}",
    )


def _newest(standing: Standing) -> int:
    return standing.last.id if standing.last else 0


async def _members(reading: Reading, standing: Standing) -> int:
    return await reading.channels.readers(standing.says.channel)
