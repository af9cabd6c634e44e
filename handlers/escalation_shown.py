"""One escalation with its whole history, as anybody may see it."""

from collections.abc import Sequence
from operator import itemgetter

from slack_sdk.models.blocks import Block, DividerBlock

from handlers.blocks import Words, actions, facts, lines, modal, section
from handlers.dates import short
from handlers.doors import action
from handlers.errors import NotThere
from handlers.escalation_buttons import join_button, own_steps
from handlers.escalation_words import about
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.windows import over
from rules.roles import Role
from store.escalation_lines import Line
from store.escalation_rows import EscalationJoinerRow, EscalationStepRow
from store.escalations import AskedFor
from store.session import Reading, Store

MOST_LOCATIONS = 20
MOST_STEPS = 40
MOST_DIGITS = 9


@action("escalation_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """Show one, over whatever it was chosen in."""
    return await shown_with_number(ask, store, ask.value.partition("|")[0])


async def shown_with_number(ask: Interaction, store: Store, digits: str) -> Reply:
    """Show the one with this number.

    Raises:
        NotThere: there is none.
    """
    async with store.reading(consistent=True) as reading:
        number = int(digits) if len(digits) <= MOST_DIGITS else 0
        view = await shown(reading, number, person=ask.person.id)
    return await over(ask, view)


async def shown(
    reading: Reading, number: int, *, person: str, first: str = ""
) -> dict[str, object]:
    """One escalation as a person sees it; `first` names the words above it, if there are any.

    Raises:
        NotThere: there is none with this number.
    """
    line = await reading.escalation_lines.one(number)
    if line is None:
        raise NotThere(f"There is no escalation {number}.")
    joiners = await reading.escalations.joiners(number)
    words = about(line, joiners=[each.person for each in joiners])
    blocks: list[Block] = [
        section(words[first or "what"]),
        *_facts(words),
        *_paragraphs(words["explanation"]),
        *_locations(line, await reading.escalations.locations(number)),
        DividerBlock(),
        *_history(words, await reading.escalations.steps(number), joiners),
    ]
    buttons = own_steps(line.row, person)
    if not buttons and not line.row.is_over and person not in {each.person for each in joiners}:
        buttons = [join_button(number)]
    row = [actions(*buttons)] if buttons else []
    return modal("escalation_shown", f"Escalation {number}", [*blocks, *row])


def _facts(words: Words) -> list[Block]:
    names = ("stands", "decision", "asked", "reason", "granted", "link")
    titles = ("Where it stands", "Decision", "Asked for", "Reason", "Granted", "Link")
    pairs = [(title, words[name]) for title, name in zip(titles, names, strict=True)]
    return [facts(*pairs)]


def _paragraphs(words: str) -> list[Block]:
    return [section(each) for each in lines(words.split("\n"))]


def _locations(line: Line, asked: Sequence[AskedFor]) -> list[Block]:
    """Which locations, where it is neither one nor all of a customer's; which were granted, if not all."""
    granted = [each for each in asked if each.granted]
    is_partly = len(granted) < len(asked)
    if not is_partly and (line.whole or line.location):
        return []
    named = [f"{short(each.name)} ({each.location_id})" for each in granted[:MOST_LOCATIONS]]
    more = len(granted) - MOST_LOCATIONS
    words = Words("escalation_shown", named=named, more=more, is_partly=is_partly, asked=len(asked))
    return _paragraphs(words["locations"])


def _history(
    words: Words, steps: Sequence[EscalationStepRow], joiners: Sequence[EscalationJoinerRow]
) -> list[Block]:
    """What happened, in order; of many steps the first and the last ones."""
    told = [words["first_step"]]
    happened = [(each.at, Words("escalation_shown", step=each)["step"]) for each in steps] + [
        (each.joined_at, Words("escalation_shown", joiner=each)["joiner"]) for each in joiners
    ]
    # What was done at one instant stays in the order in which it was done.
    told += [each for _, each in sorted(happened, key=itemgetter(0))]
    left_out = len(told) - MOST_STEPS
    if left_out > 0:
        between = Words("escalation_shown", more=left_out)["left_out"]
        told = [told[0], between, *told[left_out + 1 :]]
    return [*_paragraphs("\n".join(["*What happened*", *told]))]
