"""What a sender reads of files that wait: why, and the buttons to mend it; it changes as they go on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Mrkdwn, Words, actions, button, mention, section
from handlers.dates import short
from handlers.files.needs import OF_OTHERS, case_of, needs
from handlers.files.second_persons import second_persons
from handlers.files.sender_news import LONGEST_TITLE, running, tell_sender, unscanned
from handlers.files.step_buttons import LABELS
from handlers.files.waiting import file_words
from handlers.wave_deciders import MOST_NAMED
from rules.clearance import Need
from rules.file_life import State, Step
from rules.wording import or_listed
from store.session import Reading, Transaction
from store.shared_files import SharedFile

MENDS = {
    Need.encryption_facts: ("Say how it is encrypted", "file_encryption"),
    Need.expiry: ("Choose another day", "file_renew"),
}
"""The button by which a sender gives what is missing."""


async def tell_waiting(
    tx: Transaction,
    files: Sequence[SharedFile],
    now: datetime,
    *,
    in_place_of: UUID | None = None,
) -> None:
    """Tell the sender why files that were looked into are not out yet; nothing where there are none."""
    if not files:
        return
    message = await _say(tx, files, now, in_place_of=in_place_of)
    if message is None:
        return
    # What took another's place is changed as that one: one message has one order of what it shows.
    for file in files:
        await tx.posts.keep(_subject_of(file), file.row.uploaded_by, in_place_of or message)


async def show_on_its_way(tx: Transaction, parcel: UUID, now: datetime) -> None:
    """Have what the sender of a parcel, which is held, was told of files that wait show how they stand."""
    by_message: dict[UUID, list[SharedFile]] = defaultdict(list)
    for file in await tx.shared_files.of_parcel(parcel):
        told = await tx.posts.shown_in(_subject_of(file), file.row.uploaded_by)
        if told:
            by_message[told].append(file)
    for message, files in by_message.items():
        await _say(tx, files, now, in_place_of=message)
        if not any(_waits(file) for file in files):
            # Nothing changes any more: what is sent once more is told in a message of its own.
            for file in files:
                await tx.posts.forget(_subject_of(file))


async def _say(
    tx: Transaction, files: Sequence[SharedFile], now: datetime, *, in_place_of: UUID | None
) -> UUID | None:
    """Say how files stand, which waited together; None where their sender has left."""
    still = [file for file in files if _waits(file)]
    words = Words(
        "file_sender",
        title=short((still or files)[0].row.title, LONGEST_TITLE),
        count=len(still or files),
        still=len(still),
    )
    blocks: list[Block] = []
    for file in files:
        blocks += await _why(tx, file, now) if file in still else [_went_on(file, now)]
    marks = [*running(still), *unscanned(still)]
    fallback = words.plain("waits_short")
    return await tell_sender(tx, files[0], fallback, [*blocks, *marks], in_place_of=in_place_of)


def _subject_of(file: SharedFile) -> str:
    """What the message to its sender, that it waits, is kept under."""
    return f"file {file.number} on its way"


def _waits(file: SharedFile) -> bool:
    return file.state is State.in_review


def _went_on(file: SharedFile, now: datetime) -> Block:
    return section(file_words(file, now)["decided"])


async def _why(reading: Reading, file: SharedFile, now: datetime) -> list[Block]:
    """Why a file is not out yet, and what its sender can do about it."""
    missing = needs(file, now)
    need = next((each for each in missing if each not in OF_OTHERS), missing[0])
    deciders = await second_persons(reading, file)
    words = Words(
        "file_sender",
        file=file.row,
        number=file.number,
        title=short(file.row.title, LONGEST_TITLE),
        name=short(file.row.file_name, LONGEST_TITLE),
        need=need,
        scan=file.row.scan,
        people=deciders.people,
        givers=deciders.givers,
        named=Mrkdwn(or_listed(map(mention, (deciders.people or deciders.givers)[:MOST_NAMED]))),
    )
    mends, is_doubted = _mends(file, need), case_of(file, now).is_doubted
    if is_doubted:
        mends = [*mends, _take_back(file)]
    return [
        section(words["waits"]),
        *([section(words["doubt"])] if is_doubted else []),
        *([actions(*mends)] if mends else []),
    ]


def _mends(file: SharedFile, need: Need) -> list[ButtonElement]:
    """The buttons by which a sender gives what is missing, or makes that it is not needed."""
    if need not in MENDS:
        return []
    label, name = MENDS[need]
    mend = button(label, name, str(file.id))
    return [mend, _take_back(file)] if need is Need.encryption_facts else [mend]


def _take_back(file: SharedFile) -> ButtonElement:
    label, name = LABELS[Step.take_back]
    return button(label, name, str(file.id))
