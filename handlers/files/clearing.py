"""What stands between files and their release, settled once they were looked into or changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from handlers.blocks import Words, built, section
from handlers.files.handing_out import Handed
from handlers.files.needs import FOUND_OUT, needs
from handlers.files.releasing import let_out, release
from handlers.files.rounds import hand_out_in_rounds
from handlers.files.sender_news import tell_cleared
from handlers.files.sender_waiting import show_on_its_way, tell_waiting
from handlers.files.taking import WAVEPOST, hold, take
from handlers.files.waiting import show_waiting
from rules.file_life import State, Step, Who
from rules.roles import Role
from store.outbox import Message
from store.session import Transaction
from store.shared_files import SharedFile

CAUSE = "file given back"
NO_SENDER = "Who sent it may send no files any more."


async def settle(
    tx: Transaction,
    files: Sequence[SharedFile],
    now: datetime,
    *,
    in_place_of: UUID | None = None,
    in_rounds: bool = False,
) -> None:
    """Release what misses nothing; ask second persons about what misses only them; tell the sender.

    `files` were looked into (what was found is kept), or their sender changed what is said of them.
    Others of the same parcel stay as they are. `in_place_of` is a message to the sender, the progress
    of a job say, whose place the news take. Where somebody waits, recipients are told `in_rounds`, and
    the sender hears of these after that.
    """
    asked = {file.id for file in files}
    await hold(tx, asked)
    for parcel in dict.fromkeys(file.row.parcel_id for file in files):
        sent = await tx.shared_files.of_parcel(parcel)
        mine = [file for file in sent if file.id in asked]
        if await _given_back(tx, mine, now, in_place_of=in_place_of):
            continue
        looked_into = {file.id for file in mine if file.state is State.scanning}
        cleared = [await _cleared(tx, file, now) for file in mine]
        in_review = [file for file in cleared if file.state is State.in_review]
        ready = [file for file in in_review if not needs(file, now)]
        handed: list[Handed] = []
        if not in_rounds:
            handed = await release(tx, ready, by=WAVEPOST, now=now)
        elif ready:
            out = await let_out(tx, ready, by=WAVEPOST, now=now)
            await hand_out_in_rounds(tx, out, by=WAVEPOST)
        await show_waiting(tx, parcel, now)
        await tell_cleared(tx, handed, in_place_of=in_place_of)
        waiting = [file for file in in_review if file not in ready and file.id in looked_into]
        await tell_waiting(tx, waiting, now, in_place_of=None if handed else in_place_of)
        await show_on_its_way(tx, parcel, now)


async def _given_back(
    tx: Transaction, files: Sequence[SharedFile], now: datetime, *, in_place_of: UUID | None
) -> bool:
    """Make drafts again of what was checked while its sender lost the right to send; leads hear of it."""
    checked = [file for file in files if file.state is State.scanning]
    sender = checked[0].row.uploaded_by if checked else ""
    person = (await tx.people.asking(sender)).person if checked else None
    if not checked or (person is not None and person.may(Role.sender)):
        return False
    back, who = Step.take_back, Who.wavepost
    for file in checked:
        await take(tx, file, back, by=WAVEPOST, who=who, now=now, words=NO_SENDER)
    words = Words("file_checks", files=[file.row for file in checked], sender=sender)
    said, blocks = words.plain("no_sender_short"), built(section(words["no_sender"]))
    for lead in await tx.roles.people_with(Role.lead):
        tx.say(Message(lead, said, blocks, cause=CAUSE))
    if in_place_of:
        tx.say(Message(sender, said, blocks, cause=CAUSE, updates=in_place_of))
    return True


async def _cleared(tx: Transaction, file: SharedFile, now: datetime) -> SharedFile:
    """The file in review, if it was found to be well."""
    if file.state is not State.scanning or FOUND_OUT & set(needs(file, now)):
        return file
    return await take(tx, file, Step.clear, by=WAVEPOST, who=Who.wavepost, now=now)
