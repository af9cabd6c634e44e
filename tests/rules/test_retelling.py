"""What was told already: by anybody's clock, and for less than a week."""

from datetime import UTC, datetime, timedelta

from rules.retelling import WINDOW, Told, lately, marked

NINE = datetime(2022, 1, 17, 9, tzinfo=UTC)
WAVE = "wave|2022-01-24|customer|C-7"


def test_the_same_is_not_told_again_within_the_window_and_is_after_it() -> None:
    ages = [timedelta(0), timedelta(hours=1), WINDOW - timedelta(seconds=1), WINDOW]
    told = [Told(f"person {at}", WAVE, NINE - age) for at, age in enumerate(ages)]
    assert list(lately(told, NINE)) == [(f"person {at}", WAVE) for at in range(3)]


def test_next_weeks_announcement_may_repeat_what_this_weeks_said_a_little_late() -> None:
    said = Told("ana", WAVE, NINE + timedelta(hours=10))
    assert not list(lately([said], NINE + timedelta(weeks=1)))


def test_what_was_told_stays_told_when_the_clock_is_set_back() -> None:
    assert list(lately([Told("ana", WAVE, NINE)], NINE - timedelta(days=30))) == [("ana", WAVE)]


def test_who_or_what_a_table_does_not_have_is_passed_over() -> None:
    pairs = [("ana", "x"), ("ana", "x"), ("ben", "z"), ("zoe", "y")]
    assert marked(pairs, ["ana", "ben"], ["x", "y", "z"]).tolist() == [
        [True, False, False],
        [False, False, True],
    ]
    assert marked([], ["ana"], []).shape == (1, 0)
    assert marked([("zoe", "x")], ["ana"], ["x"]).tolist() == [[False]]
