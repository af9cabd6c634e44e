"""How an approved escalation ends, once its weeks or its due day are over."""

from collections.abc import Sequence
from datetime import date, timedelta

from rules.escalation import Step

A_WEEK = timedelta(weeks=1)


def has_moved(week: date | None, today: date) -> bool:
    """Whether a location that was promised the week of this Monday counts as moved: it is over."""
    return week is not None and week + A_WEEK <= today


def ending(
    weeks: Sequence[date | None], due_on: date, today: date, *, is_scheduled: bool
) -> Step | None:
    """The step that ends an escalation today, if any does; `weeks` are those of its locations.

    It is kept when all of them have moved by the week of the due day, missed when that week is over
    and some have not, and it expires when it never got a week, or when no location is left of it.
    """
    if not weeks:
        return Step.expire
    due_week = due_on - timedelta(days=due_on.weekday())
    if all(has_moved(week, today) for week in weeks) and max(map(_day, weeks)) <= due_week:
        return Step.keep
    if today < due_week + A_WEEK:
        return None
    return Step.miss if is_scheduled else Step.expire


def late(weeks: Sequence[date | None], due_on: date) -> int:
    """How many locations did not go by the week of the due day."""
    due_week = due_on - timedelta(days=due_on.weekday())
    return sum(week is None or week > due_week for week in weeks)


def _day(week: date | None) -> date:
    return week or date.max
