"""The example's own today, and how everything else hangs on it."""

from datetime import date, timedelta

from rules.calendar import start_of_week

TODAY = date(2022, 1, 15)
EPOCH = date(1970, 1, 1)
WEEKS_OF_HISTORY = 17


def moved(day: date, today: date) -> date:
    """A date of the example as it is in a world that lives at another today, same weekday."""
    return day + (start_of_week(today) - start_of_week(TODAY))


def weeks_of_history(today: date) -> list[date]:
    """The Mondays of the last full weeks before today, oldest first."""
    this_week = start_of_week(today)
    return [this_week - timedelta(weeks=back) for back in range(WEEKS_OF_HISTORY, 0, -1)]


def week_of(day: date, today: date) -> int:
    """The place of the day's week in the history of a world that lives at `today`; from 0."""
    return (start_of_week(day) - weeks_of_history(today)[0]).days // 7
