"""What each step changes of what is known of a location."""

from datetime import date

from rules.location_facts import Facts, after
from rules.location_life import State, Step

MONDAY, TUESDAY = date(2022, 1, 17), date(2022, 1, 18)
THIRD_CAUSE = 3


def test_a_new_try_remembers_why_the_last_one_failed() -> None:
    failed = after(Facts(), State.planned, Step.fail, MONDAY, cause=THIRD_CAUSE, lost_orders=True)
    again = after(failed, State.failed, Step.try_again, TUESDAY)
    moved = after(again, State.migrating, Step.migrate, TUESDAY)

    assert failed == Facts(failed_on=MONDAY, cause=THIRD_CAUSE, lost_orders=True)
    assert moved == Facts(attempt=2, migrated_on=TUESDAY, failed_on=MONDAY, cause=THIRD_CAUSE)


def test_a_mark_that_is_taken_back_leaves_nothing_behind() -> None:
    failed = after(Facts(), State.planned, Step.fail, MONDAY, cause=THIRD_CAUSE)
    moved = after(Facts(), State.planned, Step.migrate, MONDAY)

    assert after(failed, State.failed, Step.unmark, TUESDAY) == Facts()
    assert after(moved, State.migrated, Step.unmark, TUESDAY) == Facts()


def test_what_is_mended_is_looked_at_from_the_first_look_on() -> None:
    judged = Facts(migrated_on=MONDAY, looks=2, look_on=TUESDAY, verdict=2, why=5)
    missed = after(judged, State.migrated, Step.misses, TUESDAY, lost_orders=True)

    assert missed.lost_orders
    assert after(missed, State.not_passed, Step.check_anew, TUESDAY) == Facts(migrated_on=MONDAY)


def test_nobody_looks_at_what_was_accepted_or_goes_back() -> None:
    judged = Facts(migrated_on=MONDAY, looks=1, look_on=TUESDAY, verdict=0, why=0)
    for step in (Step.accept, Step.roll_back, Step.give_back):
        assert after(judged, State.undecided, step, TUESDAY).look_on is None
    for step in (Step.passes, Step.look_again, Step.ask):
        assert after(judged, State.migrated, step, TUESDAY) == judged
