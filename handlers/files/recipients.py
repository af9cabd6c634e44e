"""Recipients of files as the portal and Slack meet them: who is welcome, and whose an address is."""

from dataclasses import dataclass

from rules.roles import Kind, Role
from store.session import Reading
from store.space_rows import RecipientRow


async def is_welcome(reading: Reading, recipient: RecipientRow) -> bool:
    """Whether somebody may still get files: who is in Slack must be active there.

    Who left Slack comes in by no other way, as nobody knows whether they left their company too.
    """
    if recipient.person_id is None:
        return True
    person = (await reading.people.asking(recipient.person_id)).person
    return person is not None and person.may(Role.recipient)


@dataclass(frozen=True, slots=True)
class Reader:
    """A recipient, and the address of theirs as it was given to us: mail goes to that one.

    Not to what somebody typed: letters that are the same to a database may be another's mailbox.
    """

    recipient: RecipientRow
    address: str


async def reader_of(reading: Reading, address: str) -> Reader | None:
    """The welcome recipient to whom mail at this address goes; None where there is none.

    A member's or guest's address in Slack is theirs too. What Slack says of strangers is not believed.
    """
    recipient = await reading.spaces.recipient_by_email(address)
    given = recipient.email if recipient else None
    if recipient is None:
        person = await reading.people.by_email(address.strip())
        if person and person.kind in (Kind.member, Kind.guest):
            recipient, given = await reading.spaces.recipient_of_person(person.id), person.email
    if recipient is None or given is None or not await is_welcome(reading, recipient):
        return None
    return Reader(recipient, given)


def actor(recipient: RecipientRow) -> str:
    """What the audit calls a recipient: Slack's id of them, or ours."""
    return recipient.person_id or f"recipient {recipient.id}"
