"""The example's own today, and how everything else hangs on it."""

from datetime import date, timedelta

TODAY = date(2022, 1, 15)
EPOCH = date(1970, 1, 1)
WEEKS_OF_HISTORY = 17


def monday(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def moved(day: date, today: date) -> date:
    """A date of the example as it is in a world that lives at another today, same weekday."""
    return day + (monday(today) - monday(TODAY))


def weeks_of_history(today: date) -> list[date]:
    """The Mondays of the last full weeks before today, oldest first."""
    this_week = monday(today)
    return [this_week - timedelta(weeks=back) for back in range(WEEKS_OF_HISTORY, 0, -1)]


def week_of(day: date, today: date) -> int:
    """The place of the day's week in the history of a world that lives at `today`; from 0."""
    return (monday(day) - weeks_of_history(today)[0]).days // 7
