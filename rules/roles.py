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
    privacy = "privacy"  # says whether data of persons may go out
    viewer = "viewer"
    recipient = "recipient"  # sees what was delivered to them, and nothing else


class Kind(StrEnum):
    """What a person is to the workspace."""

    member = "member"
    guest = "guest"
    stranger = "stranger"
    bot = "bot"


ALWAYS = frozenset({Role.viewer, Role.recipient})
"""What every full member is, without being given it."""

IMPLIED = {
    Role.admin: frozenset(Role),
    Role.lead: ALWAYS | {Role.lead, Role.csa},
    Role.approver: ALWAYS | {Role.approver},
    Role.csa: ALWAYS | {Role.csa},
    Role.sender: ALWAYS | {Role.sender},
    Role.privacy: ALWAYS | {Role.privacy},
    Role.viewer: ALWAYS,
    Role.recipient: frozenset({Role.recipient}),
}


def effective(given: AbstractSet[Role], kind: Kind, *, active: bool) -> frozenset[Role]:
    """The roles a person holds: those given and what they imply; full members can always view.

    Guests and strangers from shared channels are recipients and nothing else, whatever they were given
    before; bots and deactivated people hold no role.
    """
    if kind is Kind.bot or not active:
        return frozenset()
    if kind is not Kind.member:
        return IMPLIED[Role.recipient]
    return frozenset().union(*(IMPLIED[role] for role in given | {Role.viewer}))


GIVABLE = {
    Role.admin: frozenset(Role) - ALWAYS,
    Role.lead: frozenset({Role.lead, Role.approver, Role.csa, Role.sender}),
}
"""Who may give and take which roles; nobody has to be given what everybody always is."""


def givable(roles: AbstractSet[Role], *, to_group: bool = False) -> frozenset[Role]:
    """The roles that somebody with these roles may give and take.

    Only an admin may give a role to a user group: who is in it is decided in Slack, by others.
    """
    if to_group and Role.admin not in roles:
        return frozenset()
    return frozenset().union(*(GIVABLE.get(role, frozenset()) for role in roles))
