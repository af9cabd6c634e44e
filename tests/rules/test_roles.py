"""Who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.roles import ALWAYS, IMPLIED, Kind, Role, effective, givable

ROLES = st.sets(st.sampled_from(Role))
OUTSIDE = (Kind.guest, Kind.stranger)


@given(ROLES)
def test_full_members_hold_what_was_given_and_can_always_view(given_roles: set[Role]) -> None:
    held = effective(given_roles, Kind.member, active=True)

    assert given_roles | {Role.viewer} <= held


@given(ROLES, st.sampled_from(OUTSIDE))
def test_whoever_is_no_member_is_a_recipient_and_nothing_else(
    given_roles: set[Role], kind: Kind
) -> None:
    assert effective(given_roles, kind, active=True) == {Role.recipient}


@given(ROLES, st.sampled_from(Kind))
def test_bots_and_the_deactivated_hold_none(given_roles: set[Role], kind: Kind) -> None:
    assert effective(given_roles, kind, active=False) == frozenset()
    assert effective(given_roles, Kind.bot, active=True) == frozenset()


@given(ROLES, ROLES)
def test_more_given_is_never_less_held(some: set[Role], more: set[Role]) -> None:
    fewer = effective(some, Kind.member, active=True)

    assert fewer <= effective(some | more, Kind.member, active=True)


@given(ROLES)
def test_what_is_implied_implies_nothing_further(given_roles: set[Role]) -> None:
    held = effective(given_roles, Kind.member, active=True)

    assert effective(held, Kind.member, active=True) == held


@pytest.mark.parametrize(
    ("given_role", "held"),
    [
        (Role.admin, set(Role)),
        (Role.lead, {Role.lead, Role.csa, *ALWAYS}),
        (Role.approver, {Role.approver, *ALWAYS}),
        (Role.csa, {Role.csa, *ALWAYS}),
        (Role.sender, {Role.sender, *ALWAYS}),
        (Role.privacy, {Role.privacy, *ALWAYS}),
        (Role.viewer, {*ALWAYS}),
        (Role.recipient, {*ALWAYS}),
    ],
)
def test_each_role_implies_exactly_these(given_role: Role, held: set[Role]) -> None:
    assert effective({given_role}, Kind.member, active=True) == held
    assert set(IMPLIED) == set(Role)


@given(st.sets(st.sampled_from(Role)))
def test_nobody_gives_a_role_that_they_could_not_be_given_by_an_admin(roles: set[Role]) -> None:
    assert givable(roles) <= givable({Role.admin})
    assert not ALWAYS & givable(roles)


@given(st.sets(st.sampled_from([role for role in Role if role is not Role.admin])))
def test_only_admins_make_admins_and_give_to_groups(roles: set[Role]) -> None:
    assert Role.admin not in givable(roles)
    assert givable(roles, to_group=True) == frozenset()


def test_only_leads_and_admins_give_any() -> None:
    assert {role for role in Role if givable({role})} == {Role.lead, Role.admin}
