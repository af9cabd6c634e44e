"""What a sender hears when somebody asks for a file: who, which file, and the two buttons that answer."""

from handlers.blocks import Words, actions, built, button, context, section
from handlers.dates import short
from rules.file_days import HOLDS_FOR
from rules.roles import Role
from store.access_requests import AccessRequestRow, Asked
from store.outbox import Message
from store.session import Transaction
from store.shared_files import SharedFile
from store.spaces import Space

GIVE, DECLINE = "file_request_give", "file_request_decline"
CAUSE = "file request"
LONGEST_NAME = 50
"""Of a space on a button, which takes 75 characters."""


async def tell_sender(tx: Transaction, request: AccessRequestRow) -> None:
    """Tell the sender of a file that somebody asks for it, or for a new link to it."""
    file = await tx.shared_files.get(request.file_id)
    if file is None:
        return
    recipient = await tx.spaces.recipient(request.recipient_id) if request.recipient_id else None
    organisation = await tx.spaces.organisation(recipient.organisation_id) if recipient else None
    words = Words(
        "file_request",
        request=request,
        file=file.row,
        recipient=recipient,
        organisation=organisation,
        space=(space := await space_of(tx, request, file)),
        space_short=short(space.name, LONGEST_NAME),
        was_for=await _was_for(tx, request),
        days=HOLDS_FOR.days,
    )
    is_foreign = recipient is not None and recipient.organisation_id not in file.organisation_ids
    give = button(words.plain("give"), GIVE, str(request.id), style="primary")
    decline = button(words.plain("decline"), DECLINE, str(request.id))
    gives = "gets_all" if request.kind == Asked.access else "lets_all"
    note = "theirs_only" if is_foreign else gives
    blocks = built(
        section(words["asked"]),
        context(words[note]),
        actions(*([] if is_foreign else [give]), decline),
    )
    for person in await _who_answers(tx, file):
        tx.say(Message(person, words.plain("asked"), blocks, CAUSE))


async def space_of(tx: Transaction, request: AccessRequestRow, file: SharedFile) -> Space:
    """The space of a file by whose link somebody came who asks for it."""
    delivery = await tx.deliveries.get(request.delivery_id) if request.delivery_id else None
    came_by = delivery.space_id if delivery else None
    return next((each for each in file.spaces if each.id == came_by), file.spaces[0])


async def _who_answers(tx: Transaction, file: SharedFile) -> list[str]:
    """Who sent it; the leads, where they have left."""
    sender = file.row.uploaded_by
    if sender in await tx.people.present([sender]):
        return [sender]
    return await tx.roles.people_with(Role.lead)


async def _was_for(tx: Transaction, request: AccessRequestRow) -> str:
    """Whose delivery it was that they came by."""
    delivery = await tx.deliveries.get(request.delivery_id) if request.delivery_id else None
    theirs = await tx.spaces.recipient(delivery.recipient_id) if delivery else None
    return theirs.name if theirs else ""
