"""The form by which locations are marked in Slack: one, or many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    PlainTextInputElement,
    RadioButtonsElement,
)

from handlers.blocks import Words, count, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.interaction import Form
from handlers.wave_words import BUTTONS, card
from rules.catalogue import Cause, Remedy
from rules.location_life import Step
from rules.wave_day import Counts, Group
from store.wave_day import Line

NAME = "wave_marked"
WHOSE, SOME, CAUSE, MEANT, LOST, WORDS = "whose", "some", "cause", "meant", "lost", "words"
MINE, ALL, CHOSEN = "mine", "all", "chosen"
SOME_LABEL = "Customers or locations, unless you choose all above"
SOME_ALONE = "Customers or locations"
KNOWN, NEW = "known", "new"
YES = "yes"
MOST_CHOSEN = 100
MOST_WORDS = 500
ASKS = {
    Step.try_again: "What was done about it?",
    Step.unmark: "Why was the mark wrong?",
    Step.give_back: "Why does it not go in this wave?",
}
HINTS = {
    Step.try_again: "Whoever meets the same cause will read it.",
    Step.unmark: "It stays in the history of this location.",
    Step.give_back: "Its owner reads it. The next plan finds another week.",
}
ONE_BLOCK = {Step.migrate: "Mark migrated", Step.fail: "Mark failed"} | {
    step: BUTTONS[step] for step in (Step.try_again, Step.unmark, Step.give_back)
}


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about: a step in a wave, of one location as it was seen, or of those one chooses."""

    step: Step
    week: date
    version: int = 0
    location_id: str = ""

    def __str__(self) -> str:
        return f"{self.step}|{self.week}|{self.version}|{self.location_id}"

    @classmethod
    def read(cls, value: str) -> "About":
        """What a button, or a form, stands for; an id may hold the sign between the parts."""
        step, week, version, location_id = value.split("|", 3)
        return cls(Step(step), date.fromisoformat(week), int(version), location_id)


@dataclass(frozen=True, slots=True)
class Filled:
    """What was filled in. `cause` is the id of a known one, `words` those of a new one, or why."""

    whose: str = CHOSEN
    some: tuple[tuple[str, str], ...] = ()
    cause: int | None = None
    label: str = ""
    words: str = ""
    lost_orders: bool = False
    meant: str | None = None

    @classmethod
    def of(cls, form: Form) -> "Filled":
        """A form as it was sent."""
        chosen = form.chosen(CAUSE) or ""
        kind, _, named = chosen.partition("|")
        meant = form.chosen(MEANT)
        if kind == NEW and meant and meant != NEW:
            kind, named = KNOWN, meant
        return cls(
            whose=form.chosen(WHOSE) or CHOSEN,
            some=form.labelled(SOME),
            cause=int(named) if kind == KNOWN else None,
            label=form.label(CAUSE),
            words=named if kind == NEW else form.typed(WORDS).strip(),
            lost_orders=YES in form.several(LOST),
            meant=meant,
        )


def form(
    about: About,
    *,
    line: Line | None = None,
    counts: Counts | None = None,
    mine: Counts | None = None,
    filled: Filled | None = None,
    alike: Sequence[Cause] = (),
    remedy: Remedy | None = None,
) -> dict[str, Any]:
    """The fields that a step needs: which locations, unless it is `line`, and why or what.

    `alike` are causes that may be meant by what was typed.
    """
    filled = filled or Filled()
    blocks: list[Block] = []
    if line:
        blocks.append(section(card(line)))
    elif mine:
        blocks += _which(counts, mine, filled)
    if about.step is Step.fail:
        blocks += _cause(filled, alike)
    elif about.step in ASKS:
        blocks += _words(about.step, filled, remedy)
    title = ONE_BLOCK[about.step]
    return modal(NAME, title, blocks, submit=title, close="Cancel", kept=str(about))


def _which(counts: Counts | None, mine: Counts, filled: Filled) -> list[Block]:
    """All that are left, of one's own or of everybody, or those that one chooses."""
    of_mine, of_all = mine.of(Group.left), counts.of(Group.left) if counts else 0
    choices = {CHOSEN: "Those that I choose below"}
    if of_mine:
        choices[MINE] = f"All of mine that are left: {count(of_mine, 'location')}"
    if of_all:
        choices[ALL] = f"All that are left: {count(of_all, 'location')}"
    options = {value: option(words, value) for value, words in choices.items()}
    which = RadioButtonsElement(
        action_id="wave_whose",
        options=list(options.values()),
        initial_option=options.get(filled.whose, options[CHOSEN]),
    )
    some = ExternalDataMultiSelectElement(
        placeholder=plain("Type a few letters"),
        action_id="wave_some",
        min_query_length=0,
        initial_options=[option(label, value) for value, label in filled.some] or None,
        max_selected_items=MOST_CHOSEN,
    )
    return [
        ask_for("Which locations?", which, block_id=WHOSE),
        ask_for(
            SOME_LABEL if len(choices) > 1 else SOME_ALONE,
            some,
            block_id=SOME,
            optional=True,
            hint="Of a customer, all its locations that are left to migrate.",
        ),
    ]


def _cause(filled: Filled, alike: Sequence[Cause]) -> list[Block]:
    """Why it failed, as the catalogue has it or new; and whether orders were lost."""
    initial = None
    if filled.cause is not None and filled.label:
        initial = option(filled.label, f"{KNOWN}|{filled.cause}")
    elif filled.words:
        initial = option(filled.label or filled.words, f"{NEW}|{filled.words}")
    cause = ExternalDataSelectElement(
        placeholder=plain("Type what happened, in a few words"),
        action_id="wave_cause",
        min_query_length=0,
        initial_option=initial,
    )
    lost = option("Orders were lost", YES)
    ticked = CheckboxesElement(
        action_id="wave_lost",
        options=[lost],
        initial_options=[lost] if filled.lost_orders else None,
    )
    asked: list[Block] = []
    if alike:
        likely = [option(each.words, each.id) for each in alike]
        none = option("None of these: it is a new cause", NEW)
        radio = RadioButtonsElement(
            action_id="wave_meant", options=[*likely, none], initial_option=likely[0]
        )
        said = Words("wave", typed=filled.words)["did_you_mean"]
        asked = [section(said), ask_for("Did you mean", radio, block_id=MEANT)]
    return [
        ask_for("Why did it fail?", cause, block_id=CAUSE),
        *asked,
        ask_for(
            "Orders",
            ticked,
            block_id=LOST,
            optional=True,
            hint="Lost orders pause the wave at once.",
        ),
    ]


def _words(step: Step, filled: Filled, remedy: Remedy | None) -> list[Block]:
    """What was done, or why; a remedy that worked before is offered."""
    typed = filled.words or (remedy.words if remedy and remedy.worked else "")
    field = PlainTextInputElement(
        action_id="wave_words", multiline=True, max_length=MOST_WORDS, initial_value=typed or None
    )
    asked = ask_for(ASKS[step], field, block_id=WORDS, hint=HINTS[step])
    told: list[Block] = []
    if step is Step.try_again and remedy:
        told.append(section(Words("wave", remedy=remedy)["remedy"]))
    return [*told, asked]
