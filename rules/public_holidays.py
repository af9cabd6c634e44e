"""Public holidays: on which days a country, or a part of one, does not work."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# Imported by each function for itself: it takes a tenth of a second, and most never ask.

MOST_REMEMBERED = 64


class UnknownPlace(ValueError):
    """Nobody knows the public holidays of a place that is written like this."""


@dataclass(frozen=True, slots=True)
class Place:
    """A country, or a part of one, by the code of ISO 3166: "DE", "DE-BY"."""

    code: str
    name: str

    @property
    def label(self) -> str:
        """What people choose: "Germany (DE)"."""
        return f"{self.name} ({self.code})"


@lru_cache(maxsize=MOST_REMEMBERED)
def days_off(code: str, year: int) -> dict[date, str]:
    """The public holidays of a place in a year, in order, each with its name in English or its own.

    Without a place there are none. Raises UnknownPlace.
    """
    from holidays import country_holidays

    if not code:
        return {}
    country, _, part = place(code).code.partition("-")
    return dict(sorted(country_holidays(country, subdiv=part or None, years=year).items()))


def place(code: str) -> Place:
    """The place with a code, however it is written; raises UnknownPlace."""
    wanted = code.strip().upper()
    for each in places():
        if each.code.upper() == wanted:
            return each
    raise UnknownPlace(
        f"Nobody knows the public holidays of {code!r}. Name a country by its two letters, as in US, "
        "or a part of it, as in DE-BY."
    )


def places_like(typed: str, *, most: int) -> list[Place]:
    """The places whose code or name begins with what was typed; whole countries first."""
    wanted = typed.strip().casefold()
    found = (
        each
        for each in places()
        if each.code.casefold().startswith(wanted)
        or any(word.startswith(wanted) for word in _beginnings(each.name.casefold()))
    )
    return sorted(found, key=lambda each: ("-" in each.code, each.name))[:most]


@lru_cache(maxsize=1)
def places() -> tuple[Place, ...]:
    """Every country whose holidays are known, and every part of one."""
    from holidays import list_supported_countries
    from holidays.registry import COUNTRIES

    named = {codes[1]: key.replace("_", " ").title() for key, codes in COUNTRIES.items()}
    parts = list_supported_countries(include_aliases=False)
    return tuple(
        place
        for code, name in named.items()
        for place in (
            Place(code, name),
            *(Place(f"{code}-{part}", f"{name}, {part}") for part in parts[code]),
        )
    )


def _beginnings(name: str) -> Iterator[str]:
    """What a name may be looked for by: all of it, and from each of its words on."""
    words = name.split()
    return (" ".join(words[first:]) for first in range(len(words)))
