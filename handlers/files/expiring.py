"""Files whose day has come: nobody gets them any more, and their sender reads who never opened them."""

from datetime import datetime
from uuid import UUID

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, button, context, lines, section
from handlers.dates import short
from handlers.files.parcel_told import LONGEST_TITLE, refresh
from handlers.files.receipt_lines import lines_of_all
from handlers.files.sender_news import tell_sender
from handlers.files.step_buttons import RENEW
from handlers.files.taking import WAVEPOST, take
from rules.file_life import State, Step, Who
from rules.wording import listed
from store.session import Transaction


async def expire(tx: Transaction, parcel: UUID, now: datetime) -> None:
    """Let the files of a parcel expire whose day has come; the messages about them say so."""
    due = [
        file
        for file in await tx.shared_files.of_parcel(parcel, for_change=True)
        if file.state is State.released and file.row.expires_at <= now
    ]
    if not due:
        return
    expired = [
        await take(tx, file, Step.expire, by=WAVEPOST, who=Who.wavepost, now=now) for file in due
    ]
    await refresh(tx, expired)
    receipts = await lines_of_all(tx, expired)
    blocks: list[Block] = []
    for file in expired:
        theirs = [each for each in receipts[file.id] if each.is_member]
        unseen = [each.recipient.name for each in theirs if each.is_waited_for]
        words = Words(
            "file_days",
            number=file.number,
            title=short(file.row.title, LONGEST_TITLE),
            total=len(theirs),
            unseen=len(unseen),
            named=listed(unseen),
        )
        press = button("Let them have it again", RENEW, str(file.id))
        blocks += [section(text, accessory=press) for text in lines([words["expired"]])]
    words = Words("file_days", count=len(expired))
    blocks.append(context(words["expired_next"]))
    await tell_sender(tx, expired[0], words.plain("expired_short"), blocks)
