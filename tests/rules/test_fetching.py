"""Who gets the bytes: asked at every click, and strangers learn nothing of a file."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.fetching import Asked, refusal
from rules.file_life import State
from rules.receipts import Refusal

NOW = datetime(2022, 1, 18, 12, tzinfo=UTC)
MAY = Asked(
    State.released,
    NOW + timedelta(days=7),
    is_removed=False,
    organisation="acme",
    of_organisation="acme",
    is_member=True,
)
ASKED = st.builds(
    Asked,
    state=st.sampled_from(State),
    expires_at=st.sampled_from([NOW, NOW + timedelta(seconds=1)]),
    is_removed=st.booleans(),
    organisation=st.sampled_from(["acme", "acme2", None]),
    of_organisation=st.just("acme"),
    is_member=st.booleans(),
    most_fetches=st.sampled_from([None, 1]),
    fetched=st.integers(0, 2),
)


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (MAY, None),
        (replace(MAY, organisation="acme2"), Refusal.other_organisation),
        (replace(MAY, organisation=None), Refusal.other_organisation),
        (replace(MAY, is_member=False), Refusal.no_member),
        (replace(MAY, state=State.revoked), Refusal.revoked),
        (replace(MAY, state=State.superseded), Refusal.superseded),
        (replace(MAY, expires_at=NOW), Refusal.expired),
        (replace(MAY, is_removed=True), Refusal.removed),
        (replace(MAY, state=State.in_review), Refusal.not_released),
        (replace(MAY, state=State.refused), Refusal.not_released),
        (replace(MAY, most_fetches=1, fetched=1), Refusal.limit_reached),
    ],
)
def test_each_reason(asked: Asked, why: Refusal | None) -> None:
    assert refusal(asked, NOW) is why


@given(ASKED)
def test_only_a_member_of_the_organisation_gets_a_released_file_in_its_time(asked: Asked) -> None:
    if refusal(asked, NOW) is None:
        assert asked.state is State.released
        assert asked.organisation == asked.of_organisation
        assert asked.is_member
        assert asked.expires_at > NOW
        assert asked.most_fetches is None or asked.fetched < asked.most_fetches


@given(ASKED)
def test_whoever_does_not_belong_there_hears_the_same_of_every_file(asked: Asked) -> None:
    foreign = replace(asked, organisation="acme2")
    assert refusal(foreign, NOW) is Refusal.other_organisation
