"""Roles given and taken: what the command line and Slack share."""

from handlers.errors import Refused
from rules.roles import Role
from store.audit import Change
from store.people import PersonRow
from store.session import Transaction


async def give(tx: Transaction, email: str, role: Role) -> PersonRow:
    """Give a role to the person with this e-mail address; giving it again changes nothing.

    Raises:
        Refused: nobody in the workspace has this address.
    """
    person = await _person(tx, email)
    if await tx.people.give(person.id, role, by=tx.actor):
        tx.audit(Change("role given", person.id, after={"role": role}))
    return person


async def take(tx: Transaction, email: str, role: Role) -> PersonRow:
    """Take a role from the person with this e-mail address.

    Raises:
        Refused: nobody has this address, or the person was not given the role.
    """
    person = await _person(tx, email)
    if not await tx.people.take(person.id, role):
        raise Refused(f"{person.name} was not given the role {role}, so nothing changed.")
    tx.audit(Change("role taken", person.id, before={"role": role}))
    return person


async def _person(tx: Transaction, email: str) -> PersonRow:
    person = await tx.people.by_email(email)
    if person is None:
        raise Refused(
            f"I know nobody with the address {email}. People are known once Wavepost has run "
            "in their workspace for a minute."
        )
    return person
