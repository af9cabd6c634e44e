"""Receipts: only what a proven person did counts as seen, in whatever order it comes to be known."""

from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.receipts import (
    NEEDS_PERSON,
    Evidence,
    Grade,
    Kind,
    Receipt,
    Refusal,
    UnprovenEvidence,
    receipt,
    tally,
)

NOON = datetime(2022, 1, 18, 12, tzinfo=UTC)
GRACE, HENRY = "grace@joes.example", "henry@joes.example"


def seen(kind: Kind, by: str | None = None, minutes: int = 0) -> Evidence:
    return Evidence(kind, NOON + timedelta(minutes=minutes), by)


EVIDENCE = st.builds(
    lambda kind, by, minutes: seen(kind, by if kind in NEEDS_PERSON else None, minutes),
    st.sampled_from(Kind),
    st.sampled_from([GRACE, HENRY]),
    st.integers(0, 1000),
)


def test_a_storm_of_previews_leaves_a_delivery_where_it_was() -> None:
    storm = [seen(Kind.fetched, minutes=each) for each in range(60)]
    before = receipt(GRACE, [seen(Kind.notified)])
    after = receipt(GRACE, [seen(Kind.notified), *storm])
    assert (before.grade, after.grade) == (Grade.notified, Grade.fetched)
    assert not after.grade.is_seen


@pytest.mark.parametrize("kind", sorted(NEEDS_PERSON))
def test_nobody_opens_without_proving_who_they_are(kind: Kind) -> None:
    with pytest.raises(UnprovenEvidence, match="Nobody proved"):
        Evidence(kind, NOON)


def test_what_a_colleague_did_with_the_link_is_told_and_is_no_grade_of_the_recipient() -> None:
    known = receipt(
        GRACE, [seen(Kind.notified), seen(Kind.opened, HENRY, 5), seen(Kind.issued, HENRY, 6)]
    )
    assert (known.grade, known.others) == (Grade.notified, {HENRY: Grade.issued})
    assert known.is_reshared


def test_bytes_that_nobody_saw_arrive_are_told_to_be_unknown() -> None:
    issued = receipt(GRACE, [seen(Kind.opened, GRACE), seen(Kind.issued, GRACE, 1)])
    assert issued.bytes_unknown
    assert not receipt(GRACE, [seen(Kind.completed, GRACE, 2)]).bytes_unknown


def test_refused_tries_and_what_bounced_are_told() -> None:
    refused = Evidence(Kind.refused, NOON, "stranger@else.example", Refusal.other_organisation)
    known = receipt(GRACE, [refused, seen(Kind.undelivered, minutes=1)])
    assert (known.grade, known.refusals, known.is_undelivered) == (Grade.untold, (refused,), True)
    own = Evidence(Kind.refused, NOON, GRACE, Refusal.revoked, times=3)
    both = receipt(GRACE, [refused, own, Evidence(Kind.refused, NOON, why=Refusal.revoked)])
    assert (both.refused, both.refused_others) == (5, 1)
    assert not receipt(GRACE, [seen(Kind.undelivered), seen(Kind.notified, None, 1)]).is_undelivered


@given(st.lists(EVIDENCE, max_size=12), st.randoms())
def test_the_order_in_which_things_are_known_changes_nothing(
    evidence: list[Evidence], chance: Random
) -> None:
    shuffled = list(evidence)
    chance.shuffle(shuffled)
    one, other = receipt(GRACE, evidence), receipt(GRACE, shuffled)
    assert (one.grade, one.first_at, one.others) == (other.grade, other.first_at, other.others)


@given(st.lists(EVIDENCE, max_size=12), EVIDENCE)
def test_more_evidence_never_lowers_a_grade(evidence: list[Evidence], more: Evidence) -> None:
    assert receipt(GRACE, [*evidence, more]).grade >= receipt(GRACE, evidence).grade


def test_a_tally_names_every_grade() -> None:
    counted = tally([Receipt(Grade.opened), Receipt(Grade.opened), Receipt()])
    assert counted[Grade.opened] == 2
    assert counted[Grade.untold] == 1
    assert set(counted) == set(Grade)
