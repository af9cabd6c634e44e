"""Look up another: a modal with typeahead, or several names at once, and the dates as its answer."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    ExternalDataSelectElement,
    InteractiveElement,
    PlainTextInputElement,
)

from handlers.blocks import actions, button, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.choices import GONE, MOST_ECHOED, label, named
from handlers.dates import Dated, answer_blocks, look_up, short
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.follow_button import follow_dated
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, offer, show
from handlers.schedule import Meant, guessed, meant
from rules.asking import question
from rules.finding import Matches, Named, NameIndex
from rules.roles import Role
from store.session import Store

MOST_OFFERED = 20
MOST_NAMES = 20
CHOOSE = "*Customer or location*\nAnswered as soon as you choose."


@action("lookup_open", role=Role.viewer)
async def open_form(ask: Interaction, store: Store) -> Reply:  # noqa: ARG001 - every handler takes both
    """Open the look-up; pressed in its own answer, it takes the answer's place."""
    if ask.in_modal:
        return show(form())
    await ask.open(form())
    return nothing()


@options("lookup_name", role=Role.viewer)
async def offer_names(ask: Interaction, store: Store) -> Reply:
    """Customers and locations that the letters typed so far may mean."""
    index = await store.names(ask.newest_import)
    matches = index.find(ask.value, most=MOST_OFFERED)
    return offer(
        [option(label(found), f"{found.kind}|{found.id}").to_dict() for found in matches.found]
    )


@action("lookup_name", role=Role.viewer)
async def answer_choice(ask: Interaction, store: Store) -> Reply:
    """The date of the one that was chosen, at once."""
    async with store.reading() as reading:
        dated = await look_up(reading, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        return show(dates_view([dated], follow=await follow_dated(reading, ask.person, dated)))


@submission("lookup", role=Role.viewer)
async def answer_lookup(ask: Interaction, store: Store) -> Reply:
    """The dates of every name that was typed."""
    names = [line.strip() for line in ask.filled.typed("names").splitlines() if line.strip()]
    if not names:
        raise FormErrors({"names": "Type a name or an id here, or choose one above."})
    if len(names) > MOST_NAMES:
        raise FormErrors(
            {"names": f"Please look up at most {MOST_NAMES} at once; here are {len(names)}."}
        )
    found = all_meant(await store.names(ask.newest_import), names, ask)
    async with store.reading(consistent=True) as reading:
        dates = [await look_up(reading, named, ask.today) for named in found]
        known = [dated for dated in dates if dated]
        only = known[0] if len(known) == 1 else None
        follow = await follow_dated(reading, ask.person, only) if only else []
    if len(known) < len(found):
        raise Refused(GONE)
    guesses = [guessed(each, dated) for each, dated in zip(found.values(), known, strict=True)]
    return show(dates_view(known, [words for words in guesses if words], follow=follow))


def all_meant(index: NameIndex, names: list[str], ask: Interaction) -> dict[Named, Meant]:
    """What the typed names mean, each once, and how it was typed; a line may hold several.

    Raises:
        FormErrors: the names of which that is not clear, each with what it could be.
    """
    asked = [each for name in names for each in meant(index, question(name, ask.today))]
    doubts = [doubt(each.typed, each.matches) for each in asked if not each.matches.only]
    if doubts:
        raise FormErrors({"names": " ".join(doubts)})
    return {each.matches.only: each for each in asked if each.matches.only}


def doubt(name: str, matches: Matches) -> str:
    """Why a name is not clear, in a sentence under the field."""
    name = short(name, MOST_ECHOED)
    if not matches.total:
        return f"I know no “{name}”."
    guesses = " or ".join(f"“{label(found)}”" for found in matches.found[:2])
    more = f" ({matches.total:,} match; ids tell them apart)" if matches.total > 2 else ""  # noqa: PLR2004 - two are named
    return f"“{name}” is not clear: did you mean {guesses}?{more}"


def form() -> dict[str, object]:
    """The look-up, empty: a choice is answered at once, names when they are sent."""
    chooser = ExternalDataSelectElement(
        placeholder=plain("Type a few letters"), action_id="lookup_name", min_query_length=1
    )
    several = PlainTextInputElement(action_id="lookup_names", multiline=True, max_length=2_000)
    return modal(
        "lookup",
        "Look up dates",
        [
            section(CHOOSE, accessory=chooser, block_id="name"),
            ask_for("Or names or ids, one per line", several, block_id="names"),
        ],
        submit="Look up",
    )


def dates_view(
    dates: list[Dated], guesses: Sequence[str] = (), *, follow: Sequence[InteractiveElement] = ()
) -> dict[str, object]:
    """The answer in the place of the form: whole for one, a line each for several; guesses are said."""
    blocks: list[Block] = answer_blocks(dates[0]) if len(dates) == 1 else []
    if len(dates) > 1:
        blocks = [section(dated.line) for dated in dates]
    again = actions(*follow, button("Look up another", "lookup_open"))
    said = map(context, guesses)
    return modal("lookup_dates", "Dates", [*blocks, *said, DividerBlock(), again])
