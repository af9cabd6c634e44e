"""Marking locations of a wave, whatever the door: what is wished, and what became of it in words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.blocks import Mrkdwn, Words, lines, section
from handlers.dates import short
from handlers.errors import Refused
from handlers.running import kept, take_steps
from handlers.wave_turn import Outcome, Refusal, Wish
from handlers.wave_words import AS_WHAT
from rules.catalogue import Remedy, suggestion
from rules.location_life import Step
from rules.wave_day import part_at_location
from rules.wave_life import State
from store.people import Person
from store.session import Reading, Transaction

MOST_REFUSED = 20
MOST_IN_CAUSE = 60
LOOKS_ON = "Only CSAs and leads mark locations. Ask one of them to do it."


@dataclass(frozen=True, slots=True)
class Mark:
    """A step for some locations, each at the version that was seen (None: whatever it is now).

    `cause` is one of the catalogue; without it the words of a failure are a new one.
    """

    step: Step
    at: Sequence[tuple[str, int | None]]
    words: str = ""
    cause: int | None = None
    lost_orders: bool = False

    @property
    def wishes(self) -> list[Wish]:
        """The same for each location."""
        return [
            Wish(
                location_id,
                self.step,
                words=self.words,
                cause=self.cause,
                lost_orders=self.lost_orders,
                version=version,
            )
            for location_id, version in self.at
        ]


@dataclass(frozen=True)
class Marked:
    """What became of a mark: how many were taken, which were refused, and whether it paused the wave."""

    mark: Mark
    taken: int
    refused: Sequence[Refusal]
    cause_id: int | None = None
    cause: str = ""
    remedy: Remedy | None = None
    is_pause: bool = False

    @property
    def words(self) -> Words:
        """What is said of it."""
        as_what = AS_WHAT[self.mark.step]
        if self.mark.step is Step.fail and self.cause:
            as_what = f"{as_what}: {short(self.cause, MOST_IN_CAUSE)}"
        return Words(
            "wave",
            taken=self.taken,
            refused=len(self.refused),
            as_what=as_what,
            remedy=self.remedy,
        )

    @property
    def blocks(self) -> list[Block]:
        """What is said of it, each refused one with why, and what worked against the same before."""
        texts: list[str] = [self.words["marked"]]
        if self.is_pause:
            texts.append(self.words["paused_by_that"])
        if self.mark.step is Step.fail and self.taken:
            texts.append(self.words["remedy"])
        if self.refused:
            texts += lines([self.words["refused_heading"], *self._refusals])
        return [section(text) for text in texts]

    @property
    def _refusals(self) -> list[str]:
        told: list[str] = [
            Words("wave", why=Mrkdwn(each.words))["refusal"] for each in self.refused[:MOST_REFUSED]
        ]
        more = len(self.refused) - MOST_REFUSED
        return [*told, Words("wave", more=more)["refused_more"]] if more > 0 else told


async def mark_all(tx: Transaction, week: date, mark: Mark, *, by: Person) -> Marked:
    """Take a step for all that can take it, as a CSA or a lead; what became of it.

    Raises:
        Refused: this person only looks on.
    """
    who = part_at_location(by.roles)
    if who is None:
        raise Refused(LOOKS_ON)
    was = await kept(tx, week, for_change=True)
    outcome = await take_steps(tx, week, mark.wishes, by=by.id, who=who)
    now = await kept(tx, week)
    marked = await told(tx, mark, outcome)
    return replace(marked, is_pause=was.state != State.paused == now.state)


async def told(reading: Reading, mark: Mark, outcome: Outcome) -> Marked:
    """What became of a mark, with the cause as the catalogue has it."""
    marked = Marked(mark, len(outcome.taken), outcome.refused)
    if mark.step is not Step.fail or not outcome.taken:
        return marked
    cause_id = outcome.taken[0].row.cause_id
    words = outcome.taken[0].words
    remedy = await remedy_for(reading, cause_id)
    return replace(marked, cause_id=cause_id, cause=words, remedy=remedy)


async def remedy_for(reading: Reading, cause_id: int | None) -> Remedy | None:
    """What worked best against a cause, if anything did."""
    if cause_id is None:
        return None
    return suggestion(str(cause_id), await reading.wave_day.remedied(cause_id))
