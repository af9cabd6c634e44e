"""The list of escalated stores: whom their CSAs, and others, want to move sooner, and why."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from bot.example.dates import moved
from bot.example.names import KNOWN_BRANDS
from bot.example.people import CSA, PRODUCT, SALES
from bot.example.world import World, location_ids


@dataclass(frozen=True)
class Escalated:
    """Some locations of a brand, by their place among its own; nobody named: its CSA asks."""

    brand: str
    places: tuple[int, ...]
    wished_on: date
    reason: str
    requested_by: str = ""


ESCALATED = (
    Escalated(
        "Joe\N{RIGHT SINGLE QUOTATION MARK}s Pizza & Wings",
        (0, 1, 2),
        date(2022, 3, 7),
        "Same owner as Joe's Pizza, who wants both brands on one system before spring break; he has "
        "asked three times",
    ),
    Escalated(
        "Café Zoë",
        (2, 3),
        date(2022, 3, 7),
        "The lease of their old tablets ends on 11 March, and renewing it binds them for a year",
    ),
    Escalated(
        "🍕 Slice Slice Baby 🍕",
        (0,),
        date(2022, 3, 14),
        "Named as the reference for loyalty points, to be shown on 15 March",
        PRODUCT.email,
    ),
    Escalated(
        "らーめん一番",
        (1,),
        date(2022, 1, 31),
        "They open for lunch in February, and the old tablets cannot take two menus",
    ),
    Escalated(
        "龍門飯店 Dragon Gate",
        (2, 3),
        date(2022, 2, 21),
        "New owner since January; her contract lets her leave until the end of March",
        SALES.email,
    ),
    Escalated(
        "Crêperie Été & Fils",
        (1,),
        date(2022, 2, 7),
        "Loses every eighth order, and the manager calls each morning",
        SALES.email,
    ),
)
HEADERS = {
    "location_id": "Store ID",
    "requested_by": "Requested by",
    "reason": "Reason",
    "wished_on": "Wished date",
}


def escalated_sheet(places: World) -> pl.DataFrame:
    """One row for each location, under its keeper's headers."""
    ids = location_ids(places)
    rows = [
        (ids[location], one.requested_by or _csa(places, one.brand), one.reason, wished)
        for one in ESCALATED
        for location in _locations(places, one)
        for wished in [moved(one.wished_on, places.today)]
    ]
    return pl.DataFrame(rows, schema=list(HEADERS.values()), orient="row")


def _locations(places: World, one: Escalated) -> list[int]:
    """Where these locations are; a small world may have fewer of them."""
    of_brand = np.flatnonzero(places.locations.customer == _place(one.brand)).tolist()
    return [of_brand[at] for at in one.places if at < len(of_brand)] or of_brand[:1]


def _csa(places: World, brand: str) -> str:
    owner: CSA = places.team[places.customers.owner[_place(brand)]]
    return owner.email


def _place(brand: str) -> int:
    return [known.name for known in KNOWN_BRANDS].index(brand)
