"""Who may do what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.roles import IMPLIED, Kind, Role, effective, givable

ROLES = st.sets(st.sampled_from(Role))
OTHERS = [kind for kind in Kind if kind is not Kind.member]


@given(ROLES)
def test_full_members_hold_what_was_given_and_can_always_view(given_roles: set[Role]) -> None:
    held = effective(given_roles, Kind.member, active=True)

    assert given_roles | {Role.viewer} <= held


@given(ROLES, st.sampled_from(OTHERS), st.booleans())
def test_nobody_but_members_holds_a_role(
    given_roles: set[Role],
    kind: Kind,
    active: bool,  # noqa: FBT001 - drawn, not passed by hand
) -> None:
    assert effective(given_roles, kind, active=active) == frozenset()


@given(ROLES)
def test_the_deactivated_hold_none(given_roles: set[Role]) -> None:
    assert effective(given_roles, Kind.member, active=False) == frozenset()


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
        (Role.lead, {Role.lead, Role.csa, Role.viewer}),
        (Role.approver, {Role.approver, Role.viewer}),
        (Role.csa, {Role.csa, Role.viewer}),
        (Role.sender, {Role.sender, Role.viewer}),
        (Role.viewer, {Role.viewer}),
    ],
)
def test_each_role_implies_exactly_these(given_role: Role, held: set[Role]) -> None:
    assert effective({given_role}, Kind.member, active=True) == held
    assert set(IMPLIED) == set(Role)


@given(st.sets(st.sampled_from(Role)))
def test_nobody_gives_a_role_that_they_could_not_be_given_by_an_admin(roles: set[Role]) -> None:
    assert givable(roles) <= givable({Role.admin})
    assert Role.viewer not in givable(roles)


@given(st.sets(st.sampled_from([role for role in Role if role is not Role.admin])))
def test_only_admins_make_admins_and_give_to_groups(roles: set[Role]) -> None:
    assert Role.admin not in givable(roles)
    assert givable(roles, to_group=True) == frozenset()


def test_only_leads_and_admins_give_any() -> None:
    assert {role for role in Role if givable({role})} == {Role.lead, Role.admin}
