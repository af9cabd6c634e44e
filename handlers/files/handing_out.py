"""Handing released files out: a delivery for each recipient, and each is told once, by one way."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from handlers.files.parcel_mail import mail_of
from handlers.files.parcel_told import Given, message
from store.delivery_rows import DeliveryRow
from store.session import Reading, Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow
from store.spaces import Space


@dataclass(frozen=True, slots=True)
class Reached:
    """Recipients by the way in which they are told; nobody is in two of these.

    `by_hand` are those outside Slack where no mail is sent: somebody has to give them their links.
    `gone` were deactivated in Slack, and get nothing.
    """

    in_slack: tuple[RecipientRow, ...] = ()
    by_mail: tuple[RecipientRow, ...] = ()
    by_hand: tuple[RecipientRow, ...] = ()
    gone: tuple[RecipientRow, ...] = ()

    @property
    def ids(self) -> frozenset[UUID]:
        """All of them."""
        ways = (self.in_slack, self.by_mail, self.by_hand, self.gone)
        return frozenset(each.id for way in ways for each in way)

    def of(self, recipients: Collection[UUID]) -> "Reached":
        """Those of these recipients alone."""
        return Reached(
            *(
                tuple(each for each in way if each.id in recipients)
                for way in (self.in_slack, self.by_mail, self.by_hand, self.gone)
            )
        )


@dataclass(frozen=True, slots=True)
class Handed:
    """A file that was handed out, and to whom; `missed` so many members of its spaces it never came."""

    file: SharedFile
    reached: Reached = field(default_factory=Reached)
    missed: int = 0


async def hand_out(
    tx: Transaction,
    files: Sequence[SharedFile],
    now: datetime,
    *,
    among: Collection[UUID] | None = None,
) -> list[Handed]:
    """Deliver released files, which are held, to all members of their spaces who have them not yet.

    Who has an edition whose place one takes reads so. With `among`, only these recipients get them now.
    """
    open_spaces = {space.id: space for file in files for space in file.spaces if space.is_open}
    # Who is added meanwhile waits, and finds what is delivered here.
    await tx.spaces.hold(open_spaces)
    members = {
        space: [
            each for each in await tx.spaces.members(space) if among is None or each.id in among
        ]
        for space in open_spaces
    }
    had = await tx.deliveries.had_before([file.id for file in files])
    givens: list[Given] = []
    for file in files:
        space_of: dict[UUID, UUID] = {}
        for space in file.spaces:
            for member in members.get(space.id, ()):
                space_of.setdefault(member.id, space.id)
        made = await tx.deliveries.make(file.id, space_of, now)
        givens += [Given(each, file, had.get((file.id, each.recipient_id))) for each in made]
    recipients = {member.id: member for some in members.values() for member in some}
    reached = await tell(tx, givens, recipients)
    to = defaultdict(set)
    for given in givens:
        to[given.file.id].add(given.delivery.recipient_id)
    return [Handed(file, reached.of(to[file.id])) for file in files]


async def handed_out(reading: Reading, files: Sequence[SharedFile]) -> list[Handed]:
    """Files that were handed out, as `hand_out` gives them: to whom each came, told by which way."""
    ways: dict[UUID, dict[str, list[RecipientRow]]] = defaultdict(lambda: defaultdict(list))
    deliveries = await reading.deliveries.of_files([file.id for file in files])
    recipients = await reading.spaces.recipients({each.recipient_id for each in deliveries})
    by_name = sorted(deliveries, key=lambda each: _in_lists(recipients[each.recipient_id]))
    for delivery in by_name:
        recipient = recipients[delivery.recipient_id]
        ways[delivery.file_id][_way_of(delivery, recipient)].append(recipient)
    handed = []
    for file in files:
        reached = Reached(**{way: tuple(some) for way, some in ways[file.id].items()})
        handed.append(Handed(file, reached, len(await _members(reading, file) - reached.ids)))
    return handed


async def _members(reading: Reading, file: SharedFile) -> set[UUID]:
    """Who is a member of an open space of a file."""
    open_spaces = [space.id for space in file.spaces if space.is_open]
    return {each.id for space in open_spaces for each in await reading.spaces.members(space)}


async def deliver_to_new_member(
    tx: Transaction, space: Space, recipient: RecipientRow, now: datetime
) -> int:
    """Deliver what is released in a space to somebody who was just added; gives how many files.

    They are told of all of it at once, and of nothing that they were told of before.
    """
    await tx.spaces.hold([space.id])
    files = [
        file for file in await tx.shared_files.released_in(space.id) if file.row.expires_at > now
    ]
    givens = []
    for file in files:
        made = await tx.deliveries.make(file.id, {recipient.id: space.id}, now)
        givens += [Given(each, file) for each in made]
    await tell(tx, givens, {recipient.id: recipient})
    return len(givens)


async def tell(
    tx: Transaction, givens: Sequence[Given], recipients: Mapping[UUID, RecipientRow]
) -> Reached:
    """Tell each recipient of all that is theirs, by the way that there is; gives who is told how."""
    theirs: dict[UUID, list[Given]] = defaultdict(list)
    for given in givens:
        theirs[given.delivery.recipient_id].append(given)
    told = [recipients[each] for each in theirs]
    present = await tx.people.present(each.person_id for each in told if each.person_id)
    ways: dict[str, list[RecipientRow]] = defaultdict(list)
    for recipient in sorted(told, key=_in_lists):
        way = await _told_by(tx, recipient, theirs[recipient.id], present)
        ways[way].append(recipient)
    return Reached(**{way: tuple(some) for way, some in ways.items()})


async def _told_by(
    tx: Transaction, recipient: RecipientRow, givens: Sequence[Given], present: Collection[str]
) -> str:
    """Tell one recipient; by which way, as `Reached` calls it."""
    deliveries = [given.delivery.id for given in givens]
    if recipient.person_id and recipient.person_id in present:
        said = message(recipient.person_id, givens)
        tx.say(said)
        await tx.deliveries.told(deliveries, message_id=said.id)
        return "in_slack"
    if recipient.person_id:
        return "gone"
    if recipient.email and tx.outside.mails:
        mail = await tx.mails.say(await mail_of(tx, recipient, givens))
        await tx.deliveries.told(deliveries, mail_id=mail)
        return "by_mail"
    return "by_hand"


def _way_of(delivery: DeliveryRow, recipient: RecipientRow) -> str:
    """The way by which a delivery was told, as `Reached` calls it."""
    if delivery.message_id:
        return "in_slack"
    if delivery.mail_id:
        return "by_mail"
    return "gone" if recipient.person_id else "by_hand"


def _in_lists(recipient: RecipientRow) -> tuple[str, str]:
    return recipient.name.casefold(), str(recipient.id)
