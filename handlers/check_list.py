"""/wavepost checks: what figures could not decide and waits for a person, and what people decided."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock, HeaderBlock

from handlers.blocks import Words, built, button, context, lines, section
from handlers.check_button import check_button
from handlers.check_words import sentence
from handlers.dates import short
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turn, turned
from handlers.reply import Reply, note
from rules.roles import Role
from store.checks import Undecided, check_of
from store.session import Reading, Store

MOST_ON_HOME = 3
MOST_DECIDED = 5
MOST_WORDS = 200
ALL, MINE = "all", "mine"
NOBODY = "nobody"
"""No address: who has none owns nothing."""
DECIDE = "Decide"


@topic("checks", role=Role.csa, says="checks that wait for a person, and what was decided")
async def answer_checks(ask: Interaction, store: Store) -> Reply:
    """What waits for a person, the worst first: for CSAs what is theirs, where anything is."""
    async with store.reading(consistent=True) as reading:
        is_mine = not ask.person.may(Role.lead) and await _waiting(reading, ask, MINE) > 0
        return await _listed(reading, ask, MINE if is_mine else ALL, 0)


@action("checks_page", role=Role.csa)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them, or those of everybody in place of mine."""
    scope, number = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await _listed(reading, ask, scope, number)


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """For leads, what waits for a person; nothing where nothing does."""
    if not ask.person.may(Role.lead):
        return []
    waiting, total = await reading.checks.undecided(skip=0, most=MOST_ON_HOME)
    if not waiting:
        return []
    more = Words("check_list", more=total - len(waiting))["more"]
    return [
        DividerBlock(),
        HeaderBlock(text="Checks that wait for a person"),
        *await _rows(reading, waiting, DECIDE),
        *([context(more)] if total > len(waiting) else []),
    ]


async def _listed(reading: Reading, ask: Interaction, scope: str, number: int) -> Reply:
    waiting, total = await reading.checks.undecided(
        skip=number * PAGE, most=PAGE, csa=_owner(ask, scope)
    )
    if number and not waiting:
        return await _listed(reading, ask, scope, 0)
    here = Page(waiting, number, total)
    is_lead = ask.person.may(Role.lead)
    words = Words("check_list", total=total, is_lead=is_lead, is_mine=scope == MINE)
    decided = await reading.checks.decided(most=MOST_DECIDED)
    told = [
        Words("check_list", decided=each, words=short(each.words, MOST_WORDS))["decided"]
        for each in decided
    ]
    turns = [*here.turns("checks_page", scope), *await _other(reading, ask, scope)]
    blocks: list[Block] = [
        section(words["head"]),
        *await _rows(reading, waiting, DECIDE if is_lead else "See the check"),
        *here.foot(*turns),
        *map(section, lines(["*What people decided last*", *told] if told else [])),
    ]
    return note(built(*blocks), words["head"])


async def _other(reading: Reading, ask: Interaction, scope: str) -> list[ButtonElement]:
    """The button to what is mine, or to what is everybody's, where these are not the same."""
    other = ALL if scope == MINE else MINE
    waiting = await _waiting(reading, ask, other)
    if not waiting or waiting == await _waiting(reading, ask, scope):
        return []
    label = f"Mine ({waiting:,})" if other == MINE else f"Everybody\u2019s ({waiting:,})"
    return [button(label, f"checks_page:{other}", turn(other))]


async def _waiting(reading: Reading, ask: Interaction, scope: str) -> int:
    return (await reading.checks.undecided(skip=0, most=1, csa=_owner(ask, scope)))[1]


def _owner(ask: Interaction, scope: str) -> str | None:
    return (ask.person.email or NOBODY) if scope == MINE else None


async def _rows(reading: Reading, waiting: Sequence[Undecided], label: str) -> list[Block]:
    """A line for each with what its last check found, and the button that opens it.

    What the figures leave in doubt stands apart from what has no figures.
    """
    found = {}
    for week in {each.week for each in waiting}:
        ids = [each.location_id for each in waiting if each.week == week]
        for location, row in (await reading.checks.latest(week, ids)).items():
            found[week, location] = sentence(check_of(row))
    blocks: list[Block] = []
    for is_measured, group in groupby(waiting, key=attrgetter("is_measured")):
        blocks.append(context(Words("check_list", is_measured=is_measured)["group"]))
        blocks += [
            section(
                Words("check_list", row=each, found=found.get((each.week, each.location_id), ""))[
                    "row"
                ],
                accessory=check_button(each.week, each.location_id, label),
            )
            for each in group
        ]
    return blocks
