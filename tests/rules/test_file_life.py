"""The life of a file: nobody releases their own, and what has ended stays so."""

from datetime import UTC, datetime

import pytest

from rules.file_life import LIFE, OUT, Standing, State, Step, Taken, Who
from rules.life import FIRST_VERSION, NotNow, NotTheirs, WordsMissing

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
WAY = [
    (Step.submit, Who.sender),
    (Step.clear, Who.wavepost),
    (Step.release, Who.second),
    (Step.expire, Who.wavepost),
    (Step.renew, Who.sender),
    (Step.supersede, Who.wavepost),
]


def steps(*taken: tuple[Step, Who], words: str = "") -> Standing:
    return LIFE.replay(
        State.draft,
        (
            Taken(step, "somebody", who, number, NOON, words)
            for number, (step, who) in enumerate(taken, FIRST_VERSION)
        ),
    )


def test_the_whole_way() -> None:
    states = [steps(*WAY[:length]).state for length in range(len(WAY) + 1)]
    assert states == [
        State.draft,
        State.scanning,
        State.in_review,
        State.released,
        State.expired,
        State.released,
        State.superseded,
    ]


def test_nothing_is_released_that_was_not_cleared() -> None:
    for so_far in (WAY[:0], WAY[:1]):
        with pytest.raises(NotNow):
            steps(*so_far, (Step.release, Who.second))


def test_a_sender_releases_nothing_and_revokes_with_a_reason() -> None:
    with pytest.raises(NotTheirs):
        steps(*WAY[:2], (Step.release, Who.sender))
    with pytest.raises(WordsMissing):
        steps(*WAY[:3], (Step.revoke, Who.sender))
    assert steps(*WAY[:3], (Step.revoke, Who.sender), words="The wrong menu").state is State.revoked


@pytest.mark.parametrize("state", [state for state in State if state.is_final])
def test_what_has_ended_stays_so(state: State) -> None:
    assert not any(LIFE.possible(state, who) for who in Who)


def test_whatever_is_out_can_be_revoked_by_a_lead() -> None:
    assert all(Step.revoke in LIFE.possible(state, Who.lead) for state in OUT)
