"""Look up another: a modal with typeahead, or several names at once, and the dates as its answer."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    DividerBlock,
    ExternalDataSelectElement,
    InteractiveElement,
    PlainTextInputElement,
)

from handlers.blocks import actions, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.choices import GONE, MOST_ECHOED, chooser, doubt, label, look_up_another, named
from handlers.dates import Dated, answer_blocks, look_up, short
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.escalate_button import escalate_button
from handlers.follow_button import follow_dated
from handlers.interaction import Interaction
from handlers.name_finding import Meant, meant
from handlers.passing_on import tell_button
from handlers.reply import Reply, offer, push, show
from handlers.schedule import guessed
from handlers.windows import in_place
from rules.asking import question
from rules.finding import Matches, NameIndex
from rules.roles import Role
from store.session import Store

MOST_OFFERED = 20
MOST_NAMES = 20
ON_TOP = "on top"
TOO_MANY = "Please look up at most {most} at once; here are {names}."
CHOOSE = "*Customer or location*\nAnswered as soon as you choose."


@action("lookup_open", role=Role.viewer)
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """Open the look-up; pressed in its own answer, it takes the answer's place."""
    return await in_place(ask, form())


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
        raise FormErrors({"names": TOO_MANY.format(most=MOST_NAMES, names=len(names))})
    asked = all_meant(await store.names(ask.newest_import), names, ask)
    found = {each.matches.only: each for each in asked if each.matches.only}
    async with store.reading(consistent=True) as reading:
        dates = [await look_up(reading, named, ask.today) for named in found]
        known = [dated for dated in dates if dated]
        only = known[0] if len(known) == 1 else None
        follow = await follow_dated(reading, ask.person, only) if only else []
    if len(known) < len(found):
        raise Refused(GONE)
    guesses = [guessed(each, dated) for each, dated in zip(found.values(), known, strict=True)]
    doubts = [each for each in asked if not each.matches.only]
    return show(
        dates_view(
            known,
            [words for words in guesses if words],
            follow=follow,
            questions=questions_back(doubts),
        )
    )


@action("lookup_one", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """One of the list, or of those that a doubtful name could be, laid over the list."""
    async with store.reading() as reading:
        dated = await look_up(reading, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        follow = await follow_dated(reading, ask.person, dated)
    return push(dates_view([dated], follow=follow, is_on_top=True))


def all_meant(index: NameIndex, names: list[str], ask: Interaction) -> list[Meant]:
    """What the typed names mean; a line may hold several.

    Raises:
        FormErrors: there are too many, or not one is clear; then with what each could be.
    """
    asked = [each for name in names for each in meant(index, question(name, ask.today))]
    if len(asked) > MOST_NAMES:
        raise FormErrors({"names": TOO_MANY.format(most=MOST_NAMES, names=len(asked))})
    if not any(each.matches.only for each in asked):
        raise FormErrors({"names": " ".join(unclear(each.typed, each.matches) for each in asked)})
    return asked


def questions_back(doubts: Sequence[Meant]) -> list[Block]:
    """What is asked back of names that are not clear, each with those it could be."""
    blocks: list[Block] = []
    for number, each in enumerate(doubts):
        words = doubt(each.matches, each.typed, most=MOST_OFFERED)
        if not each.matches.total:
            blocks.append(section(words["unknown"]))
            continue
        choices = [(f"{one.kind}|{one.id}", label(one)) for one in each.matches.found]
        which = chooser("Choose one", f"lookup_one:{number}", choices[:MOST_OFFERED])
        blocks.append(section(words["several"], accessory=which))
        if each.matches.total > MOST_OFFERED:
            blocks.append(context(words["several_more"]))
    return blocks


def unclear(name: str, matches: Matches) -> str:
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
    dates: Sequence[Dated],
    guesses: Sequence[str] = (),
    *,
    follow: Sequence[InteractiveElement] = (),
    questions: Sequence[Block] = (),
    is_on_top: bool = False,
) -> dict[str, object]:
    """The answer in the place of the form: whole for one, a line each for several; guesses are said.

    What lies on top of a list leads back to it, and to no other look-up: Slack lays no more than
    three windows on each other.
    """
    blocks: list[Block] = [section(dated.line) for dated in dates]
    choices = [(valued(dated), label(dated.named)) for dated in dates]
    ways_on: list[InteractiveElement] = [chooser("Open one of these", "lookup_one", choices)]
    if len(dates) == 1 and not questions:
        blocks = answer_blocks(dates[0])
        value = valued(dates[0])
        ways_on = [*follow, escalate_button(value), tell_button(value)]
    again = [] if is_on_top else [look_up_another()]
    said = map(context, guesses)
    if questions:
        rows: list[Block] = [actions(*ways_on), DividerBlock(), *questions]
        rows += [DividerBlock(), actions(*again)]
    else:
        rows = [DividerBlock(), actions(*ways_on, *again)]
    kept = ON_TOP if is_on_top else ""
    return modal("lookup_dates", "Dates", [*blocks, *said, *rows], kept=kept)


def is_on_top(ask: Interaction) -> bool:
    """Whether a press happened in an answer that lies on top of a list."""
    return ask.filled.private_metadata == ON_TOP


def valued(dated: Dated) -> str:
    """What stands for a date in a button or option."""
    return f"{dated.named.kind}|{dated.named.id}"
