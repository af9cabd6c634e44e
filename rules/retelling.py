"""What somebody was told already, by whatever way, so that no digest tells it to them again."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from rules.figures import Flags

WINDOW = timedelta(days=6)
"""For so long nobody is told the same again. Less than a week, so that next week's may repeat it."""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody was told a fact at an instant of business time.

    A fact is named by all that it says ("wave|2022-01-24|customer|C-7"): told with another date, it
    is another fact.
    """

    person: str
    fact: str
    at: datetime


def lately(
    told: Iterable[Told], now: datetime, window: timedelta = WINDOW
) -> Iterator[tuple[str, str]]:
    """The person and fact of what was told within a window, or later than now by a clock set back."""
    return ((each.person, each.fact) for each in told if each.at > now - window)


def marked(pairs: Iterable[tuple[str, str]], rows: Sequence[str], columns: Sequence[str]) -> Flags:
    """A table of what goes together, bool[rows, columns]; who or what is not in it is passed over.

    >>> marked([("ana", "x"), ("ben", "y"), ("zoe", "x")], ["ana", "ben"], ["x", "y"]).tolist()
    [[True, False], [False, True]]
    """
    row_of = {name: at for at, name in enumerate(rows)}
    column_of = {name: at for at, name in enumerate(columns)}
    places = [
        (row_of[row], column_of[column])
        for row, column in pairs
        if row in row_of and column in column_of
    ]
    table = np.zeros((len(rows), len(columns)), dtype=np.bool_)
    if places:
        table[tuple(np.array(places).T)] = True
    return table
