"""What a sender hears when somebody asks for a file: who, which file, and the two buttons that answer."""

from handlers.blocks import Words, actions, built, button, section
from store.access_requests import AccessRequestRow
from store.outbox import Message
from store.session import Transaction

GIVE, DECLINE = "file_request_give", "file_request_decline"
CAUSE = "file request"


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
        spaces=file.spaces,
        was_for=await _was_for(tx, request),
    )
    row = actions(
        button(words.plain("give"), GIVE, str(request.id), style="primary"),
        button(words.plain("decline"), DECLINE, str(request.id)),
    )
    said = words["asked"]
    tx.say(Message(file.row.uploaded_by, said, built(section(said), row), CAUSE))


async def _was_for(tx: Transaction, request: AccessRequestRow) -> str:
    """Whose delivery it was that they came by."""
    delivery = await tx.deliveries.get(request.delivery_id) if request.delivery_id else None
    theirs = await tx.spaces.recipient(delivery.recipient_id) if delivery else None
    return theirs.name if theirs else ""
