"""Whether somebody gets a file now: the one decision behind every press and every page of recipients."""

from dataclasses import dataclass
from datetime import datetime

from handlers.errors import NotThere
from handlers.files.portal_pages import NOTHING_FOR_YOU
from handlers.portal_doors import PortalVisit
from rules.addresses import known_id
from rules.fetching import Asked, refusal
from rules.file_life import State
from rules.receipts import Kind, Refusal
from store.delivery_rows import DeliveryRow
from store.session import Reading, Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow
from store.spaces import Space

STRANGE = frozenset({Refusal.other_organisation, Refusal.no_member, Refusal.not_released})
"""Who is refused for these learns nothing of the file, not even that there is one."""
SHOWN = frozenset({None, Refusal.limit_reached})
"""With these the page of a file is shown as it is meant: a limit ends the bytes, not the page."""


@dataclass(frozen=True, slots=True)
class Held:
    """A delivery to a recipient, its file, and why they do not get the bytes now; None where they do."""

    delivery: DeliveryRow
    file: SharedFile
    recipient: RecipientRow
    refused: Refusal | None

    @property
    def space(self) -> Space:
        """The space through which it was sent."""
        return next(each for each in self.file.spaces if each.id == self.delivery.space_id)

    @property
    def is_proxied(self) -> bool:
        """Whether the bytes go through us: where any space of theirs that it was sent to wants it proven."""
        return any(
            each.row.is_proxied
            for each in self.file.spaces
            if each.row.organisation_id == self.recipient.organisation_id
        )

    @property
    def is_strange(self) -> bool:
        """Whether this is nothing of theirs (any more): another's delivery is not, whatever it is of."""
        return self.delivery.recipient_id != self.recipient.id or self.refused in STRANGE


async def held_at(reading: Reading, visit: PortalVisit) -> Held:
    """What a page of a file is about, for who is there; raises NotThere where it is nothing of theirs.

    Unknown, foreign, not released and not theirs any more are all the same.
    """
    held = await holding(reading, visit.named["id"], visit.proven, visit.now)
    if held is None or held.is_strange:
        raise NotThere(NOTHING_FOR_YOU)
    return held


async def holding(
    reading: Reading, named: str, recipient: RecipientRow, now: datetime
) -> Held | None:
    """The delivery of a file, by its id in an address, to a recipient; None where there is none."""
    file_id = known_id(named)
    delivery = await reading.deliveries.of(file_id, recipient.id) if file_id else None
    file = await reading.shared_files.get(delivery.file_id) if delivery else None
    if delivery is None or file is None:
        return None
    return Held(delivery, file, recipient, await why_not(reading, delivery, file, recipient, now))


async def all_theirs(reading: Reading, recipient: RecipientRow, now: datetime) -> list[Held]:
    """All that was sent to a recipient and is theirs still, the newest first."""
    member_of = {space.id for space in await reading.spaces.of_recipient(recipient.id)}
    theirs = []
    for delivery, file in await reading.deliveries.to(recipient.id):
        is_member = bool(member_of & file.space_ids)
        why = refused_now(delivery, file, recipient, now, is_member=is_member)
        held = Held(delivery, file, recipient, why)
        if not held.is_strange:
            theirs.append(held)
    # What came together was delivered at one instant.
    return sorted(theirs, key=lambda each: (each.delivery.made_at, each.file.number), reverse=True)


async def why_not(
    reading: Reading,
    delivery: DeliveryRow,
    file: SharedFile,
    recipient: RecipientRow,
    now: datetime,
) -> Refusal | None:
    """Why a recipient does not get a file now; None where they do."""
    is_member = await reading.spaces.is_member(recipient.id, file.space_ids)
    return refused_now(delivery, file, recipient, now, is_member=is_member)


def refused_now(
    delivery: DeliveryRow,
    file: SharedFile,
    recipient: RecipientRow,
    now: datetime,
    *,
    is_member: bool,
) -> Refusal | None:
    """The same, where it is known whether they are a member of any of the file's spaces."""
    theirs = recipient.organisation_id
    of_file = file.organisation_ids
    return refusal(
        Asked(
            state=file.state,
            expires_at=file.row.expires_at,
            is_removed=file.row.removed_at is not None,
            organisation=str(theirs),
            of_organisation=str(theirs if theirs in of_file else next(iter(of_file), "")),
            is_member=is_member,
            most_fetches=file.row.most_fetches,
            fetched=delivery.fetches,
        ),
        now,
    )


async def reach(
    tx: Transaction,
    delivery: DeliveryRow,
    recipient: RecipientRow,
    now: datetime,
    *,
    via: str,
    agent: str = "",
) -> Held | None:
    """What somebody who proved who they are reaches by pressing at a delivery, theirs or another's.

    It is noted there that they opened it, or why they could not; where it is another's of the same
    space, with their own delivery too. None where there is nothing of theirs.
    """
    held = await reached(tx, delivery, recipient, now)
    if held is None:
        return None
    is_open = held.refused in SHOWN
    for each in {delivery.id, held.delivery.id}:
        await tx.evidence.note(
            each,
            Kind.opened if is_open else Kind.refused,
            now,
            by=recipient.id,
            why=None if is_open else held.refused,
            via=via,
            agent=agent,
        )
    return None if held.is_strange else held


async def reached(
    tx: Transaction, delivery: DeliveryRow, recipient: RecipientRow, now: datetime
) -> Held | None:
    """What a press at a delivery reaches, and nothing is noted; None where the file is gone.

    Nothing is held: many may press at a big file's button at once, and nobody waits for the others.
    """
    file = await tx.shared_files.get(delivery.file_id)
    if file is None:
        return None
    own = delivery
    if delivery.recipient_id != recipient.id:
        own = await _own(tx, delivery, file, recipient, now) or delivery
        # It may have been taken back while we waited for who did it.
        file = await tx.shared_files.get(file.id) or file
    return Held(own, file, recipient, await why_not(tx, own, file, recipient, now))


async def _own(
    tx: Transaction, delivery: DeliveryRow, file: SharedFile, recipient: RecipientRow, now: datetime
) -> DeliveryRow | None:
    """The recipient's own delivery of a file, made now where they became a member since.

    None where there is none to make: what was taken back, replaced or is over comes to nobody new.
    """
    if own := await tx.deliveries.of(file.id, recipient.id):
        return own
    for space in (delivery.space_id, *sorted(file.space_ids - {delivery.space_id})):
        if await tx.spaces.is_member(recipient.id, [space]):
            # Whoever takes the file back meanwhile tells all to whom it was delivered.
            stands = await tx.shared_files.get(file.id, for_change=True)
            if not stands or stands.state is not State.released or stands.row.expires_at <= now:
                return None
            await tx.deliveries.make(file.id, {recipient.id: space}, now)
            return await tx.deliveries.of(file.id, recipient.id)
    return None
