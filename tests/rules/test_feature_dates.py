"""A feature's new date: each change that can be, and each that cannot."""

from datetime import date

import pytest

from rules.feature_dates import FeatureDates, ImpossibleDate, Outcome, changed

TODAY = date(2022, 1, 15)
PAST, SOON, LATER = date(2022, 1, 14), date(2022, 2, 1), date(2022, 3, 1)
PLANNED = FeatureDates(SOON)


@pytest.mark.parametrize(
    ("was", "outcome", "on", "now"),
    [
        (PLANNED, Outcome.planned, LATER, FeatureDates(LATER)),
        (PLANNED, Outcome.planned, TODAY, FeatureDates(TODAY)),
        (FeatureDates(), Outcome.planned, SOON, PLANNED),
        (PLANNED, Outcome.released, None, FeatureDates(SOON, TODAY)),
        (PLANNED, Outcome.released, PAST, FeatureDates(SOON, PAST)),
        (FeatureDates(), Outcome.released, TODAY, FeatureDates(None, TODAY)),
        (PLANNED, Outcome.undated, None, FeatureDates()),
        (PLANNED, Outcome.undated, LATER, FeatureDates()),
    ],
)
def test_what_can_be_is_what_was_said(
    was: FeatureDates, outcome: Outcome, on: date | None, now: FeatureDates
) -> None:
    assert changed(was, outcome, on, TODAY) == now


@pytest.mark.parametrize(
    ("was", "outcome", "on", "told"),
    [
        (PLANNED, Outcome.planned, None, "Choose the day"),
        (PLANNED, Outcome.planned, PAST, "This day is past"),
        (PLANNED, Outcome.planned, SOON, "planned for this day already"),
        (PLANNED, Outcome.released, SOON, "yet to come"),
        (FeatureDates(), Outcome.undated, None, "no date already"),
        (FeatureDates(SOON, PAST), Outcome.planned, LATER, "released already"),
        (FeatureDates(SOON, PAST), Outcome.released, TODAY, "released already"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    was: FeatureDates, outcome: Outcome, on: date | None, told: str
) -> None:
    with pytest.raises(ImpossibleDate, match=told):
        changed(was, outcome, on, TODAY)
