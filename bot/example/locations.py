"""The locations: where they are, and how each one's trade goes."""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum

import numpy as np

from bot.example.chance import Real, Whole, stream
from bot.example.customers import Customers
from bot.example.dates import EPOCH, WEEKS_OF_HISTORY, weeks_of_history
from bot.example.vocabulary import vocabulary


class Habit(IntEnum):
    """How a location is doing, as its orders tell it."""

    healthy = 0
    flaky = 1  # misses many orders
    fading = 2  # orders decline
    quiet = 3  # an order or two a week, always
    new = 4  # signed up in the last weeks
    closed = 5  # orders stopped, nobody told us
    gone = 6  # no order in all of the history
    silent = 7  # signed up, never ordered
    offboarded = 8  # left, and we know


SMALL, NATIONAL = 10, 40
# Shares of a chain: in its home city, far from its region, and with the fortune of its brand.
AT_HOME, FAR_AWAY, ALIKE = 0.4, 0.2, 0.35
HABIT_SHARES = (0.605, 0.10, 0.08, 0.04, 0.06, 0.06, 0.015, 0.01, 0.03)


@dataclass(frozen=True)
class Locations:
    """One entry a location.

    `weekly` is its usual orders a week; `start` and `stop` are the first week of the history in
    which it takes orders and the first in which it no longer does; `signed_up` counts days since
    1970-01-01.
    """

    customer: Whole
    city: Whole
    habit: Whole
    weekly: Real
    start: Whole
    stop: Whole
    signed_up: Whole


def locations_of(customers: Customers, today: date, seed: int) -> Locations:
    """The locations of all customers, each customer's together."""
    chance = stream(seed, "locations")
    customer = np.repeat(np.arange(len(customers.size)), customers.size)
    habit = _habits(customers, customer, chance)
    start, stop = _lifetimes(habit, chance)
    return Locations(
        customer=customer,
        city=_cities(customers, customer, chance),
        habit=habit,
        weekly=_usual_orders(customers, customer, habit, chance),
        start=start,
        stop=stop,
        signed_up=_signed_up(habit, start, today, chance),
    )


def _cities(customers: Customers, customer: Whole, chance: np.random.Generator) -> Whole:
    """At home or elsewhere in the region; the large chains of the United States all over it."""
    regions = np.array([city.region for city in vocabulary().cities])
    home = customers.home[customer]
    first = np.array([np.argmax(regions == region) for region in regions])[home]
    cities = np.array([np.count_nonzero(regions == region) for region in regions])[home]
    in_region = first + np.floor(chance.random(len(customer)) * cities).astype(np.int64)
    american = np.count_nonzero(np.char.startswith(regions, "us-"))
    anywhere = chance.integers(american, size=len(customer))
    size = customers.size[customer]
    draw = chance.random(len(customer))
    stays = (size == 1) | ((size <= NATIONAL) & (draw < AT_HOME))
    far = (size > NATIONAL) | ((size > SMALL) & (draw > 1 - FAR_AWAY))
    travels = far & (home < american)
    return np.where(stays, home, np.where(travels, anywhere, in_region))


def _habits(customers: Customers, customer: Whole, chance: np.random.Generator) -> Whole:
    """Each location's own luck, or its brand's: small brands thrive and fail together."""
    shared = chance.random(len(customers.size))[customer]
    own = chance.random(len(customer))
    together = (chance.random(len(customer)) < ALIKE) & (customers.size[customer] <= SMALL)
    luck = np.where(together, shared, own)
    habit = np.searchsorted(np.cumsum(HABIT_SHARES)[:-1], luck, side="right")
    # Joe's, which every demo opens with, is in business.
    habit[(customer == 0) & (habit > Habit.new)] = Habit.healthy
    return habit


def _lifetimes(habit: Whole, chance: np.random.Generator) -> tuple[Whole, Whole]:
    count = len(habit)
    young = chance.integers(WEEKS_OF_HISTORY - 9, WEEKS_OF_HISTORY - 1, size=count)
    ended = chance.integers(3, WEEKS_OF_HISTORY + 1, size=count)
    start = np.where(habit == Habit.new, young, 0)
    over = (habit == Habit.closed) | (habit == Habit.offboarded)
    never = (habit == Habit.gone) | (habit == Habit.silent)
    stop = np.where(over, ended, np.where(never, 0, WEEKS_OF_HISTORY + 1))
    return start, stop


def _usual_orders(
    customers: Customers, customer: Whole, habit: Whole, chance: np.random.Generator
) -> Real:
    usual = np.array([cuisine.weekly for cuisine in vocabulary().cuisines])
    brand = 0.5 + 1.2 * chance.random(len(customers.size))
    # A product of two draws: most places near half of the usual, a few at three times it.
    place = 0.15 + 3.0 * chance.random(len(customer)) * chance.random(len(customer))
    busy = (usual[customers.cuisine] * brand)[customer] * place
    return np.where(habit == Habit.quiet, 0.8 + 2.2 * chance.random(len(customer)), busy)


def _signed_up(habit: Whole, start: Whole, today: date, chance: np.random.Generator) -> Whole:
    first_week = (weeks_of_history(today)[0] - EPOCH).days
    draw = chance.random(len(habit))
    long_ago = first_week - 420 - np.floor(draw**2 * 1800)
    just_before = first_week + 7 * start - np.floor(draw * 10)
    lately = (today - EPOCH).days - 35 - np.floor(draw * 60)
    young, silent = habit == Habit.new, habit == Habit.silent
    days = np.where(young, just_before, np.where(silent, lately, long_ago))
    return days.astype(np.int64)
