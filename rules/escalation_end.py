"""How an approved escalation ends, once its weeks or its due day are over."""

from collections.abc import Sequence
from datetime import date

from rules.calendar import start_of_week
from rules.escalation import Step
from rules.migrated import A_WEEK


def ending(
    weeks: Sequence[date | None],
    due_on: date,
    today: date,
    *,
    is_scheduled: bool,
    migrated: Sequence[bool],
) -> Step | None:
    """The step that ends an escalation today, if any does; `weeks` are those of its locations.

    `migrated` says of each of them whether it has. The escalation is kept when all of them have by the
    week of the due day, missed when that week is over and some have not, and it expires when it never
    got a week, or when no location is left of it.
    """
    if not weeks:
        return Step.expire
    due_week = start_of_week(due_on)
    if all(migrated) and max(map(_day, weeks)) <= due_week:
        return Step.keep
    if today < due_week + A_WEEK:
        return None
    return Step.miss if is_scheduled else Step.expire


def late(weeks: Sequence[date | None], due_on: date, migrated: Sequence[bool]) -> int:
    """How many locations did not go by the week of the due day."""
    due_week = start_of_week(due_on)
    return sum(
        week is None or week > due_week or not has
        for week, has in zip(weeks, migrated, strict=True)
    )


def _day(week: date | None) -> date:
    return week or date.max
