"""Spaces kept: made, given people, changed and closed. What Slack and the command line share."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from handlers.blocks import Words, mention
from handlers.errors import Refused
from handlers.files.space_welcoming import welcome
from rules.mail_words import one_line
from rules.roles import Kind
from rules.seen_words import seen
from store.audit import Change
from store.recipients import OtherOrganisation, OtherPerson
from store.session import Reading, Transaction
from store.space_rows import OrganisationRow, RecipientRow
from store.spaces import NameTaken, Space

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Added:
    """Somebody who is in a space now; `is_new` says whether they were not before.

    `beside` is who has the address that a stranger's own workspace says is theirs: perhaps they are
    one, which only people can tell.
    """

    recipient: RecipientRow
    is_new: bool
    beside: RecipientRow | None = None


async def make(tx: Transaction, organisation: str, name: str) -> Space:
    """A new space of the organisation with this name, which is made where it is not known yet.

    Raises:
        Refused: a name is none, or the organisation has a space of this name.
    """
    organisation, name = _name(organisation), _name(name)
    owner = await _organisation(tx, organisation)
    try:
        made = await tx.spaces.make_space(owner.id, name, tx.actor)
    except NameTaken as taken:
        raise refused("name_taken", name=taken.name, organisation=owner.name) from taken
    space = Space(made, owner.name)
    tx.audit(Change("space made", str(space.id), after=_named(space)))
    return space


async def add_person(tx: Transaction, space: Space, person_id: str) -> Added:
    """Let somebody in Slack be in a space that is held: a member, a guest, a person of a shared channel.

    Whoever calls this welcomes them. What the workspace of a stranger says of their address is not
    believed: whoever runs that workspace could get what is another's.

    Raises:
        Refused: they are an app, were deactivated, are not known yet, belong to another organisation,
            or have the address of somebody else in Slack.
    """
    person = (await tx.people.asking(person_id)).person
    if person is None:
        raise refused("not_known", person=mention(person_id))
    if person.kind is Kind.bot:
        raise refused("is_app", person=person.name)
    if not person.roles:
        raise refused("has_left", person=person.name)
    if person.kind is not Kind.stranger:
        return await _add(tx, space, person_id=person.id, email=person.email, name=person.name)
    added = await _add(tx, space, person_id=person.id, name=person.name)
    outside = await tx.spaces.recipient_by_email(person.email) if person.email else None
    is_other = outside is not None and outside.id != added.recipient.id
    return replace(added, beside=outside if is_other else None)


async def add_address(tx: Transaction, space: Space, email: str, name: str) -> Added:
    """Let whoever has this address be in a space that is held; whoever calls this welcomes them.

    Raises:
        Refused: they belong to another organisation, or are somebody else in Slack.
    """
    return await _add(tx, space, email=email, name=name)


async def remove(tx: Transaction, space_id: UUID, recipient_id: UUID) -> RecipientRow:
    """Take somebody out of a space: from now on they can open nothing that was sent there.

    Raises:
        Refused: they are not in it.
    """
    space, recipient = await known(tx, space_id), await tx.spaces.recipient(recipient_id)
    if recipient is None or not await tx.spaces.remove(space_id, recipient_id, tx.actor):
        raise refused("not_in_it", space=space.name)
    tx.audit(Change("left a space", str(space_id), before=_who(recipient)))
    return recipient


async def put_back(tx: Transaction, space_id: UUID, recipient_id: UUID) -> Added:
    """Let a recipient who is known be in a space: who was taken out of it, or asked for what is there.

    Raises:
        Refused: there is nobody, or the space is closed.
    """
    space, recipient = await held_space(tx, space_id), await tx.spaces.recipient(recipient_id)
    if recipient is None or recipient.organisation_id != space.organisation_id:
        raise refused("not_in_it", space=space.name)
    added = await _let_in(tx, space, recipient)
    if added.is_new:
        await welcome(tx, space, [recipient])
    return added


async def set_proxied(tx: Transaction, space_id: UUID, *, is_proxied: bool) -> Space:
    """Have what is sent to a space go out through Wavepost, or straight from the store for files."""
    space = await held_space(tx, space_id)
    if space.row.is_proxied != is_proxied:
        await tx.spaces.set_proxied(space_id, is_proxied=is_proxied)
        was, now = {"is_proxied": not is_proxied}, {"is_proxied": is_proxied}
        tx.audit(Change("space changed", str(space_id), before=was, after=now))
    return await known(tx, space_id)


async def close(tx: Transaction, space_id: UUID) -> Space:
    """Close a space: nothing is sent there any more, and nothing that was can be opened.

    Raises:
        Refused: it is closed already.
    """
    space = await held_space(tx, space_id)
    await tx.spaces.close(space_id)
    tx.audit(Change("space closed", str(space_id), before=_named(space)))
    return space


async def known(reading: Reading, space_id: UUID) -> Space:
    """A space, open or closed. Raises Refused where there is none."""
    space = await reading.spaces.get(space_id)
    if space is None:
        raise refused("not_there")
    return space


async def held_space(tx: Transaction, space_id: UUID) -> Space:
    """An open space that nobody else changes before the commit. Raises Refused."""
    await tx.spaces.hold([space_id])
    space = await known(tx, space_id)
    if not space.is_open:
        raise refused("is_closed", space=space.name)
    return space


def refused(why: str, **values: object) -> Refused:
    """Why something cannot be done with a space."""
    words = Words("space_refused", **values)
    return Refused(words[why], plain=words.plain(why))


async def _organisation(tx: Transaction, name: str) -> OrganisationRow:
    """The organisation with this name, made where it is not known yet."""
    if known_one := await tx.spaces.organisation_named(name):
        return known_one
    try:
        made = await tx.spaces.make_organisation(name, tx.actor)
    except NameTaken:
        # Somebody made it in the same moment.
        return await _organisation(tx, name)
    tx.audit(Change("organisation made", str(made.id), after={"name": made.name}))
    return made


async def _add(
    tx: Transaction,
    space: Space,
    *,
    name: str,
    person_id: str | None = None,
    email: str | None = None,
) -> Added:
    try:
        recipient = await tx.spaces.keep_recipient(
            space.organisation_id, person_id=person_id, email=email, name=name
        )
    except OtherOrganisation as other:
        raise refused(
            "other_organisation",
            person=name,
            theirs=other.organisation.name,
            organisation=space.organisation,
        ) from other
    except OtherPerson as other:
        theirs = other.recipient
        raise refused(
            "other_person", person=name, theirs=theirs.name, email=theirs.email
        ) from other
    return await _let_in(tx, space, recipient)


async def _let_in(tx: Transaction, space: Space, recipient: RecipientRow) -> Added:
    if not await tx.spaces.add(space.id, recipient.id, tx.actor):
        return Added(recipient, is_new=False)
    tx.audit(Change("joined a space", str(space.id), after=_who(recipient)))
    return Added(recipient, is_new=True)


def _name(typed: str) -> str:
    name = seen(one_line(typed))
    if not name:
        raise refused("no_name")
    if len(name) > LONGEST_NAME:
        raise refused("long_name", longest=LONGEST_NAME)
    return name


def _named(space: Space) -> dict[str, Any]:
    return {"name": space.name, "organisation": space.organisation}


def _who(recipient: RecipientRow) -> dict[str, Any]:
    return {
        "recipient": str(recipient.id),
        "name": recipient.name,
        "person": recipient.person_id,
        "email": recipient.email,
    }
