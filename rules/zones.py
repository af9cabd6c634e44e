"""Time zones by what people call them."""

from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

NOT_PLACES = ("Etc/", "SystemV/", "posix/", "right/")


def is_zone(name: str) -> bool:
    """Whether there is a time zone of this name. Looking through all of them takes milliseconds."""
    try:
        ZoneInfo(name)
    except (ValueError, LookupError, OSError):  # a name may also be that of a folder, or of no file
        return False
    return bool(name)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """All time zones that are named after a place, and UTC."""
    named = (zone for zone in available_timezones() if "/" in zone)
    return ("UTC", *sorted(zone for zone in named if not zone.startswith(NOT_PLACES)))


def zones_like(typed: str, *, most: int) -> list[str]:
    """The zones whose city or whole name begins with what was typed: "new york", "Europe/Be"."""
    wanted = typed.strip().casefold().replace(" ", "_")
    found = (
        zone
        for zone in zones()
        if any(name.casefold().startswith(wanted) for name in (zone, *zone.split("/")))
    )
    return sorted(found, key=lambda zone: (not _is_city(zone, wanted), zone))[:most]


def _is_city(zone: str, wanted: str) -> bool:
    return zone.rpartition("/")[2].casefold().startswith(wanted)
