"""What an announcement contains: everybody in scope counted once, and a reason for all that is empty."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.announced import Breadth, Cause, Customer, Feature, Figures, Past, Scope, Wave
from rules.announcement import (
    MAY_BE,
    MOST_LISTED,
    SECTIONS,
    Announcement,
    Empty,
    Section,
    Topic,
    announcement,
    cut,
)
from rules.wave_life import State

WEEK = timedelta(weeks=1)
MONDAY = date(2022, 1, 17)
EVERYBODY = Scope()
ANAS = Scope(Breadth.csa, "ana@example.com")
EUROPE = Scope(Breadth.region, "Europe")
JOES = Customer(
    "C-1", "Joe's Pizza", 5, "ana@example.com", {"Europe": 3, "Americas": 2}, {"loyalty": 1}
)
CASA = Customer("C-2", "Casa Azteca", 9, "ben@example.com", {"Americas": 9})
LOYALTY = Feature("loyalty", "Loyalty", date(2022, 3, 1), locations=40)
FIGURES = Figures(
    week=MONDAY,
    to_move=100,
    moved=20,
    waiting=40,
    has_plan=True,
    tried=20,
    waves=(
        Wave(MONDAY, State.running, (JOES, CASA)),
        Wave(MONDAY + WEEK, State.planned, (CASA,)),
        Wave(MONDAY + 3 * WEEK, State.planned, (JOES,)),
    ),
    features=(LOYALTY, Feature("kiosk", "Kiosk", released_on=date(2021, 12, 1))),
    causes=(Cause("No network", 1, 0), Cause("Wrong menu", 4, 2)),
    finishes=((0.5, date(2022, 5, 2)), (0.8, date(2022, 6, 6))),
)


def of(
    figures: Figures = FIGURES, *, topic: Topic = Topic.everything, scope: Scope = EVERYBODY
) -> Announcement:
    return announcement(topic, scope, figures)


def empty(made: Announcement, section: Section) -> Empty | None:
    part = made.part(section)
    assert part
    return part.empty


def test_everything_has_each_section_once_and_in_order() -> None:
    made = of()
    assert [part.words for part in made.parts] == [
        *("this_wave", "next_wave", "progress", "forecast", "failures", "roadmap")
    ]
    assert [part.total for part in made.parts] == [14, 9, 0, 0, 5, 40]
    assert (made.is_quiet, made.has_picture, made.nothing_moves) == (False, True, None)


@pytest.mark.parametrize("topic", Topic)
def test_a_topic_has_its_sections_and_no_others(topic: Topic) -> None:
    made = of(topic=topic)
    assert tuple(part.section for part in made.parts) == SECTIONS[topic]
    assert made.has_picture == (topic in (Topic.progress, Topic.everything))


def test_a_wave_lists_the_customers_in_scope_with_their_locations_there() -> None:
    this_wave = of().part(Section.this_wave)
    assert this_wave
    assert [customer.name for customer in this_wave.customers] == [
        "Casa Azteca",
        "Joe's Pizza",
    ]
    assert (this_wave.week, this_wave.state) == (MONDAY, State.running)

    in_europe = of(scope=EUROPE)
    assert [(part.total, part.week) for part in in_europe.parts[:2]] == [
        (3, MONDAY),
        (3, MONDAY + 3 * WEEK),
    ]
    loyal = of(scope=Scope(Breadth.feature, "loyalty")).parts[0]
    assert [(customer.id, customer.locations) for customer in loyal.customers] == [("C-1", 1)]


def test_causes_are_told_by_most_and_features_by_what_is_new_then_by_date() -> None:
    slipped = Feature("kiosk", "Kiosk", date(2022, 9, 1), slipped_from=date(2022, 8, 1))
    released = Feature("menus", "Menus", released_on=MONDAY, is_new=True)
    undated = Feature("api", "API")
    made = of(replace(FIGURES, features=(undated, LOYALTY, released, slipped)))
    failures, roadmap = made.part(Section.failures), made.part(Section.roadmap)
    assert failures
    assert roadmap
    assert [cause.words for cause in failures.causes] == ["Wrong menu", "No network"]
    assert [feature.key for feature in roadmap.features] == [
        "kiosk",
        "menus",
        "loyalty",
        "api",
    ]


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        (replace(FIGURES, to_move=0, moved=0), Empty.nothing_to_move),
        (replace(FIGURES, moved=100), Empty.all_moved),
        (replace(FIGURES, has_plan=False), Empty.no_plan),
        (replace(FIGURES, closed={MONDAY: "Martin Luther King Day"}), Empty.closed),
        (replace(FIGURES, waiting=80), Empty.all_wait),
        (FIGURES, Empty.nobody_placed),
    ],
)
def test_a_week_in_which_nothing_moves_says_why(figures: Figures, why: Empty) -> None:
    made = of(replace(figures, waves=()))
    assert made.nothing_moves is why
    part = made.part(Section.this_wave)
    assert part
    assert part.words == f"this_wave_{why}"


def test_a_week_in_which_only_others_move_says_so() -> None:
    nobodys = Scope(Breadth.csa, "cleo@example.com")
    assert empty(of(scope=nobodys), Section.this_wave) is Empty.not_in_scope
    assert of(topic=Topic.roadmap).nothing_moves is None


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        (replace(FIGURES, to_move=34), Empty.last_wave),
        (replace(FIGURES, to_move=74), Empty.all_wait),
        (replace(FIGURES, to_move=100), Empty.nobody_placed),
        (replace(FIGURES, to_move=20), Empty.all_moved),
    ],
)
def test_without_a_next_wave_it_says_why(figures: Figures, why: Empty) -> None:
    """20 moved, 14 move this week, and 40 wait for a feature where there are as many more."""
    waiting = 0 if figures.to_move == 34 else 40
    made = of(replace(figures, waves=FIGURES.waves[:1], waiting=waiting))
    assert empty(made, Section.next_wave) is why


@pytest.mark.parametrize(
    ("section", "figures", "why"),
    [
        (Section.forecast, replace(FIGURES, finishes=()), Empty.no_forecast),
        (Section.forecast, replace(FIGURES, moved=100), Empty.all_moved),
        (Section.progress, replace(FIGURES, to_move=0), Empty.nothing_to_move),
        (Section.failures, replace(FIGURES, causes=()), Empty.none_failed),
        (Section.failures, replace(FIGURES, causes=(), tried=0), Empty.nothing_tried),
        (Section.roadmap, replace(FIGURES, features=()), Empty.no_features),
        (Section.roadmap, replace(FIGURES, features=FIGURES.features[1:]), Empty.all_released),
    ],
)
def test_each_section_that_is_empty_says_why(
    section: Section, figures: Figures, why: Empty
) -> None:
    assert empty(of(figures), section) is why


def test_a_scope_of_a_feature_leaves_out_the_other_features() -> None:
    assert empty(of(scope=Scope(Breadth.feature, "api")), Section.roadmap) is Empty.no_features


def test_an_announcement_without_anything_to_list_is_quiet() -> None:
    made = of(Figures(MONDAY, 0, 0, 0, has_plan=False, tried=0))
    assert made.is_quiet
    assert not made.has_picture


def test_of_five_thousand_customers_all_are_kept_and_nine_lines_told() -> None:
    customers = tuple(
        Customer(f"C-{each}", f"Customer {each:04}", 1 + each % 7, ANAS.of) for each in range(5_000)
    )
    part = of(
        replace(FIGURES, waves=(Wave(MONDAY, State.announced, customers),)), scope=ANAS
    ).parts[0]
    told = cut(part.customers, MOST_LISTED[part.section])
    assert len(told.shown) == MOST_LISTED[Section.this_wave] - 1
    assert told.more == 5_000 - 8
    assert part.total == sum(customer.locations for customer in part.customers)
    assert {customer.locations for customer in told.shown} == {7}


@given(st.lists(st.integers(), max_size=40), st.integers(2, 20))
def test_a_list_is_never_longer_than_its_lines_and_says_how_many_are_left_out(
    items: list[int], most: int
) -> None:
    made = cut(items, most)
    assert len(made.shown) + bool(made.more) <= most
    assert list(made.shown) == items[: len(made.shown)]
    assert len(made.shown) + made.more == len(items)
    assert made.more != 1


names = st.sampled_from("abc")
counts = st.dictionaries(names, st.integers(1, 5), max_size=2)
customers = st.builds(Customer, names, names, st.integers(1, 30), st.none() | names, counts, counts)
weeks = st.integers(-1, 3).map(lambda week: MONDAY + week * WEEK)
waves = st.lists(
    st.builds(Wave, weeks, st.sampled_from(State), st.lists(customers, max_size=20).map(tuple)),
    max_size=4,
    unique_by=lambda wave: wave.week,
).map(lambda made: tuple(sorted(made, key=lambda wave: wave.week)))
days = st.none() | weeks
features = st.builds(Feature, names, names, days, days, days, st.booleans(), st.integers(0, 9))
pasts = st.builds(Past, weeks, st.integers(1, 9), st.integers(0, 9), was_started=st.booleans())
figures = st.builds(
    Figures,
    week=st.just(MONDAY),
    to_move=st.integers(0, 50),
    moved=st.integers(0, 50),
    waiting=st.integers(0, 50),
    has_plan=st.booleans(),
    tried=st.integers(0, 9),
    waves=waves,
    features=st.lists(features, max_size=14).map(tuple),
    causes=st.lists(st.builds(Cause, names, st.integers(1, 9), st.just(0)), max_size=9).map(tuple),
    closed=st.dictionaries(weeks, st.just("Closed."), max_size=2),
    finishes=st.lists(st.tuples(st.just(0.5), days), max_size=2).map(tuple),
    past=st.lists(pasts, max_size=3).map(tuple),
)
scopes = st.builds(Scope, st.sampled_from(Breadth), names)


@settings(max_examples=75, deadline=None)
@given(st.sampled_from(Topic), scopes, figures)
def test_whatever_the_figures_each_part_lists_something_or_says_why_not(
    topic: Topic, scope: Scope, figures: Figures
) -> None:
    made = announcement(topic, scope, figures)
    assert tuple(part.section for part in made.parts) == SECTIONS[topic]
    for part in made.parts:
        shown = part.customers or part.features or part.causes
        if part.empty:
            assert part.empty in MAY_BE[part.section]
        assert bool(shown) == (part.section in MOST_LISTED and not part.empty)
        assert bool(part.total) <= bool(shown)
        if part.section in (Section.this_wave, Section.next_wave) and not part.empty:
            wave = next(wave for wave in figures.waves if wave.week == part.week)
            assert part.total == sum(map(scope.locations, wave.customers))
            in_scope = sum(scope.locations(each) > 0 for each in wave.customers)
            assert len(part.customers) == in_scope
            assert (wave.week == MONDAY) == (part.section is Section.this_wave)
