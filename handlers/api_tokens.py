"""Tokens of the API, made and withdrawn."""

import re

from handlers.errors import Refused
from rules.roles import Role
from store.audit import Change
from store.session import Transaction

ROLES = (Role.csa, Role.lead)
"""What a program may be: whoever marks the locations of a wave."""
NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
NO_NAME = (
    "Name the program that will use it, in small letters, digits, dots and dashes: point-of-sale, "
    "say."
)
HAS_ONE = (
    "{name} has a token already, and it goes on working. Choose another name, or withdraw that one "
    "first: wavepost token withdraw {name}"
)
HAS_NONE = "No program called {name} has a token. wavepost token list shows which have."


async def make_token(tx: Transaction, name: str, role: Role) -> str:
    """A new token for a program; it is shown now and never again.

    Raises:
        Refused: the name is none, or a program of this name has a token.
    """
    if not NAME.fullmatch(name):
        raise Refused(NO_NAME)
    token = await tx.api_tokens.make(name, role, by=tx.actor)
    if token is None:
        raise Refused(HAS_ONE.format(name=name))
    tx.audit(Change("token made", name, after={"role": role}))
    return token


async def withdraw_token(tx: Transaction, name: str) -> None:
    """Let the token of a program open nothing any more.

    Raises:
        Refused: it has none.
    """
    if not await tx.api_tokens.withdraw(name):
        raise Refused(HAS_NONE.format(name=name))
    tx.audit(Change("token withdrawn", name))
