"""The example world as a whole, and what its locations are called."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from bot.example.chance import stream
from bot.example.customers import Customers, customers_of, numbered
from bot.example.locations import Locations, locations_of
from bot.example.moves import Moves
from bot.example.names import KNOWN_BRANDS
from bot.example.people import CSA, csas
from bot.example.vocabulary import phone_book, vocabulary


@dataclass(frozen=True)
class World:
    """Everything the sheets are written from, as it is known on a day: today, or one before it."""

    today: date
    seen_on: date
    seed: int
    team: list[CSA]
    customers: Customers
    locations: Locations
    moves: Moves


def world(today: date, seed: int = 2022, locations: int = 2_000, customers: int = 400) -> World:
    """The example world, the same for the same arguments.

    Raises ValueError when there are fewer locations than customers, or too few customers for the
    brands that every world has.
    """
    if customers < len(KNOWN_BRANDS):
        raise ValueError(f"The example has at least {len(KNOWN_BRANDS)} customers.")
    if locations < customers:
        raise ValueError(f"{customers} customers need at least as many locations, not {locations}.")
    team = csas(customers)
    merchants = customers_of(customers, locations, team, seed)
    here = locations_of(merchants, today, seed)
    return World(today, today, seed, team, merchants, here, Moves.none(locations))


def location_ids(places: World) -> list[str]:
    """An identifier for each location, in order."""
    return numbered("L", len(places.locations.customer), 5)


def location_names(places: World) -> pl.Series:
    """Brand, city and street of each location, as a signboard has them."""
    count = len(places.locations.customer)
    chance = stream(places.seed, "streets")
    streets = vocabulary().streets
    if count > 100 * len(streets):
        streets = streets + phone_book(count // 25)
    cities = pl.Series([city.name for city in vocabulary().cities])
    parts = pl.DataFrame(
        {
            "brand": pl.Series(places.customers.names).gather(places.locations.customer),
            "city": cities.gather(places.locations.city),
            "number": chance.integers(1, 980, size=count),
            "street": pl.Series(streets).gather(chance.integers(len(streets), size=count)),
            "way": pl.Series(["St", "St", "Ave", "Rd"]).gather(chance.integers(4, size=count)),
        }
    )
    return parts.select(
        pl.format("{} - {}, {} {} {}", "brand", "city", "number", "street", "way").alias("name")
    )["name"]
