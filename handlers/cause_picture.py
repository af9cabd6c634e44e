"""The picture of the catalogue: the most frequent causes, wave by wave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, context, picture
from handlers.dates import short
from handlers.interaction import Interaction
from handlers.jobs import Work, job
from handlers.pictures import begun, finish, stands_for
from rules.drawing import causes_drawn
from store.catalogue import CausePage
from store.jobs import Json
from store.session import Reading, Store

DRAW = "draw causes"
ABOUT = "Drawing why locations fail"
NAME, TITLE = "causes.png", "Why locations fail, by wave"
MOST_CAUSES, MOST_WAVES = 10, 10
"""So many rows and columns can be read on a phone."""
LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class CausesByWave:
    """What the picture shows: causes by their words, waves in order, a count of each in each."""

    causes: tuple[str, ...]
    weeks: tuple[date, ...]
    failures: tuple[tuple[int, ...], ...]

    @property
    def given(self) -> Json:
        """All that can be seen in it, and the digest that stands for it."""
        seen: Json = {
            "causes": list(self.causes),
            "weeks": [week.isoformat() for week in self.weeks],
            "failures": [list(row) for row in self.failures],
        }
        return seen | {"digest": stands_for(["causes", *seen.values()])}

    @classmethod
    def read(cls, given: Json) -> "CausesByWave":
        """What a job was given."""
        return cls(
            tuple(given["causes"]),
            tuple(date.fromisoformat(week) for week in given["weeks"]),
            tuple(tuple(row) for row in given["failures"]),
        )


async def pictured(
    reading: Reading, ask: Interaction, store: Store, page: CausePage
) -> list[Block]:
    """The picture where it is drawn, with the same in words; else it is drawn now, for the next look."""
    shown = [line for line in page.lines if line.failures][:MOST_CAUSES]
    by_week = await reading.catalogue.by_week([line.id for line in shown])
    weeks = sorted({week for _, week in by_week})[-MOST_WAVES:]
    if not weeks:
        return []
    known = CausesByWave(
        apart([line.words for line in shown]),
        tuple(weeks),
        tuple(tuple(by_week.get((line.id, week), 0) for week in weeks) for line in shown),
    )
    kept = await reading.pictures.file(known.given["digest"])
    if kept and await ask.slack.has_file(kept):
        counts = [
            (short(words, LONGEST_NAME), sum(row))
            for words, row in zip(known.causes, known.failures, strict=True)
        ]
        words = Words("causes", causes=counts, left=page.total - len(shown))
        return [picture(kept, words.plain("alt"))]
    async with store.transaction(actor=ask.person.id) as tx:
        await begun(tx, DRAW, known.given, about=ABOUT, lost=kept)
    return [context(Words("causes")["drawing"])]


def apart(causes: Sequence[str]) -> tuple[str, ...]:
    """Their words, shortened where they can still be told apart: a chart has one row for each."""
    brief = [short(words, LONGEST_NAME) for words in causes]
    return tuple(
        words if brief.count(shown) > 1 else shown
        for words, shown in zip(causes, brief, strict=True)
    )


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw, bring it to Slack, and note what it shows."""
    known = CausesByWave.read(work.job.given)
    failures = {
        (place, week): count
        for place, row in enumerate(known.failures)
        for week, count in zip(known.weeks, row, strict=True)
    }
    figures = (known.causes, known.weeks, failures)
    await finish(work, causes_drawn, *figures, name=NAME, title=TITLE)
