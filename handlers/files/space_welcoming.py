"""Who is new in a space gets what was released there before: a job, for it may be much for many."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from handlers.files.handing_out import deliver_to_new_member
from handlers.jobs import Work, job
from store.session import Transaction
from store.space_rows import RecipientRow
from store.spaces import Space

WELCOME = "space_welcome"
ABOUT = "Delivering what was released in {space}"


async def welcome(tx: Transaction, space: Space, recipients: Sequence[RecipientRow]) -> int:
    """Have what is released in a space delivered to these, who are in it now; gives how many files."""
    now = await tx.clock.now()
    released = await tx.shared_files.released_in(space.id)
    files = sum(file.row.expires_at > now for file in released)
    if files and recipients:
        given = {"space": str(space.id), "recipients": [str(each.id) for each in recipients]}
        await tx.jobs.start(
            WELCOME,
            given,
            by=tx.actor,
            key=f"{WELCOME} {uuid4()}",
            about=ABOUT.format(space=space.name),
        )
    return files


@job(WELCOME)
async def deliver(work: Work) -> None:
    """Deliver to one after the other; what is delivered already is told nobody again."""
    space_id = UUID(work.job.given["space"])
    recipients = [UUID(each) for each in work.job.given["recipients"]]
    for done, recipient_id in enumerate(recipients):
        work.tell("Delivering", done, len(recipients))
        async with work.meanwhile() as tx:
            await _deliver(tx, space_id, recipient_id)
    async with work.ending():
        pass


async def _deliver(tx: Transaction, space_id: UUID, recipient_id: UUID) -> None:
    """Deliver to one of them, unless they were removed or the space was closed meanwhile."""
    await tx.spaces.hold([space_id])
    space, recipient = await tx.spaces.get(space_id), await tx.spaces.recipient(recipient_id)
    if space and recipient and await tx.spaces.is_member(recipient_id, [space_id]):
        await deliver_to_new_member(tx, space, recipient, await tx.clock.now())
