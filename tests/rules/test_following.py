"""Who hears of what: the most urgent pace wins, a narrower mute silences what is broader."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.following import (
    EVERY_WAVE,
    Audience,
    Choice,
    Kind,
    News,
    Pace,
    Subject,
    breadth,
    heard_of,
    hears,
)

BUDGET = settings(max_examples=100, deadline=None)
LOCATION, OTHER_LOCATION = Subject(Kind.location, "L-1"), Subject(Kind.location, "L-2")
CUSTOMER, OTHER = Subject(Kind.customer, "C-1"), Subject(Kind.customer, "C-2")
CSA = Subject(Kind.csa, "ana@northwind.example")
WAVE = Subject(Kind.wave, "2022-01-24")
FEATURE = Subject(Kind.feature, "loyalty")
subjects = st.sampled_from([LOCATION, CUSTOMER, CSA, WAVE, FEATURE, EVERY_WAVE])
chosen = st.dictionaries(subjects, st.sampled_from(Pace), max_size=6)
people = st.sampled_from(["U1", "U2", "U3"])
choices = st.dictionaries(
    st.tuples(people, st.sampled_from([LOCATION, CUSTOMER, OTHER, CSA, WAVE, EVERY_WAVE])),
    st.sampled_from(Pace),
).map(lambda found: [Choice(person, subject, pace) for (person, subject), pace in found.items()])


@pytest.mark.parametrize(
    ("chosen", "pace"),
    [
        ({}, None),
        ({CUSTOMER: Pace.daily}, Pace.daily),
        ({CUSTOMER: Pace.daily, CSA: Pace.instant}, Pace.instant),
        ({CUSTOMER: Pace.muted}, None),
        ({CUSTOMER: Pace.muted, CSA: Pace.instant, WAVE: Pace.daily}, None),
        ({CUSTOMER: Pace.muted, LOCATION: Pace.daily, CSA: Pace.instant}, Pace.daily),
        ({LOCATION: Pace.muted, CUSTOMER: Pace.instant}, None),
        ({CSA: Pace.muted, CUSTOMER: Pace.daily}, Pace.daily),
        ({CSA: Pace.muted, WAVE: Pace.daily}, Pace.daily),
        ({WAVE: Pace.muted, EVERY_WAVE: Pace.instant}, None),
        ({EVERY_WAVE: Pace.muted, WAVE: Pace.instant}, Pace.instant),
    ],
)
def test_the_most_urgent_pace_wins_except_against_a_narrower_mute(
    chosen: Mapping[Subject, Pace], pace: Pace | None
) -> None:
    assert hears(chosen) is pace


@BUDGET
@given(chosen)
def test_whoever_hears_chose_so_for_something_no_broader_than_any_mute(
    chosen: dict[Subject, Pace],
) -> None:
    pace = hears(chosen)
    mutes = [breadth(subject) for subject, each in chosen.items() if each is Pace.muted]
    heard = [
        each
        for subject, each in chosen.items()
        if each is not Pace.muted and all(breadth(subject) <= mute for mute in mutes)
    ]
    assert (pace is None) == (not heard)
    assert (pace is Pace.instant) == (Pace.instant in heard)


@BUDGET
@given(chosen, subjects)
def test_a_mute_never_lets_anybody_hear_more(chosen: dict[Subject, Pace], subject: Subject) -> None:
    before, after = hears(chosen), hears(chosen | {subject: Pace.muted})
    assert after is None or before is not None
    assert not (before is Pace.daily and after is Pace.instant)


def test_who_follows_every_wave_hears_of_whatever_has_a_wave() -> None:
    audience = Audience([Choice("U1", EVERY_WAVE, Pace.daily)])
    assert audience.hearing({CUSTOMER, WAVE}) == {"U1": Pace.daily}
    assert audience.hearing({CUSTOMER, CSA}) == {}


def test_several_ways_to_one_person_are_one_tiding_with_all_their_news() -> None:
    audience = Audience(
        [
            Choice("U1", CUSTOMER, Pace.daily),
            Choice("U1", CSA, Pace.instant),
            Choice("U1", OTHER, Pace.muted),
            Choice("U2", OTHER, Pace.daily),
        ]
    )
    first, second = (News("moved", frozenset({customer, CSA})) for customer in (CUSTOMER, OTHER))

    heard = heard_of([first, second], audience)

    assert {person: (each.pace, each.news) for person, each in heard.items()} == {
        "U1": (Pace.instant, [first]),
        "U2": (Pace.daily, [second]),
    }


@BUDGET
@given(choices, st.lists(st.frozensets(subjects, min_size=1), max_size=5))
def test_a_person_hears_exactly_the_news_that_concern_them(
    choices: list[Choice], concerned: list[frozenset[Subject]]
) -> None:
    news = [News("moved", each, {"at": at}) for at, each in enumerate(concerned)]
    audience = Audience(choices)

    heard = heard_of(news, audience)

    for person in ("U1", "U2", "U3"):
        theirs = [each for each in news if person in audience.hearing(each.subjects)]
        assert (heard[person].news if person in heard else []) == theirs


@BUDGET
@given(st.builds(News, st.just("moved"), st.frozensets(subjects), st.just({"customer": "C-1"})))
def test_news_are_kept_as_they_were(news: News) -> None:
    assert News.from_json(news.to_json()) == news


def test_whom_a_piece_of_news_is_known_to_hears_only_the_others() -> None:
    choices = [Choice(person, WAVE, Pace.instant) for person in ("U1", "U2")]
    told = News("wave turn", frozenset({WAVE}), known_to=frozenset({"U1"}))
    other = News("released", frozenset({WAVE}))
    heard = heard_of([told, other], Audience(choices))
    assert {person: each.news for person, each in heard.items()} == {
        "U1": [other],
        "U2": [told, other],
    }
    assert heard_of([told], Audience(choices)).keys() == {"U2"}
