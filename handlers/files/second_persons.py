"""Who may let a file out that takes a second person: nobody who uploaded or wrote it."""

from handlers.leads import who_gives
from handlers.wave_deciders import Deciders
from rules.clearance import Approval, Classification
from rules.roles import Role
from store.people import Person
from store.session import Reading
from store.shared_files import SharedFile

APPROVE = (Role.approver, Role.lead)
"""Either does, but for data of persons."""


def is_personal(file: SharedFile) -> bool:
    """Whether only a privacy approver may let it out."""
    return file.row.classification == Classification.personal or file.row.was_personal


def approval_of(person: Person) -> Approval:
    """The word of somebody who agrees."""
    return Approval(person.id, is_of_privacy=person.may(Role.privacy))


def may_decide(file: SharedFile, person: Person) -> bool:
    """Whether this person is a second person to a file."""
    if person.id in file.involved:
        return False
    roles = (Role.privacy,) if is_personal(file) else APPROVE
    return any(map(person.may, roles))


async def second_persons(reading: Reading, file: SharedFile) -> Deciders:
    """Who is asked to decide about a file.

    Those who were given the role; where none of them has no part in it, leads, and then whoever has
    the role by another one.
    """
    role = Role.privacy if is_personal(file) else Role.approver
    given = await reading.roles.people_with(role)
    leads = [] if is_personal(file) else await reading.roles.people_with(Role.lead)
    implied = [each.id for each in await reading.roles.members_who_may(role)]
    asked: list[str] = []
    for people in (given, leads, implied):
        asked = asked or [each for each in people if each not in file.involved]
    return Deciders(tuple(asked), tuple(await who_gives(reading, role)))
