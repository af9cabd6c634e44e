"""What moving does to locations: most miss fewer orders from then on, and some miss more."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.example.chance import Real, Whole, stream
from bot.example.dates import week_of

NEVER = 10**6
BETTER = (0.25, 0.65)
"""What is left of the missed rate of those who gain, least and most; on average what plans assume."""
WORSE = (1.8, 3.0)
SHARE_WORSE = 0.08
MOST = 0.6
"""No location misses more of its orders than this."""


@dataclass(frozen=True)
class Moves:
    """When each location moved, as the place of the week in the history, and what that did.

    `times` is what becomes of its missed rate from the week after on.
    """

    week: Whole
    times: Real

    @classmethod
    def none(cls, locations: int) -> "Moves":
        """Nobody has moved."""
        return cls(np.full(locations, NEVER), np.ones(locations))

    @classmethod
    def of(cls, moved: Mapping[int, date], locations: int, today: date, seed: int) -> "Moves":
        """Those that moved on these days, by their place; each has its own luck, whoever else moved."""
        moves = cls.none(locations)
        luck = stream(seed, "moves").random((locations, 2))
        for place, day in moved.items():
            least, most = WORSE if luck[place, 0] < SHARE_WORSE else BETTER
            moves.week[place] = week_of(day, today)
            moves.times[place] = least + (most - least) * luck[place, 1]
        return moves

    def missed(self, rate: Real, week: int) -> Real:
        """The missed rates in a week, given what they would be without a move.

        The week of a move is half of the old system and half of the new one.
        """
        half = np.where(week == self.week, (1 + self.times) / 2, 1.0)
        there: Real = np.where(week > self.week, self.times, half)
        return np.where(there == 1.0, rate, np.minimum(rate * there, MOST))
