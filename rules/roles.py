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
