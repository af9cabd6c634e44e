"""What people read of a check."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.check_words import sentence, span, title
from rules.looks import compared
from rules.verdicts import Check, Counts, Data, Verdict, Why

MONDAY = date(2022, 1, 17)
NOTHING = Counts(None, None)
DATA = Data(
    compared=compared(MONDAY, 1),
    before=Counts(8000, 320),
    after=Counts(2000, 76),
    controls=("C1", "C2", "C3", "C4", "C5"),
    controls_before=Counts(40_000, 1600),
    controls_after=Counts(10_000, 400),
    usual=(2.0, 50.0),
    alike=1.2,
    stopped_chance=None,
    lost_orders=False,
    rules="{}",
)
CHECK = Check(
    verdict=Verdict.passed,
    why=Why.no_worse,
    look=1,
    is_for_a_person=False,
    change=-0.002,
    low=-0.009,
    high=0.0042,
    volume=0.97,
    data=DATA,
)


def found(why: Why, verdict: Verdict = Verdict.inconclusive, data: Data = DATA) -> Check:
    return replace(CHECK, why=why, verdict=verdict, data=data)


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (
            CHECK,
            (
                "3.8 % of its orders were missed since the move, 4.0 % before. Next to 5 locations like it "
                "that is at most 0.4 points more for sure, and 97 % of its orders are left."
            ),
        ),
        (
            replace(
                found(Why.worse, Verdict.failed, replace(DATA, after=Counts(200, 30))), low=0.01
            ),
            (
                "15.0 % of its orders were missed since the move, 4.0 % before. Next to 5 locations like "
                "it that is at least 1.0 point more for sure."
            ),
        ),
        (
            found(Why.not_sure_yet, data=replace(DATA, controls=("C1",))),
            (
                "3.8 % of its orders were missed since the move, 4.0 % before. Next to 1 location like it "
                "that is between 0.9 points less and 0.4 points more: too wide to tell."
            ),
        ),
        (
            replace(found(Why.fewer_orders), volume=0.706),
            (
                "3.8 % of its orders were missed since the move, 4.0 % before, which is no worse next "
                "to 5 locations like it, but only 71 % of its orders are left."
            ),
        ),
        (
            replace(found(Why.fewer_orders), volume=None),
            (
                "3.8 % of its orders were missed since the move, 4.0 % before, which is no worse next "
                "to 5 locations like it, but nobody can tell how many of its orders are left."
            ),
        ),
        (
            found(
                Why.orders_stopped,
                Verdict.failed,
                replace(DATA, after=Counts(0, 0), stopped_chance=0.000599),
            ),
            (
                "It has had no orders since the move: at its own pace the chance of such a silence is "
                "1 in 1,669."
            ),
        ),
        (
            found(Why.orders_stopped, Verdict.failed, replace(DATA, stopped_chance=1e-9)),
            (
                "It has had no orders lately: at its own pace the chance of such a "
                "silence is less than 1 in a million."
            ),
        ),
        (found(Why.lost_orders, Verdict.failed), "Lost orders were reported."),
        (
            found(Why.no_data, data=replace(DATA, compared=compared(date(2022, 1, 19), 1))),
            "It moved in the middle of a week, so there is no whole week to look at yet.",
        ),
        (
            found(Why.no_data, data=replace(DATA, after=NOTHING)),
            "There are no figures since the move yet.",
        ),
        (
            found(Why.no_data, data=replace(DATA, after=Counts(0, 0))),
            "It had no orders since the move, which is not unusual for it.",
        ),
        (
            found(Why.no_data, data=replace(DATA, before=NOTHING)),
            "There are no figures of the weeks before the move.",
        ),
        (
            found(Why.no_data, data=replace(DATA, before=Counts(0, 0))),
            "It had no orders in the weeks before the move.",
        ),
        (
            found(Why.no_controls, data=replace(DATA, controls=())),
            (
                "3.8 % of its orders were missed since the move, 4.0 % before. There is no location like "
                "it that has not moved, so nothing to compare it with."
            ),
        ),
    ],
)
def test_a_check_is_told_with_the_numbers_it_was_made_from(check: Check, told: str) -> None:
    assert sentence(check).replace("\N{NO-BREAK SPACE}", " ") == told


def test_two_changes_in_one_direction_say_it_once() -> None:
    assert span(0.005, 0.015) == "between 0.5 and 1.5 points more"
    assert span(-0.015, -0.005) == "between 1.5 and 0.5 points less"
    assert span(-0.01, 0.02) == "between 1.0 point less and 2.0 points more"


def test_every_reason_of_a_verdict_has_words() -> None:
    for why in Why:
        data = replace(DATA, after=NOTHING, stopped_chance=0.0005)
        needs_rates = why in {Why.no_worse, Why.worse, Why.not_sure_yet, Why.fewer_orders}
        assert sentence(found(why, data=replace(data, after=DATA.after) if needs_rates else data))


@pytest.mark.parametrize(
    ("check", "told"),
    [
        (CHECK, "Passed"),
        (found(Why.worse, Verdict.failed), "Not passed"),
        (found(Why.not_sure_yet), "Not sure yet"),
        (replace(found(Why.not_sure_yet), look=4, is_for_a_person=True), "A person decides"),
    ],
)
def test_a_verdict_has_a_short_name(check: Check, told: str) -> None:
    assert title(check) == told
