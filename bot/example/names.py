"""What customers are called: believable brands, and the difficult ones that real data has."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.example.chance import stream
from bot.example.vocabulary import Cuisine, phone_book, vocabulary


@dataclass(frozen=True)
class KnownBrand:
    """A customer that is in every world, with its cuisine and about how many locations it has."""

    name: str
    cuisine: str
    size: int


KNOWN_BRANDS = (
    KnownBrand("Joe's Pizza", "pizza", 14),
    KnownBrand("Joe\N{RIGHT SINGLE QUOTATION MARK}s Pizza & Wings", "pizza", 3),
    KnownBrand("Blue Heron Taqueria", "mexican", 9),
    KnownBrand("Blue Heron Taquería", "mexican", 2),
    KnownBrand("O'Malley & Sons", "bar", 4),
    KnownBrand("<!channel> Grill", "burgers", 3),
    KnownBrand("*Stars* & _Bars_", "bar", 5),
    KnownBrand("🍕 Slice Slice Baby 🍕", "pizza", 6),
    KnownBrand("مطعم الياسمين", "mediterranean", 2),
    KnownBrand("מסעדת הזית", "mediterranean", 1),
    KnownBrand("龍門飯店 Dragon Gate", "noodles", 4),
    KnownBrand("らーめん一番", "noodles", 2),
    KnownBrand("Crêperie Été & Fils", "diner", 2),
    KnownBrand("Señor Jalapeño", "mexican", 8),
    KnownBrand("Café Zoë", "coffee", 5),
    KnownBrand('The "Best" Burger, Inc.', "burgers", 7),
    KnownBrand("=1+1 Noodle Bar", "noodles", 1),
    KnownBrand(
        "The Original Great-Grandmother Wilhelmina's World-Famous Buttermilk Pancake, Waffle, "
        "Omelette and Bottomless Coffee House of Upper Sandusky, Ohio (Since 1931)",
        "diner",
        1,
    ),
)


@dataclass(frozen=True)
class Brands:
    """Names of customers, all different, and the place of each one's cuisine in the vocabulary."""

    names: list[str]
    cuisines: NDArray[np.int64]


def brands(count: int, seed: int) -> Brands:
    """As many brands as asked for, the known ones first."""
    cuisines = vocabulary().cuisines
    place = {cuisine.name: index for index, cuisine in enumerate(cuisines)}
    found = {brand.name: place[brand.cuisine] for brand in KNOWN_BRANDS}
    chance = stream(seed, "brands")
    surnames = phone_book(count // 4)
    shares = np.array([cuisine.share for cuisine in cuisines], dtype=np.float64)
    while len(found) < count:
        kinds = chance.choice(len(cuisines), size=count, p=shares / shares.sum()).tolist()
        draws = chance.integers(2**31, size=(count, 4)).tolist()
        for cuisine, draw in zip(kinds, draws, strict=True):
            found.setdefault(_name(cuisines[cuisine], draw, surnames), cuisine)
    chosen = list(found)[:count]
    return Brands(chosen, np.array([found[name] for name in chosen], dtype=np.int64))


def _name(cuisine: Cuisine, draw: list[int], surnames: list[str]) -> str:
    style = STYLES[draw[0] % len(STYLES)]
    return style(cuisine, draw, surnames)


def _one(words: list[str], draw: int) -> str:
    return words[draw % len(words)]


def _of_a_person(cuisine: Cuisine, draw: list[int], _: list[str]) -> str:
    return f"{_one(cuisine.people, draw[1])}'s {_one(cuisine.kinds, draw[2])}"


def _of_a_picture(cuisine: Cuisine, draw: list[int], _: list[str]) -> str:
    words = vocabulary()
    picture = f"{_one(words.adjectives, draw[1])} {_one(words.nouns, draw[2])}"
    return f"{picture} {_one(cuisine.kinds, draw[3])}"


def _of_a_house(cuisine: Cuisine, draw: list[int], surnames: list[str]) -> str:
    if cuisine.name not in {"bar", "diner", "seafood", "burgers"}:
        return _of_a_picture(cuisine, draw, surnames)
    words = vocabulary()
    return f"The {_one(words.adjectives, draw[1])} {_one(words.nouns, draw[2])}"


def _of_a_pair(cuisine: Cuisine, draw: list[int], surnames: list[str]) -> str:
    pairs = vocabulary().pairs
    first, second = _one(pairs, draw[1]), _one(pairs, draw[2])
    if first == second:
        return _of_a_picture(cuisine, draw, surnames)
    return f"{first} & {second} {_one(cuisine.kinds, draw[3])}"


def _of_a_family(cuisine: Cuisine, draw: list[int], surnames: list[str]) -> str:
    if cuisine.name in {"noodles", "sushi", "indian", "thai", "mexican"}:
        return _of_a_person(cuisine, draw, surnames)
    family = _one(surnames, draw[1])
    kin = _one([f"{family} Brothers", f"{family} & Sons", f"{family}'s", family], draw[3])
    return f"{kin} {_one(cuisine.kinds, draw[2])}"


def _of_a_street(cuisine: Cuisine, draw: list[int], _: list[str]) -> str:
    return f"{_one(vocabulary().streets, draw[1])} Street {_one(cuisine.kinds, draw[2])}"


def _of_a_country(cuisine: Cuisine, draw: list[int], surnames: list[str]) -> str:
    if not cuisine.prefixes:
        return _of_a_person(cuisine, draw, surnames)
    return f"{_one(cuisine.prefixes, draw[1])} {_one(cuisine.words, draw[2])}"


STYLES: tuple[Callable[[Cuisine, list[int], list[str]], str], ...] = (
    _of_a_person,
    _of_a_person,
    _of_a_picture,
    _of_a_picture,
    _of_a_house,
    _of_a_pair,
    _of_a_family,
    _of_a_family,
    _of_a_street,
    _of_a_country,
)
