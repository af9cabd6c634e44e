"""Why somebody is refused, and whom they can ask for the role that it takes."""

from handlers.blocks import Words, mention
from handlers.errors import NotAllowed
from handlers.leads import who_gives
from rules.roles import Kind, Role
from rules.wording import or_listed
from store.people import Person
from store.session import Reading

MEMBERS_ONLY = "I can only answer members of this workspace."
GUESTS_MAY = (
    f"{MEMBERS_ONLY} You are here as a guest: please ask the person who works with you. "
    "Files that were sent to you are under /share and in my Home."
)
MOST_GIVERS = 3


async def not_allowed(
    reading: Reading, person: Person, role: Role, *, command: str = ""
) -> NotAllowed:
    """Why a person who lacks a role is refused; `command` is what one types to give it, if one can."""
    if person.kind is Kind.guest:
        return NotAllowed(GUESTS_MAY)
    if not person.may(Role.viewer):
        return NotAllowed(MEMBERS_ONLY)
    givers = (await who_gives(reading, role, but=person.id))[:MOST_GIVERS]
    holders = [await reading.roles.holder(giver) for giver in givers]
    mentions = or_listed(mention(giver) for giver in givers)
    names = or_listed(holder.name for holder in holders if holder)
    return NotAllowed(
        Words("roles", role=role, givers=mentions, command=command)["needs"],
        plain=Words("roles", role=role, givers=names, command=command).plain("needs"),
    )
