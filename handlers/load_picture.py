"""The picture of a plan's load: how full each week of each CSA is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from handlers.jobs import Work, job
from handlers.pictures import begun, finish, stands_for
from rules.calendar import monday_of
from rules.drawing import load_drawn
from rules.loads import Loads, loads
from store.jobs import Json
from store.plan_archive import Asked
from store.session import Transaction

DRAW = "draw load"
ABOUT = "Drawing the load of a plan"
NAME, TITLE = "load.png", "How full the weeks are"
MOST_CSAS = 60
"""So many rows can still be read."""


@dataclass(frozen=True)
class Load:
    """What the picture shows; `left` is how many CSAs with less to do it leaves out."""

    csas: tuple[str, ...]
    mondays: tuple[date, ...]
    loads: Loads
    left: int

    @property
    def given(self) -> Json:
        """All that can be seen in it, and the digest that stands for it."""
        seen: Json = {
            "csas": list(self.csas),
            "mondays": [monday.isoformat() for monday in self.mondays],
            "used": self.loads.used.tolist(),
            "capacity": self.loads.capacity.tolist(),
        }
        return seen | {"digest": stands_for(["load", *seen.values()])}

    @property
    def digest(self) -> str:
        """What tells it from other pictures."""
        return str(self.given["digest"])

    @property
    def figures(self) -> tuple[tuple[str, ...], tuple[date, ...], Loads]:
        """What `load_drawn` draws."""
        return self.csas, self.mondays, self.loads


def load_of(asked: Asked, names: Mapping[str, str]) -> Load | None:
    """The load of a plan, the CSAs by name; None where nobody has anything to do."""
    found = loads(asked.problem, asked.plan)
    busy = found.used.sum(axis=1)
    if not busy.any():
        return None
    owners = asked.question.owners
    most = np.argsort(-busy, kind="stable")[:MOST_CSAS]
    rows = sorted(most.tolist(), key=lambda row: names[owners[row]].lower())
    weeks = found.used.shape[1]
    return Load(
        csas=tuple(_apart([names[owners[row]] for row in rows], [owners[row] for row in rows])),
        mondays=tuple(monday_of(week, asked.question.first_monday) for week in range(weeks)),
        loads=Loads(found.used[rows], found.capacity[rows]),
        left=len(owners) - len(rows),
    )


async def drawn(work: Work, load: Load) -> str:
    """Slack's id of the picture, drawn now where it was not; a job shows it as it ends."""
    async with work.store.reading() as reading:
        kept = await reading.pictures.file(load.digest)
    if kept:
        return kept
    data = await work.in_child(load_drawn, *load.figures)
    return await work.slack.upload(data, name=NAME, title=TITLE)


async def have_drawn(tx: Transaction, load: Load, *, lost: str | None = None) -> bool:
    """Have it drawn, unless it is drawn; whether it is about to be."""
    return await begun(tx, DRAW, load.given, about=ABOUT, lost=lost)


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw, bring it to Slack, and note what it shows."""
    given = work.job.given
    used, capacity = (np.array(given[name], np.int64) for name in ("used", "capacity"))
    mondays = tuple(date.fromisoformat(monday) for monday in given["mondays"])
    load = Load(tuple(given["csas"]), mondays, Loads(used, capacity), 0)
    await finish(work, load_drawn, *load.figures, name=NAME, title=TITLE)


def _apart(names: list[str], emails: list[str]) -> list[str]:
    """The names, with the address behind those that two share: a chart has one row for each name."""
    return [
        f"{name} ({email})" if names.count(name) > 1 and name != email else name
        for name, email in zip(names, emails, strict=True)
    ]
