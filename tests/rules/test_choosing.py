"""Whom facts concern: the same as one by one, however many people and facts there are."""

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.choosing import concerned
from rules.following import EVERY_WAVE, Audience, Choice, Kind, Pace, Subject

PEOPLE = ["ana", "ben", "cleo"]
JOES, CASA = Subject(Kind.customer, "C-1"), Subject(Kind.customer, "C-2")
WAVE, OTHER_WAVE = Subject(Kind.wave, "2022-01-24"), Subject(Kind.wave, "2022-01-31")
OF_ANA = Subject(Kind.csa, "ana@example.com")
JOES_MOVES, CASA_MOVES = frozenset({JOES, WAVE, OF_ANA}), frozenset({CASA, WAVE})


def test_owners_followers_and_who_follows_every_wave_are_concerned() -> None:
    choices = [
        Choice("ana", OF_ANA, Pace.daily),
        Choice("ben", CASA, Pace.instant),
        Choice("cleo", EVERY_WAVE, Pace.daily),
        Choice("somebody else", WAVE, Pace.daily),
    ]
    chosen, muted = concerned(choices, [JOES_MOVES, CASA_MOVES], PEOPLE)
    assert chosen.tolist() == [[True, False], [False, True], [True, True]]
    assert not muted.any()


def test_who_mutes_one_customer_of_theirs_still_hears_of_the_others() -> None:
    choices = [Choice("cleo", EVERY_WAVE, Pace.daily), Choice("cleo", JOES, Pace.muted)]
    chosen, muted = concerned(choices, [JOES_MOVES, CASA_MOVES], PEOPLE)
    assert chosen[2].tolist() == [True, True]
    assert muted[2].tolist() == [True, False]


def test_who_mutes_all_and_follows_one_hears_of_that_one() -> None:
    choices = [Choice("cleo", EVERY_WAVE, Pace.muted), Choice("cleo", JOES, Pace.daily)]
    _, muted = concerned(choices, [JOES_MOVES, CASA_MOVES], PEOPLE)
    assert muted[2].tolist() == [False, True]


def test_without_facts_or_people_nobody_is_concerned() -> None:
    assert concerned([], [JOES_MOVES], [])[0].shape == (0, 1)
    assert concerned([Choice("ana", JOES, Pace.daily)], [], PEOPLE)[1].shape == (3, 0)


subjects = st.sampled_from(
    [
        JOES,
        CASA,
        WAVE,
        OTHER_WAVE,
        OF_ANA,
        Subject(Kind.location, "L-1"),
        Subject(Kind.feature, "F"),
    ]
)
choices_made = st.dictionaries(
    st.tuples(st.sampled_from(PEOPLE), subjects | st.just(EVERY_WAVE)),
    st.sampled_from(Pace),
    max_size=15,
).map(lambda made: [Choice(person, subject, pace) for (person, subject), pace in made.items()])


@settings(max_examples=150, deadline=None)
@given(choices_made, st.lists(st.frozensets(subjects, min_size=1, max_size=4), max_size=8))
def test_all_at_once_is_as_one_by_one(
    choices: list[Choice], facts: list[frozenset[Subject]]
) -> None:
    chosen, muted = concerned(choices, facts, PEOPLE)
    audience = Audience(choices)
    for at, fact in enumerate(facts):
        hearing = {PEOPLE[row] for row in (chosen & ~muted)[:, at].nonzero()[0]}
        assert hearing == set(audience.hearing(fact))
    assert not (muted & ~chosen).any()
