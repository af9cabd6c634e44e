"""Home: one's own customers and their dates, files, the next wave, and for leads what needs them."""

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    DividerBlock,
    HeaderBlock,
    InteractiveElement,
)

from handlers import (
    announce,
    check_list,
    decisions,
    going_on,
    missed,
    partner_home,
    rollback_list,
    wave_home,
)
from handlers.blocks import Words, actions, button, context, home_view, modal, section
from handlers.choices import GONE, chooser, look_up_another, named
from handlers.dates import look_up
from handlers.doors import action, home
from handlers.errors import Refused
from handlers.files import file_home
from handlers.follow_button import follow_dated
from handlers.followed import follows
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turn, turned
from handlers.lookup import dates_view
from handlers.my_escalations import home_section, waiting_for_answer
from handlers.reply import Reply, nothing
from handlers.reply import home as shown
from handlers.wavepost import help_blocks
from handlers.waves import by_week
from handlers.web_links import link_button
from rules.roles import Role
from store.portfolios import Portfolio
from store.session import Reading, Store

SCOPE = "home"
DAYS_OF_TROUBLE = 7
MOST_TROUBLES = 5
MOST_JOBS = 5


@home(role=Role.recipient)
async def open_home(ask: Interaction, store: Store) -> Reply:
    """A person turns to Home: all of it, as it is now. Who is no member sees their files alone."""
    async with store.reading(consistent=True) as reading:
        if not ask.person.may(Role.viewer):
            return shown(home_view(await file_home.of_recipient(reading, ask)))
        return shown(home_view(await home_blocks(reading, ask, page=0)))


@action("home_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of one's customers."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return shown(home_view(await home_blocks(reading, ask, page=page)))


@action("home_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """The date of a customer, over Home."""
    async with store.reading() as reading:
        dated = await look_up(reading, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        follow = await follow_dated(reading, ask.person, dated)
    await ask.open(dates_view([dated], follow=follow))
    return nothing()


@action("home_help", role=Role.viewer)
async def open_help(ask: Interaction, store: Store) -> Reply:
    """All that one can type, over Home."""
    async with store.reading() as reading:
        blocks = await help_blocks(reading, ask)
    await ask.open(modal("home_help", "What you can ask", blocks))
    return nothing()


async def home_blocks(reading: Reading, ask: Interaction, page: int) -> list[Block]:
    """Everything that Home shows a person.

    What can be pressed keeps its ids from one Home to the next: it is renewed while people look at it.
    """
    portfolio = await reading.portfolios.of(ask.person.email or "", ask.today)
    words = Words(
        "home",
        portfolio=portfolio,
        is_csa=ask.person.owns_customers,
        email=ask.person.email,
        today=ask.today,
    )
    said = [words["head"], words["next"], await follows(reading, ask.person)]
    return [
        *await waiting_for_answer(reading, ask.person.id),
        *await going_on.home_section(reading, ask),
        *await partner_home.home_section(reading, ask),
        *await rollback_list.home_section(reading, ask.person.id),
        *(section(each) for each in said if each),
        ways_on(ask),
        *await missed.home_section(reading, ask),
        *await wave_home.home_section(reading, ask),
        *await running(reading, ask),
        *await decisions.home_section(reading, ask),
        *await check_list.home_section(reading, ask),
        *await home_section(reading, ask.person.id),
        *await file_home.home_section(reading, ask),
        *await announce.home_section(reading, ask),
        *await needing_leads(reading, ask),
        *await customers(reading, ask, portfolio, page),
        context(words["asked"]),
    ]


def ways_on(ask: Interaction) -> ActionsBlock:
    """What one can do from Home."""
    return actions(
        look_up_another("Look up a date"),
        button("Escalate", "escalate"),
        button("Follow something", "follow_form"),
        button("What you can ask", "home_help"),
        *link_button(ask, "/", "Open on the web"),
        *link_button(ask, "/governance", "Who decides what"),
        block_id="home_ways_on",
    )


async def running(reading: Reading, ask: Interaction) -> list[Block]:
    """The long work that the person asked for and that goes on."""
    jobs = await reading.jobs.running(ask.person.id, most=MOST_JOBS)
    return [section(Words("home", jobs=jobs)["running"])] if jobs else []


async def customers(
    reading: Reading, ask: Interaction, portfolio: Portfolio, page: int
) -> list[Block]:
    """A page of one's customers by date; the last page there is, where they have become fewer."""
    if not portfolio.customers:
        return []
    number = min(page, Page((), 0, portfolio.customers).last)
    rows, total = await reading.schedules.of_csa(
        ask.person.email or "", today=ask.today, skip=number * PAGE, most=PAGE
    )
    here = Page(rows, number, total)
    choices = [(f"customer|{row.customer_id}", row.name) for row in rows]
    turns: list[InteractiveElement] = [*here.turns("home_page", SCOPE)]
    first_waiting = portfolio.dated // PAGE
    if portfolio.waiting and portfolio.dated and number != first_waiting:
        words = f"Without a date ({portfolio.waiting:,})"
        turns.append(button(words, "home_page:waiting", turn(SCOPE, first_waiting)))
    return [
        DividerBlock(),
        HeaderBlock(text="My customers by date"),
        *by_week(rows),
        context(here.span),
        # A page has a menu of its own, so that none shows what was chosen on another.
        actions(
            chooser("Open one of these", f"home_open:{number}", choices),
            *turns,
            block_id="home_customers",
        ),
    ]


async def needing_leads(reading: Reading, ask: Interaction) -> list[Block]:
    """For leads: what went wrong lately and waits for somebody."""
    if not ask.person.may(Role.lead):
        return []
    troubles, undelivered = await reading.undelivered(days=DAYS_OF_TROUBLE, most=MOST_TROUBLES)
    jobs, undone = await reading.jobs.failed(days=DAYS_OF_TROUBLE, most=MOST_TROUBLES)
    said: list[str] = []
    if troubles:
        words = Words("home", troubles=troubles, total=undelivered, days=DAYS_OF_TROUBLE)
        said.append(words["troubles"])
    if jobs:
        words = Words("home", jobs=jobs, total=undone, days=DAYS_OF_TROUBLE)
        said.append(words["failed_jobs"])
    if not said:
        return []
    return [DividerBlock(), HeaderBlock(text="Needs a lead"), *map(section, said)]
