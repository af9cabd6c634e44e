"""What is said of a step of a wave, as a message to one person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Self

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, actions, built, button, lines, section
from handlers.dates import short
from handlers.wave_causes import Met, causes_met
from handlers.wave_deciders import Deciders, deciders
from rules.location_life import State
from rules.wave_life import Step, Taken
from store.outbox import Message
from store.session import Reading
from store.wave_rows import WaveRow

CAUSE = "wave"
BLOCKS = {Step.start: "started", Step.pause: "paused", Step.go_on: "went_on", Step.close: "closed"}
"""The steps that are told so; what is told of rollbacks is in `handlers.rollback_telling`."""
MOST_CAUSES = 5
LONGEST_WORDS = 1_000
"""Of what somebody wrote: escaped, a character may take five, and a message takes 13,000."""
LONGEST_CAUSE = 60
STAYED = frozenset({State.passed, State.accepted})


@dataclass(frozen=True)
class Told:
    """All that a message about a step may say, whoever reads it."""

    wave: WaveRow
    taken: Taken
    counts: Mapping[State, int]
    causes: Sequence[Met]
    deciders: Deciders

    @classmethod
    async def of(cls, reading: Reading, wave: WaveRow, taken: Taken) -> Self:
        """What there is to say of a step that the wave just took."""
        is_pause = taken.step is Step.pause
        return cls(
            wave,
            taken,
            await reading.waves.counts(wave.week),
            await causes_met(reading, wave.week) if is_pause else (),
            await deciders(reading),
        )

    def to(self, person: str, *, mine: int = 0) -> Message:
        """The message to a person who owns so many of those that wait; an approver gets the buttons."""
        block = BLOCKS[self.taken.step]
        words = self.words(mine=mine)
        said = [words[block], *words["why"].split("\n")]
        if mine and self.taken.step is not Step.close:
            said.append(words[f"{block}_mine"])
        if self.causes:
            said.append(words["causes"])
        blocks: list[Block] = [*map(section, lines([each for each in said if each]))]
        decides = self.taken.step is Step.pause and person in self.deciders.people
        if self.taken.step is Step.pause:
            blocks.append(section(words["you_decide"] if decides else self.deciders.words))
        row = [*(decide_buttons(self.wave) if decides else ()), see_button(self.wave.week)]
        return Message(person, words.plain(block), built(*blocks, actions(*row)), cause=CAUSE)

    def words(self, **values: object) -> Words:
        """The words about this step."""
        counts = self.counts
        return Words(
            "wave_telling",
            week=self.wave.week,
            taken=replace(self.taken, words=short(self.taken.words, LONGEST_WORDS)),
            locations=sum(counts.values()),
            stayed=sum(counts.get(state, 0) for state in STAYED),
            back=counts.get(State.returned, 0),
            causes=[
                replace(each, words=short(each.words, LONGEST_CAUSE))
                for each in self.causes[:MOST_CAUSES]
            ],
            more=len(self.causes[MOST_CAUSES:]),
            **values,
        )


def decided(week: date, paused: Taken, by: Taken) -> tuple[str, list[Block]]:
    """What an approver sees of a pause that was decided about: the same, and by whom."""
    paused = replace(paused, words=short(paused.words, LONGEST_WORDS))
    words, after = (Words("wave_telling", week=week, taken=each) for each in (paused, by))
    said = [words["paused"], *words["why"].split("\n"), after["decided"]]
    texts = lines([each for each in said if each])
    return words.plain("paused"), [*map(section, texts), actions(see_button(week))]


def decide_buttons(wave: WaveRow) -> list[ButtonElement]:
    """What an approver can do with a wave that is paused."""
    value = f"{wave.week}|{wave.version}"
    return [
        button("Let it go on", "wave_go_on", value, style="primary"),
        button("Roll back", "rollback_form:wave", f"{wave.week}", style="danger"),
    ]


def see_button(week: date) -> ButtonElement:
    """The button that shows the wave with its locations."""
    return button("See the wave", f"wave_day:{week}", str(week))
