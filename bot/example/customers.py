"""The customers: their names, how big they are, where they are at home and whose they are."""

from dataclasses import dataclass

import numpy as np

from bot.example.chance import Claim, Real, Whole, shared_out, stream
from bot.example.names import KNOWN_BRANDS, brands
from bot.example.people import CSA
from bot.example.vocabulary import vocabulary

REGION_SHARES = {
    "us-east": 0.34,
    "us-central": 0.26,
    "us-mountain": 0.12,
    "us-west": 0.18,
    "ca": 0.06,
    "uk": 0.04,
}
LARGEST = 140
WAITING = 0.45


@dataclass(frozen=True)
class Customers:
    """One entry a customer; `cuisine`, `owner` and `home` are places in their lists."""

    ids: list[str]
    names: list[str]
    cuisine: Whole
    size: Whole
    owner: Whole
    home: Whole
    wants: Claim


def customers_of(count: int, locations: int, team: list[CSA], seed: int) -> Customers:
    """As many customers as asked for, who have so many locations together."""
    chance = stream(seed, "customers")
    named = brands(count, seed)
    size = _sizes(count, locations, chance)
    home = chance.choice(len(vocabulary().cities), size=count, p=_city_shares())
    home[0] = 0
    wants = chance.random(count) < WAITING
    # The demo asks why Joe's goes ahead of others, so nothing may hold Joe's back.
    wants[0] = False
    return Customers(
        ids=numbered("C", count, 4),
        names=named.names,
        cuisine=named.cuisines,
        size=size,
        owner=_owners(size, team),
        home=home,
        wants=wants,
    )


def _sizes(count: int, locations: int, chance: np.random.Generator) -> Whole:
    """Heavy-tailed sizes of at least 1 that add up to the locations (Pareto, shape 1.1).

    The draws are spread evenly over the distribution, so that each world has its few large chains.
    """
    spread = (chance.permutation(count) + chance.random(count)) / count
    draws = np.minimum((1 - spread) ** (-1 / 1.1), LARGEST)
    known = [brand.size for brand in KNOWN_BRANDS[:count]]
    draws[: len(known)] = known
    # A little above 1 for all: customers of one location each can be shared out too.
    above_one = draws - 1 + 1e-9
    return 1 + shared_out(locations - count, above_one)


def _owners(size: Whole, team: list[CSA]) -> Whole:
    """Customers dealt by size, each CSA as often as capacity allows; the first CSA has Joe's."""
    capacity = np.array([csa.weekly_capacity for csa in team], dtype=np.float64)
    seats = shared_out(len(size), capacity)
    whose = np.repeat(np.arange(len(team)), seats)
    turn = np.arange(len(size)) - np.repeat(np.cumsum(seats) - seats, seats)
    deck = whose[np.argsort((turn + 0.5) / seats[whose], kind="stable")]
    by_size = np.argsort(-size, kind="stable")
    owner = np.empty_like(whose)
    owner[by_size] = deck
    of_the_first = np.flatnonzero(owner == 0)
    swapped = of_the_first[np.argmin(np.abs(size[of_the_first] - size[0]))]
    owner[[0, swapped]] = owner[[swapped, 0]]
    return owner


def _city_shares() -> Real:
    cities = vocabulary().cities
    regions = [city.region for city in cities]
    return np.array([REGION_SHARES[region] / regions.count(region) for region in regions])


def numbered(letter: str, count: int, digits: int) -> list[str]:
    """Identifiers in order, all of one length."""
    width = max(digits, len(str(10 ** (digits - 1) + count)))
    first = 10 ** (width - 1) + 1
    return [f"{letter}-{number}" for number in range(first, first + count)]
