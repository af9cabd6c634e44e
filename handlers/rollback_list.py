"""/wavepost rollback: what waits for me, which rollbacks are under way or over, and how to begin one."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, actions, built, context, day, section
from handlers.choices import chooser
from handlers.doors import topic
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from handlers.rollback_confirming import under_way
from handlers.rollback_posts import Under, open_button
from rules.roles import Role
from store.session import Reading, Store

MOST_SHOWN = 10
MOST_ENDED = 5
MOST_WAVES = 25


@topic("rollback", role=Role.viewer, says="rollbacks that are under way, and what you have to do")
async def answer(ask: Interaction, store: Store) -> Reply:
    """Those that are under way, those first in which something waits for who asks."""
    async with store.reading(consistent=True) as reading:
        under, mine = await _under_way(reading, ask.person.id)
        days = (await reading.parameters.current()).rollback.old_system_days
        over = [
            await under_way(reading, row.id or 0)
            for row in await reading.rollbacks.ended(most=MOST_ENDED)
        ]
        begin = await _begin(reading) if ask.person.may(Role.approver) else []
    words = Words("rollback", rows=len(under), mine=sum(mine.values()), days=days)
    notes = [] if under else [context(words["none_note"])]
    blocks = [section(words["head"]), *_lines(under[:MOST_SHOWN], mine), *notes, *begin]
    if under[MOST_SHOWN:]:
        blocks.append(context(Words("rollback", more=len(under[MOST_SHOWN:]))["more"]))
    if over:
        blocks += [DividerBlock(), context(words["over_heading"]), *_ended(over)]
    return note(built(*blocks), words["head"])


async def home_section(reading: Reading, person: str) -> list[Block]:
    """What waits for a person in rollbacks, on their Home; nothing where nothing does."""
    under, mine = await _under_way(reading, person)
    waiting = [each for each in under if mine.get(each.number)]
    if not waiting:
        return []
    return [
        HeaderBlock(text="Rollback: waits for you"),
        *_lines(waiting[:MOST_SHOWN], mine),
        DividerBlock(),
    ]


async def _under_way(reading: Reading, person: str) -> tuple[list[Under], dict[int, int]]:
    """All that are not over, first those in which something waits for a person; and how much does."""
    mine = await reading.rollbacks.waiting_for(person)
    rows = await reading.rollbacks.open()
    in_order = sorted(rows, key=lambda row: not mine.get(row.id or 0))
    return [await under_way(reading, row.id or 0) for row in in_order], mine


def _lines(under: Sequence[Under], mine: dict[int, int]) -> list[Block]:
    return [
        section(
            each.words(progress=each.rollback.progress, mine=mine.get(each.number, 0))["line"],
            accessory=open_button(each.number),
        )
        for each in under
    ]


def _ended(over: Sequence[Under]) -> list[Block]:
    return [section(each.words()["over_line"], accessory=open_button(each.number)) for each in over]


async def _begin(reading: Reading) -> list[Block]:
    """A menu of the waves of which something can go back, the newest first."""
    waves = [row for row in await reading.waves.all() if row.started_at]
    newest = sorted(waves, key=lambda row: row.week, reverse=True)[:MOST_WAVES]
    choices = [(row.week.isoformat(), f"Wave of {day(row.week)}") for row in newest]
    menu = chooser("Begin or rehearse one", "rollback_form:list", choices)
    return [actions(menu)] if choices else []
