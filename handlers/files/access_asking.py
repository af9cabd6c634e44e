"""Asking a sender: for a new link to what expired, or for a file that was sent to others."""

from datetime import datetime, timedelta
from uuid import UUID

from handlers.files.access_telling import tell_sender
from store.access_requests import Asked
from store.delivery_rows import DeliveryRow
from store.session import Transaction
from store.space_rows import RecipientRow

MOST_BY_STRANGERS = 5
"""Addresses that nobody proved may wait for a sender at a time, for each file: whoever has a link can
type them."""
DECLINED_FOR = timedelta(days=1)
"""So long who was declined is not asked for again: at most once a day."""


async def ask_for_new_link(tx: Transaction, delivery: DeliveryRow, now: datetime) -> bool:
    """Ask the sender to let a recipient have again what expired; asked twice, they are told once.

    False where they declined that lately, and are not asked again.
    """
    if await _was_declined(tx, delivery, Asked.new_link, now, delivery.recipient_id):
        return False
    request, is_new = await tx.access_requests.ask(
        delivery.file_id,
        Asked.new_link,
        now,
        delivery_id=delivery.id,
        recipient_id=delivery.recipient_id,
    )
    if is_new:
        await tell_sender(tx, request)
    return True


async def ask_for_access(
    tx: Transaction,
    delivery: DeliveryRow,
    now: datetime,
    *,
    recipient: RecipientRow | None = None,
    address: str = "",
) -> bool:
    """Ask the sender for a file by the link of somebody else's delivery.

    A `recipient` proved who they are; an `address` is only what somebody typed. False where the sender
    is not asked: they declined that lately, or so many wait whom nobody knows.
    """
    asker = recipient.id if recipient else None
    if await _was_declined(tx, delivery, Asked.access, now, asker, address):
        return False
    if recipient is None and await _is_crowded(tx, delivery):
        return False
    request, is_new = await tx.access_requests.ask(
        delivery.file_id,
        Asked.access,
        now,
        delivery_id=delivery.id,
        recipient_id=asker,
        email=None if recipient else address,
    )
    if is_new:
        await tell_sender(tx, request)
    return True


async def _was_declined(
    tx: Transaction,
    delivery: DeliveryRow,
    kind: Asked,
    now: datetime,
    recipient_id: UUID | None,
    address: str = "",
) -> bool:
    """Whether the same was declined so lately that nobody is asked again; they read so then."""
    since, file = now - DECLINED_FOR, delivery.file_id
    return await tx.access_requests.declined_since(
        file, kind, since, recipient_id=recipient_id, email=address
    )


async def _is_crowded(tx: Transaction, delivery: DeliveryRow) -> bool:
    file = await tx.shared_files.get(delivery.file_id, for_change=True)
    waiting = await tx.access_requests.open_for(file.row.uploaded_by) if file else []
    unproven = [each for each in waiting if each.file_id == delivery.file_id and each.email]
    return len(unproven) >= MOST_BY_STRANGERS
