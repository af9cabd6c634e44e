"""The words that names are made of, from `words.json`."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import product


@dataclass(frozen=True)
class Cuisine:
    """What a restaurant serves, and so its name, its prices and its trade.

    `ticket` is the usual order in dollars, `weekly` the usual orders a week, `wants` the feature
    such a place tends to need (empty when none), `share` its weight among the customers.
    """

    name: str
    share: int
    kinds: list[str]
    people: list[str]
    prefixes: list[str]
    words: list[str]
    ticket: int
    weekly: int
    wants: str


@dataclass(frozen=True)
class City:
    """A city with its region and IANA time zone."""

    name: str
    region: str
    timezone: str


@dataclass(frozen=True)
class Vocabulary:
    """Every word list of the example."""

    cuisines: list[Cuisine]
    cities: list[City]
    adjectives: list[str]
    nouns: list[str]
    pairs: list[str]
    first_names: list[str]
    surnames: list[str]
    streets: list[str]
    coined: list[str]


@cache
def vocabulary() -> Vocabulary:
    """The words; cities of one region stand together, those of the United States first."""
    words = json.loads(files("bot.example").joinpath("words.json").read_text("utf-8"))
    return Vocabulary(
        cuisines=[Cuisine(**cuisine) for cuisine in words["cuisines"]],
        cities=[
            City(name, zone["region"], zone["timezone"])
            for zone in words["cities"]
            for name in zone["names"]
        ],
        adjectives=words["adjectives"],
        nouns=words["nouns"],
        pairs=words["pairs"],
        first_names=words["first_names"],
        surnames=words["surnames"],
        streets=words["streets"],
        coined=_coined(words["coinages"]),
    )


def phone_book(size: int) -> list[str]:
    """Distinct surnames: real ones first, then coined ones, so that a bigger world has more."""
    words = vocabulary()
    return (words.surnames + words.coined)[: max(size, len(words.surnames))]


def _coined(coinages: list[dict[str, list[str]]]) -> list[str]:
    made = (
        start + middle + end
        for parts in coinages
        for end, middle, start in product(parts["ends"], parts["middles"], parts["starts"])
    )
    return list(dict.fromkeys(made))
