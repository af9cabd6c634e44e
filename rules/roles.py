"""Who may do what: the roles of a person, given and implied."""

from collections.abc import Set as AbstractSet
from enum import StrEnum


class Role(StrEnum):
    """What a person may do. Every listener and route names the one it needs."""

    admin = "admin"
    lead = "lead"
    approver = "approver"
    csa = "csa"
    sender = "sender"
    viewer = "viewer"


class Kind(StrEnum):
    """What a person is to the workspace."""

    member = "member"
    guest = "guest"
    stranger = "stranger"
    bot = "bot"


IMPLIED = {
    Role.admin: frozenset(Role),
    Role.lead: frozenset({Role.lead, Role.csa, Role.viewer}),
    Role.approver: frozenset({Role.approver, Role.viewer}),
    Role.csa: frozenset({Role.csa, Role.viewer}),
    Role.sender: frozenset({Role.sender, Role.viewer}),
    Role.viewer: frozenset({Role.viewer}),
}


def effective(given: AbstractSet[Role], kind: Kind, *, active: bool) -> frozenset[Role]:
    """The roles a person holds: those given and what they imply; full members can always view.

    Guests, strangers from shared channels, bots and deactivated people hold none, whatever they were
    given before: what a guest may see (deliveries to them) is not a role but theirs.
    """
    if kind is not Kind.member or not active:
        return frozenset()
    return frozenset().union(*(IMPLIED[role] for role in given | {Role.viewer}))


GIVABLE = {
    Role.admin: frozenset(Role) - {Role.viewer},
    Role.lead: frozenset({Role.lead, Role.approver, Role.csa, Role.sender}),
}
"""Who may give and take which roles; every full member is a viewer without being given it."""


def givable(roles: AbstractSet[Role], *, to_group: bool = False) -> frozenset[Role]:
    """The roles that somebody with these roles may give and take.

    Only an admin may give a role to a user group: who is in it is decided in Slack, by others.
    """
    if to_group and Role.admin not in roles:
        return frozenset()
    return frozenset().union(*(GIVABLE.get(role, frozenset()) for role in roles))
