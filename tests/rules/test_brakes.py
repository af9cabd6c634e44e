"""The brake: the numbers of the sequential test, locations that fail together, and what is forgiven."""

from math import log
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.brakes import Limits, Mark, Reading, Verdict, Why, brake
from rules.likeness import Likeness
from rules.parameters import Parameters

BUDGET = settings(max_examples=100, deadline=None)
USUAL = Parameters().brake
WAVE = 500


def tries(count: int, failed: int = 0, begins: int = 0) -> list[Mark]:
    """So many tries, each of another customer, the failures first."""
    numbers = range(begins, begins + count)
    return [Mark(f"L{n}", f"C{n}", failed=n - begins < failed) for n in numbers]


def one_by_one(marks: list[Mark], likeness: float = 0.05) -> Reading:
    return brake([[mark] for mark in marks], WAVE, Likeness(likeness))


def test_the_numbers_of_the_test_are_those_of_the_design() -> None:
    limits = Limits.of(USUAL, WAVE)
    told = (limits.failure, limits.success, limits.pause, limits.clear)
    assert told == pytest.approx((1.0986, -0.0417, 2.890, -2.251), abs=0.0005)


def test_four_failures_in_forty_pause_a_wave() -> None:
    read = brake([tries(40, failed=4)], WAVE)
    assert read.score == pytest.approx(2.894, abs=0.0005)
    assert (read.verdict, read.why) == (Verdict.paused, Why.too_many_failed)
    assert (read.failed, read.tried, read.share) == (4, 40, 0.1)


def test_four_failures_in_forty_one_do_not() -> None:
    read = brake([tries(41, failed=4)], WAVE)
    assert (read.verdict, read.failures_to_pause) == (Verdict.watching, 1)


def test_fifty_five_successes_call_a_wave_good_and_fifty_four_do_not() -> None:
    assert brake([tries(55)], WAVE).verdict is Verdict.clear
    nearly = brake([tries(54)], WAVE)
    assert (nearly.verdict, nearly.successes_to_clear) == (Verdict.watching, 1)


def test_a_failure_that_lost_orders_pauses_at_once() -> None:
    read = brake([tries(300), [Mark("L0", "C0", failed=True, lost_orders=True)]], WAVE)
    assert (read.verdict, read.why) == (Verdict.paused, Why.lost_orders)


def test_lost_orders_are_named_also_while_a_wave_is_paused() -> None:
    read = brake([tries(40, failed=4), [Mark("L9", "C9", failed=True, lost_orders=True)]], WAVE)
    assert read.why is Why.lost_orders
    assert read.at_pause is not None
    assert read.at_pause.why is Why.too_many_failed


def test_a_check_that_fails_takes_the_place_of_the_success() -> None:
    read = brake([tries(40, failed=3), [Mark("L39", "C39", failed=True)]], WAVE)
    assert read.score == pytest.approx(brake([tries(40, failed=4)], WAVE).score)
    assert read.verdict is Verdict.paused


def test_a_location_that_failed_twice_counts_twice() -> None:
    twice = [Mark("L0", "C0", failed=True, attempt=attempt) for attempt in (1, 2)]
    read = brake([twice], WAVE)
    assert (read.failed, read.tried, read.customers) == (2, 2, 1)


def test_a_mark_that_was_taken_back_was_never_there() -> None:
    wrong = Mark("L0", "C0", failed=True)
    back = Mark("L0", "C0", failed=True, withdrawn=True)
    read = brake([tries(40, begins=1), [wrong], [back]], WAVE)
    plain = brake([tries(40, begins=1)], WAVE)
    assert read.score == pytest.approx(plain.score)
    assert (read.tried, read.customers) == (40, 40)


def test_a_pause_stays_when_the_rest_of_the_sheet_is_good() -> None:
    read = brake([tries(40, failed=4), tries(100, begins=100)], WAVE)
    assert read.verdict is Verdict.paused
    assert read.score < read.limits.pause
    assert read.at_pause is not None
    assert (read.at_pause.failed, read.at_pause.tried) == (4, 40)
    assert read.at_pause.score >= read.limits.pause


def test_locations_of_one_customer_that_fail_together_do_not_pause_a_wave() -> None:
    chain = [Mark(f"L{n}", "chain", failed=True) for n in range(6)]
    others = tries(34)
    read = brake([others, chain], WAVE)
    assert read.verdict is Verdict.watching
    assert read.customers_failed == 1
    assert brake([others, chain], WAVE, Likeness(0.0)).verdict is Verdict.paused
    assert brake([others, [*chain, *tries(4, 4, begins=50)]], WAVE).verdict is Verdict.paused


def test_three_customers_tell_as_much_as_fourteen_locations_of_a_chain() -> None:
    chain = [Mark(f"L{n}", "chain", failed=True) for n in range(14)]
    assert brake([tries(3, failed=3)], WAVE).verdict is Verdict.paused
    assert brake([chain[:13]], WAVE).verdict is Verdict.watching
    assert brake([chain], WAVE).verdict is Verdict.paused


def test_tries_of_one_customer_are_divided_by_its_design_effect() -> None:
    chain = [Mark(f"L{n}", "chain", failed=False) for n in range(21)]
    read = brake([[*chain, *tries(5, begins=50)]], WAVE, Likeness(0.05))
    assert read.tells_as_many == pytest.approx(21 / 2 + 5)


def test_a_good_wave_that_goes_wrong_late_is_paused() -> None:
    failing = [Mark(f"L{n}", f"C{n}", failed=n % 5 == 0) for n in range(4000, 4100)]
    read = brake([tries(4000), *[[mark] for mark in failing]], 5000)
    assert read.verdict is Verdict.paused


def test_a_larger_wave_may_be_surer_of_itself() -> None:
    small, large = Limits.of(USUAL, 50), Limits.of(USUAL, 5000)
    assert large.floor < small.floor <= small.clear


@BUDGET
@given(st.lists(st.booleans(), max_size=120))
def test_one_location_a_customer_is_the_plain_test_whatever_the_likeness(
    outcomes: list[bool],
) -> None:
    marks = [Mark(f"L{n}", f"C{n}", failed) for n, failed in enumerate(outcomes)]
    alike, apart = one_by_one(marks, 0.3), one_by_one(marks, 0.0)
    score, stopped = 0.0, False
    for failed in outcomes:
        score = max(score + log(0.06 / 0.02 if failed else 0.94 / 0.98), alike.limits.floor)
        stopped = stopped or score >= log(0.9 / 0.05)
    for read in (alike, apart):
        assert read.score == pytest.approx(score)
        assert (read.verdict is Verdict.paused) == stopped


marks = st.builds(
    lambda location, failed, attempt, withdrawn: Mark(
        f"L{location}", f"C{location % 3}", failed, attempt, withdrawn=withdrawn
    ),
    st.integers(0, 12),
    st.booleans(),
    st.integers(1, 2),
    st.booleans(),
)


@BUDGET
@given(st.lists(marks, max_size=30), st.integers(1, 5), st.floats(0, 1))
def test_the_newest_word_of_each_try_is_what_counts(
    told: list[Mark], at_once: int, likeness: float
) -> None:
    batches = [told[first : first + at_once] for first in range(0, len(told), at_once)]
    read = brake(batches, WAVE, Likeness(likeness))
    newest = {(mark.location, mark.attempt): mark for mark in told}
    standing = [mark for mark in newest.values() if not mark.withdrawn]
    assert read.tried == len(standing)
    assert read.failed == sum(mark.failed for mark in standing)
    assert read.customers == len({mark.customer for mark in standing})
    assert read.score >= read.limits.floor - 1e-9
    assert read.tells_as_many <= read.tried + 1e-9


@BUDGET
@given(st.lists(marks, max_size=30, unique_by=lambda m: (m.location, m.attempt)), st.randoms())
def test_the_order_of_the_rows_of_a_sheet_does_not_matter(told: list[Mark], chance: Random) -> None:
    shuffled = list(told)
    chance.shuffle(shuffled)
    first, second = brake([told], WAVE), brake([shuffled], WAVE)
    assert first.score == pytest.approx(second.score)
    assert first.verdict is second.verdict


@BUDGET
@given(st.lists(st.booleans(), max_size=60), st.floats(0.01, 0.5))
def test_it_takes_as_many_more_failures_or_successes_as_it_says(
    outcomes: list[bool], likeness: float
) -> None:
    known = [Mark(f"L{n}", f"C{n % 9}", failed) for n, failed in enumerate(outcomes)]
    read = brake([known], WAVE, Likeness(likeness))
    if read.verdict is Verdict.paused:
        assert read.failures_to_pause == 0
        return
    more = read.failures_to_pause
    for count, verdict in ((more - 1, False), (more, True)):
        then = brake([known, tries(count, failed=count, begins=100)], WAVE, Likeness(likeness))
        assert (then.verdict is Verdict.paused) == verdict
    better = read.successes_to_clear
    assert (better == 0) == (read.verdict is Verdict.clear)
    after = brake([known, tries(better, begins=100)], WAVE, Likeness(likeness))
    assert after.verdict is Verdict.clear
