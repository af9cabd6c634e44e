"""The rota: one person on duty at any instant, whatever the clocks do, and a chain that ends."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.rota import ImpossibleRota, Override, Rota, next_asked

BUDGET = settings(max_examples=75, deadline=None)
NEW_YORK = ZoneInfo("America/New_York")
MONDAY = date(2022, 1, 17)
ROTA = Rota(("ana", "ben", "cleo"), MONDAY, NEW_YORK)
zones = st.sampled_from(
    ["UTC", "America/New_York", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia"]
).map(ZoneInfo)
instants = st.datetimes(datetime(2011, 11, 1), datetime(2023, 1, 1), timezones=st.just(UTC))
hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
people = st.lists(st.sampled_from("abcdefg"), max_size=5, unique=True).map(tuple)


@st.composite
def overrides(draw: st.DrawFn, *, around: datetime) -> tuple[Override, ...]:
    made = []
    for _ in range(draw(st.integers(0, 4))):
        begins = around + timedelta(hours=draw(st.integers(-99, 99)))
        ends = begins + timedelta(hours=draw(st.integers(1, 99)))
        made.append(Override(draw(st.sampled_from("abcxyz")), begins, ends))
    return tuple(made)


@st.composite
def rotas(draw: st.DrawFn, *, around: datetime) -> Rota:
    begins_on = around.date() + timedelta(days=draw(st.integers(-400, 400)))
    made = draw(overrides(around=around))
    return Rota(draw(people), begins_on, draw(zones), draw(hours), made)


def new_york(day: int, hour: int, minute: int = 0, *, month: int = 1) -> datetime:
    return datetime(2022, month, day, hour, minute, tzinfo=NEW_YORK)


@pytest.mark.parametrize(
    ("instant", "person"),
    [
        (new_york(17, 9), "ana"),
        (new_york(24, 8, 59), "ana"),
        (new_york(24, 9), "ben"),
        (new_york(31, 9), "cleo"),
        (new_york(7, 9, month=2), "ana"),
        (new_york(17, 8, 59), "cleo"),
        (
            new_york(14, 9, month=3),
            "cleo",
        ),  # an hour later in UTC: summer time began the day before
        (new_york(14, 8, 59, month=3), "ben"),
    ],
)
def test_people_take_turns_on_monday_at_nine(instant: datetime, person: str) -> None:
    assert ROTA.on_duty(instant) == person


def test_nobody_is_on_duty_in_an_empty_rota_until_somebody_stands_in() -> None:
    empty = Rota((), MONDAY, NEW_YORK)
    noon = new_york(17, 12)
    assert empty.on_duty(noon) is None
    assert empty.chain(noon) == ()

    covered = Rota((), MONDAY, NEW_YORK, overrides=(Override("dan", noon, new_york(17, 13)),))
    assert covered.chain(noon) == ("dan",)
    assert covered.on_duty(new_york(17, 13)) is None


def test_of_two_who_stand_in_the_one_named_last_does() -> None:
    first = Override("dan", new_york(17, 12), new_york(18, 12))
    second = Override("eve", new_york(17, 18), new_york(18, 9))
    rota = Rota(ROTA.people, MONDAY, NEW_YORK, overrides=(first, second))
    on_duty = [rota.on_duty(new_york(*at)) for at in ((17, 11), (17, 12), (17, 18), (18, 9))]
    assert on_duty == ["ana", "dan", "eve", "dan"]
    assert rota.on_duty(new_york(18, 12)) == "ana"


def test_who_is_asked_next_is_whose_week_comes_next() -> None:
    noon = new_york(24, 12)
    assert ROTA.chain(noon) == ("ben", "cleo", "ana")


@pytest.mark.parametrize(
    ("stands_in", "chain"),
    [("dan", ("dan", "ben", "cleo", "ana")), ("cleo", ("cleo", "ben", "ana"))],
)
def test_who_has_a_stand_in_is_asked_last(stands_in: str, chain: tuple[str, ...]) -> None:
    covered = Override(stands_in, new_york(17, 12), new_york(18, 12))
    rota = Rota(ROTA.people, MONDAY, NEW_YORK, overrides=(covered,))
    assert rota.chain(new_york(17, 13)) == chain


def test_an_hour_that_the_clock_skips_changes_turns_right_after_it() -> None:
    rota = Rota(("ana", "ben"), date(2022, 3, 6), NEW_YORK, time(2, 30))
    skipped = datetime(2022, 3, 13, 7, tzinfo=UTC)  # 03:00 there, after 01:59
    assert rota.on_duty(skipped - timedelta(seconds=1)) == "ana"
    assert rota.on_duty(skipped) == "ben"


def test_an_hour_that_comes_twice_changes_turns_once() -> None:
    rota = Rota(("ana", "ben"), date(2022, 10, 30), NEW_YORK, time(1, 30))
    first = datetime(2022, 11, 6, 5, 30, tzinfo=UTC)
    around = [first + timedelta(minutes=minutes) for minutes in (-1, 0, 31, 59, 61)]
    assert [rota.on_duty(instant) for instant in around] == ["ana", "ben", "ben", "ben", "ben"]


def test_a_rota_that_cannot_be_is_refused() -> None:
    with pytest.raises(ImpossibleRota, match="named twice"):
        Rota(("ana", "ana"), MONDAY, NEW_YORK)
    with pytest.raises(ImpossibleRota, match="dan cannot stand in until 2022-01-17 09:00"):
        Override("dan", new_york(17, 9), new_york(17, 9))


@BUDGET
@given(instants, st.data())
def test_everyone_is_asked_once_beginning_with_who_is_on_duty(
    instant: datetime, data: st.DataObject
) -> None:
    rota = data.draw(rotas(around=instant))
    chain, on_duty = rota.chain(instant), rota.on_duty(instant)

    assert chain[:1] == ((on_duty,) if on_duty else ())
    assert len(set(chain)) == len(chain)
    assert set(chain) == ({*rota.people, on_duty} if on_duty else set())


def test_nobody_is_asked_twice_though_the_weeks_turn_meanwhile() -> None:
    present = frozenset({"ana", "ben", "cleo"})
    first = next_asked(ROTA.chain(new_york(17, 12)), frozenset(), present)
    second = next_asked(ROTA.chain(new_york(24, 12)), frozenset({"ana"}), present)
    third = next_asked(ROTA.chain(new_york(31, 12)), frozenset({"ana", "ben"}), present)
    assert [first, second, third] == ["ana", "ben", "cleo"]
    assert next_asked(ROTA.chain(new_york(31, 12)), present, present) is None


def test_who_is_not_there_any_more_is_not_asked() -> None:
    chain = ROTA.chain(new_york(17, 12))
    assert next_asked(chain, frozenset(), frozenset({"ben", "cleo"})) == "ben"
    assert next_asked(chain, frozenset(), frozenset()) is None


def test_the_coming_turns_follow_one_another_without_a_gap() -> None:
    turns = ROTA.coming(new_york(19, 12), 4)
    assert [turn.person for turn in turns] == ["ana", "ben", "cleo", "ana"]
    assert turns[0].begins == new_york(17, 9)
    assert all(one.ends == next_one.begins for one, next_one in pairwise(turns))
    assert Rota((), MONDAY, NEW_YORK).coming(new_york(19, 12), 4) == []


@BUDGET
@given(instants, st.data())
def test_the_last_named_of_those_who_stand_in_holds(instant: datetime, data: st.DataObject) -> None:
    rota = data.draw(rotas(around=instant))
    last = Override("zoe", instant, instant + timedelta(seconds=1))
    covered = Rota(rota.people, rota.begins_on, rota.zone, rota.changes_at, (*rota.overrides, last))
    later = instant + timedelta(seconds=1)
    assert covered.on_duty(instant) == "zoe"
    assert covered.on_duty(later) == rota.on_duty(later)


@BUDGET
@given(instants, st.data())
def test_turns_are_equal_and_follow_each_other(instant: datetime, data: st.DataObject) -> None:
    """Looked at in the middle of its week, so that no clock that changes matters."""
    rota = data.draw(rotas(around=instant))
    turns = Rota(rota.people, rota.begins_on, rota.zone, rota.changes_at)
    middle = datetime.combine(rota.begins_on, time(12), rota.zone) + timedelta(days=3)
    weeks = [middle + timedelta(weeks=week) for week in range(-7, 8)]
    on_duty = [turns.on_duty(week) for week in weeks]

    expected = [
        rota.people[week % len(rota.people)] if rota.people else None for week in range(-7, 8)
    ]
    assert on_duty == expected


@BUDGET
@given(instants, st.data())
def test_a_turn_goes_to_the_next_about_once_a_week(instant: datetime, data: st.DataObject) -> None:
    """About: a week in which the clocks change has an hour, and once a day, more or less."""
    rota = data.draw(rotas(around=instant))
    turns = Rota(rota.people, rota.begins_on, rota.zone, rota.changes_at)
    days = [turns.on_duty(instant + timedelta(days=day)) for day in range(15)]

    place = [rota.people.index(person) for person in days if person]
    steps = [(after - before) % len(rota.people) for before, after in pairwise(place)]
    assert set(steps) <= {0, 1}
    assert len(rota.people) < 2 or 1 <= sum(steps) <= 3
