"""The days on which nobody wants to migrate, and why."""

from datetime import date, timedelta

import polars as pl

from bot.example.dates import moved

UNITED_STATES = ("us-east", "us-central", "us-mountain", "us-west")
EVERYWHERE = ("*",)

PAUSE = (date(2021, 12, 20), date(2022, 1, 7))
PAUSE_WHY = "Holidays, and time to learn from the first two waves"

MONDAY, THURSDAY, SUNDAY = 0, 3, 6


def blackout_sheet(today: date) -> pl.DataFrame:
    """Blackouts of the next twelve months, one row a region and stretch of days, by first day."""
    end = today + timedelta(days=365)
    rows = [
        (region, start, stop, why)
        for year in range(today.year - 1, today.year + 2)
        for regions, start, stop, why in _year(year)
        for region in regions
        if stop >= today and start < end
    ]
    rows.sort(key=lambda row: (row[1], row[3], row[0]))
    return pl.DataFrame(rows, schema=["region", "from", "to", "why"], orient="row")


def first_blackouts(today: date, seen_on: date) -> pl.DataFrame:
    """Those that were known on a day before the first wave: after two waves all stop to learn."""
    first, last = (moved(day, today) for day in PAUSE)
    pause = pl.DataFrame({"region": EVERYWHERE, "from": first, "to": last, "why": PAUSE_WHY})
    return pl.concat([pause, blackout_sheet(seen_on)])


def thanksgiving(year: int) -> date:
    """Thanksgiving Day in the United States."""
    return _nth(4, THURSDAY, year, 11)


def _year(year: int) -> list[tuple[tuple[str, ...], date, date, str]]:
    """Regions, first day, last day and reason of each blackout that begins in the year."""
    king = _nth(3, MONDAY, year, 1)
    # The second Sunday of February since the season of 17 games began in 2021.
    bowl = _nth(2, SUNDAY, year, 2)
    easter = _easter(year)
    mothers = _nth(2, SUNDAY, year, 5)
    thanks = thanksgiving(year)
    canada_thanks = _nth(2, MONDAY, year, 10)
    early_may = _nth(1, MONDAY, year, 5)
    return [
        (UNITED_STATES, king, king, "Martin Luther King Jr. Day"),
        (UNITED_STATES, bowl - _days(3), bowl + _days(1), "Super Bowl weekend, busiest for pizza"),
        (
            ("us-east", "us-west", "ca", "uk"),
            date(year, 2, 11),
            date(year, 2, 15),
            "Valentine's Day, full dining rooms",
        ),
        (EVERYWHERE, easter - _days(3), easter + _days(2), "Easter"),
        (("uk",), early_may, early_may, "Early May bank holiday"),
        (UNITED_STATES, mothers - _days(2), mothers, "Mother's Day, busiest Sunday of the year"),
        (("ca",), date(year, 6, 30), date(year, 7, 2), "Canada Day"),
        (UNITED_STATES, date(year, 7, 1), date(year, 7, 5), "Independence Day"),
        (("ca",), canada_thanks - _days(3), canada_thanks, "Thanksgiving in Canada"),
        (UNITED_STATES, thanks - _days(3), thanks + _days(3), "Thanksgiving week"),
        (EVERYWHERE, date(year, 12, 19), date(year + 1, 1, 2), "Christmas freeze"),
    ]


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _nth(nth: int, weekday: int, year: int, month: int) -> date:
    first = date(year, month, 1)
    return first + _days((weekday - first.weekday()) % 7 + 7 * (nth - 1))


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (the Meeus/Jones/Butcher algorithm)."""
    century, in_century = divmod(year, 100)
    leap_centuries, rest = divmod(century, 4)
    shift = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - leap_centuries - shift + 15) % 30
    leaps, years = divmod(in_century, 4)
    to_sunday = (32 + 2 * rest + 2 * leaps - moon - years) % 7
    late = (year % 19 + 11 * moon + 22 * to_sunday) // 451
    month, day = divmod(moon + to_sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
