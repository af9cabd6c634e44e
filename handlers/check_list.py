"""/wavepost checks: what figures could not decide and waits for a person, and what people decided."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, actions, built, context, lines, section
from handlers.check_button import check_button
from handlers.check_words import sentence
from handlers.dates import short
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note
from rules.roles import Role
from store.checks import Undecided, check_of
from store.session import Reading, Store

MOST_ON_HOME = 3
MOST_DECIDED = 5
MOST_WORDS = 200
DECIDE = "Decide"


@topic("checks", role=Role.csa, says="checks that wait for a person, and what was decided")
async def answer_checks(ask: Interaction, store: Store) -> Reply:
    """What waits for a person, who waits longest first."""
    async with store.reading(consistent=True) as reading:
        return await _listed(reading, ask, 0)


@action("checks_page", role=Role.csa)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    _, number = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await _listed(reading, ask, number)


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


async def _listed(reading: Reading, ask: Interaction, number: int) -> Reply:
    waiting, total = await reading.checks.undecided(skip=number * PAGE, most=PAGE)
    if number and not waiting:
        return await _listed(reading, ask, 0)
    here = Page(waiting, number, total)
    is_lead = ask.person.may(Role.lead)
    head = Words("check_list", total=total, is_lead=is_lead)["head"]
    decided = await reading.checks.decided(most=MOST_DECIDED)
    told = [
        Words("check_list", decided=each, words=short(each.words, MOST_WORDS))["decided"]
        for each in decided
    ]
    turns = here.turns("checks_page", "all")
    blocks: list[Block] = [
        section(head),
        *await _rows(reading, waiting, DECIDE if is_lead else "See the check"),
        *([context(here.span), actions(*turns)] if turns else []),
        *map(section, lines(["*What people decided last*", *told] if told else [])),
    ]
    return note(built(*blocks), head)


async def _rows(reading: Reading, waiting: Sequence[Undecided], label: str) -> list[Block]:
    """A line for each with what its last check found, and the button that opens it."""
    found = {}
    for week in {each.week for each in waiting}:
        ids = [each.location_id for each in waiting if each.week == week]
        for location, row in (await reading.checks.latest(week, ids)).items():
            found[week, location] = sentence(check_of(row))
    return [
        section(
            Words("check_list", row=each, found=found.get((each.week, each.location_id), ""))[
                "row"
            ],
            accessory=check_button(each.week, each.location_id, label),
        )
        for each in waiting
    ]
