"""What senders hear of their files: what is out and to whom, what waits, and what they have to mend."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

from slack_sdk.models.blocks import Block

from handlers.blocks import (
    Words,
    actions,
    built,
    button,
    context,
    lines,
    quoted,
    section,
)
from handlers.dates import short
from handlers.files.handing_out import Handed
from handlers.files.space_names import spaces_of
from handlers.files.step_buttons import change_buttons
from rules.clearance import Scan
from rules.file_life import State
from rules.wording import and_listed, listed
from store.outbox import Message
from store.session import Reading, Transaction
from store.shared_files import SharedFile
from store.space_rows import RecipientRow

CAUSE = "file news"
LONGEST_TITLE = 60
OUTCOMES = {State.superseded: "overtaken", State.revoked: "stopped"}
"""What became of files while they came to their recipients: the block of the template that says so."""


async def tell_cleared(
    tx: Transaction, handed: Sequence[Handed], *, in_place_of: UUID | None = None
) -> None:
    """Tell the sender whom files reached that took no second person; nothing where there are none."""
    if not handed:
        return
    files = [each.file for each in handed]
    blocks = [
        *_released(tx, handed),
        *running(files),
        *unscanned(files),
        *_ways_on(tx, handed),
    ]
    said = Words("file_sender", **_counted(files, handed)).plain("fallback")
    await tell_sender(tx, files[0], said, blocks, in_place_of=in_place_of)


async def tell_released(tx: Transaction, handed: Sequence[Handed], *, by: str) -> None:
    """Tell the sender that a second person released files, and whom they reached."""
    files = [each.file for each in handed]
    words = Words("file_sender", by=by, **_counted(files, handed))
    blocks = [section(words["agreed"]), *_released(tx, handed), *_ways_on(tx, handed)]
    await tell_sender(tx, files[0], words.plain("fallback"), blocks)


async def tell_declined(tx: Transaction, files: Sequence[SharedFile], *, by: str, why: str) -> None:
    """Tell the sender that a second person declined files, and why."""
    words = Words("file_sender", by=by, **_counted(files, ()))
    blocks = [
        section(words["declined"]),
        *map(section, lines(quoted(why).split("\n"))),
        *[block for file in files for block in _draft(file, is_alone=len(files) == 1)],
        context(words["declined_next"]),
    ]
    await tell_sender(tx, files[0], words.plain("declined"), blocks)


def _draft(file: SharedFile, *, is_alone: bool) -> list[Block]:
    """What its sender can do with a file that is a draft again; which it is, where there are others."""
    words = Words("file_sender", number=file.number, title=short(file.row.title, LONGEST_TITLE))
    named = [] if is_alone else [section(words["declined_file"])]
    return [*named, actions(*change_buttons(file))]


async def tell_sender(
    tx: Transaction,
    file: SharedFile,
    said: str,
    blocks: Iterable[Block | None],
    *,
    in_place_of: UUID | None = None,
) -> UUID | None:
    """Say something to who sent a file; None where they have left."""
    sender = file.row.uploaded_by
    if sender not in await tx.people.present([sender]):
        return None
    message = Message(sender, said, built(*blocks), cause=CAUSE, updates=in_place_of)
    tx.say(message)
    return message.id


def reached_words(handed: Handed, *others: Handed) -> Words:
    """The words about whom a file reached, and `others` that reached the same."""
    file, reached = handed.file, handed.reached
    return Words(
        "file_sender",
        file=file.row,
        number=file.number,
        title=short(file.row.title, LONGEST_TITLE),
        spaces=spaces_of([file]),
        in_slack=len(reached.in_slack),
        by_mail=len(reached.by_mail),
        reached=len(reached.ids),
        missed=handed.missed,
        count=1 + len(others),
        titles=and_listed(
            f"{short(each.file.row.title, LONGEST_TITLE)} (file {each.file.number})"
            for each in (handed, *others)
        ),
        by_hand=len(reached.by_hand),
        gone=len(reached.gone),
    )


def _released(reading: Reading, handed: Sequence[Handed]) -> list[Block]:
    """What is out, with whom it reached; and who has to be told by the sender."""
    by_hand = _all(each.reached.by_hand for each in _still_out(handed))
    gone = _all(each.reached.gone for each in _still_out(handed))
    has_web = bool(reading.outside.web)
    words = Words("file_sender", by_hand=_addresses(by_hand), gone=_people(gone), has_web=has_web)
    return [
        *map(section, lines(_reaches(handed))),
        *([section(words["by_hand"])] if by_hand else []),
        *([context(words["gone"])] if gone else []),
    ]


def _reaches(handed: Sequence[Handed]) -> list[str]:
    """Whom each file reached; said once where all reached the same, and are out still."""
    if len(_still_out(handed)) < len(handed):
        return [reached_words(each)[_outcome(each)] for each in handed]
    alike = {(each.reached.ids, spaces_of([each.file])) for each in handed}
    if len(handed) > 1 and len(alike) == 1:
        return [reached_words(handed[0], *handed[1:])["all_released"]]
    return [reached_words(each)["released"] for each in handed]


def _outcome(handed: Handed) -> str:
    """The block of the template about a file that was let out."""
    return OUTCOMES.get(handed.file.state, "released")


def _still_out(handed: Sequence[Handed]) -> list[Handed]:
    """Those that nobody revoked or replaced while they came to their recipients."""
    return [each for each in handed if each.file.state is State.released]


def running(files: Sequence[SharedFile]) -> list[Block]:
    """Which of them do something where they are opened: their bytes say so only now."""
    found = [file.row for file in files if file.row.runs]
    return [section(Words("file_sender", running=found)["runs"])] if found else []


def unscanned(files: Sequence[SharedFile]) -> list[Block]:
    """That nobody looked into them for viruses, where that is so: it is never left unsaid."""
    off = [file for file in files if file.row.scan == Scan.off]
    return [context(Words("file_sender")["unscanned"])] if off else []


def _ways_on(reading: Reading, handed: Sequence[Handed]) -> list[Block]:
    """The way to links that the sender passes on by hand, where somebody outside Slack gets files."""
    out = _still_out(handed)
    outside = [each for each in out if each.reached.by_hand or each.reached.by_mail]
    if not outside or not reading.outside.web:
        return []
    by_parcel: dict[UUID, list[Handed]] = defaultdict(list)
    for each in outside:
        by_parcel[each.file.row.parcel_id].append(each)
    return [actions(button("Links to copy", "file_links", str(parcel))) for parcel in by_parcel]


def _counted(files: Sequence[SharedFile], handed: Sequence[Handed]) -> dict[str, object]:
    return {
        "count": len(files),
        "released": len(_still_out(handed)),
        **{
            block: sum(each.file.state is state for each in handed)
            for state, block in OUTCOMES.items()
        },
        "title": short(files[0].row.title, LONGEST_TITLE),
        "spaces": spaces_of(files),
    }


def _all(ways: Iterable[Sequence[RecipientRow]]) -> list[RecipientRow]:
    """All of them, each once."""
    return [*{each.id: each for way in ways for each in way}.values()]


def _addresses(recipients: Sequence[RecipientRow]) -> str:
    return listed(each.email or each.name for each in recipients)


def _people(recipients: Sequence[RecipientRow]) -> str:
    return listed(each.name for each in recipients)
