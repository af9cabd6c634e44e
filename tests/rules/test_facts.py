"""What an announcement tells people, by name."""

from datetime import date

from rules.announced import Customer, Feature, Figures, Scope, Wave
from rules.announcement import Topic, announcement
from rules.facts import expected, moves, released, told_by, wave_is
from rules.wave_life import State

MONDAY = date(2022, 1, 17)
FIGURES = Figures(
    week=MONDAY,
    to_move=10,
    moved=2,
    waiting=0,
    has_plan=True,
    tried=0,
    waves=(Wave(MONDAY, State.announced, (Customer("JOE", "Joe's Pizza", 2),)),),
    features=(
        Feature("F", "Loyalty", released_on=date(2022, 1, 12), is_new=True),
        Feature("G", "Gift cards", date(2022, 3, 1), slipped_from=date(2022, 2, 1)),
        Feature("H", "Kiosk", date(2022, 4, 1)),
    ),
)


def test_it_tells_who_moves_and_what_became_of_features() -> None:
    assert told_by(announcement(Topic.everything, Scope(), FIGURES)) == [
        "wave|2022-01-17|customer|JOE",
        "feature|G|target|2022-03-01",
        "feature|F|released|2022-01-12",
    ]


def test_how_far_the_migration_is_concerns_nobody_by_name() -> None:
    assert told_by(announcement(Topic.progress, Scope(), FIGURES)) == []
    assert told_by(announcement(Topic.failures, Scope(), FIGURES)) == []


def test_a_fact_is_named_by_all_that_it_says() -> None:
    assert moves(MONDAY, "C|7") == "wave|2022-01-17|customer|C|7"
    assert wave_is(MONDAY, "started") == "wave|2022-01-17|started"
    assert wave_is(MONDAY, "paused", 3) == "wave|2022-01-17|paused|3"
    assert released("F", MONDAY) == "feature|F|released|2022-01-17"
    assert expected("F", MONDAY) == "feature|F|target|2022-01-17"
