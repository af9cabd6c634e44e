"""A file's card: all that is known of it, who has it and who does not, and what one can do with it."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, DividerBlock

from handlers.blocks import Words, actions, context, facts, lines, modal, section
from handlers.dates import short
from handlers.doors import action
from handlers.files.card_buttons import buttons
from handlers.files.file_refusals import no_such_file
from handlers.files.file_rows import CARD, LONGEST_NAME, Row
from handlers.files.grade_words import GRADES
from handlers.files.my_deliveries import SHOWN, delivered_to
from handlers.files.my_deliveries import rows as delivered_rows
from handlers.files.needs import waits_for_others
from handlers.files.receipt_lines import ReceiptLine, lines_of
from handlers.files.second_persons import may_decide
from handlers.files.viewing import knows_of
from handlers.files.waiting import decision_rows
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.windows import over
from rules.file_life import State, Taken
from rules.roles import Role
from store.session import Reading, Store
from store.shared_files import SharedFile

MOST_DIGITS = 9
LONGEST_NUMBER = 20
MOST_RECIPIENTS = 30
MOST_STEPS = 20


@action(CARD, role=Role.recipient)
async def open_card(ask: Interaction, store: Store) -> Reply:
    """The card of a file, over whatever it was chosen in."""
    return await show_numbered(ask, store, ask.value)


async def show_numbered(ask: Interaction, store: Store, digits: str) -> Reply:
    """The file with this number: its card for staff, for others what was delivered to them.

    Raises:
        NotThere: there is none that they may see; what it is makes no difference.
    """
    async with store.reading(consistent=True) as reading:
        file = await reading.shared_files.by_number(_number(digits))
        if file and knows_of(file, ask.person):
            view = await card(reading, file, ask)
        else:
            view = await _delivered(reading, ask, digits)
    return await over(ask, view)


async def _delivered(reading: Reading, ask: Interaction, digits: str) -> dict[str, object]:
    states = (*SHOWN, State.superseded)
    theirs = await delivered_to(reading, ask.person.id, ask.now, states=states)
    found = [each for each in theirs if each.file.number == _number(digits)]
    if not found:
        raise no_such_file(short(digits, LONGEST_NUMBER))
    return modal(CARD, f"File {found[0].file.number}", delivered_rows(found))


def _number(digits: str) -> int:
    """The number of a file; of more digits than any has, one that none has."""
    return int(digits) if len(digits) <= MOST_DIGITS else 0


async def card(
    reading: Reading, file: SharedFile, ask: Interaction, *, said: str = ""
) -> dict[str, object]:
    """Everything that staff may know of a file; `said` stands above it, as what was just done."""
    receipts = await lines_of(reading, file)
    row = buttons(file, ask)
    blocks: list[Block] = [
        *([section(said)] if said else []),
        section(Row(file, receipts).said),
        *([actions(*row)] if row else []),
        *await _decision(reading, file, ask),
        *_receipts(receipts),
        DividerBlock(),
        *await _about(reading, file),
        DividerBlock(),
        *_history(await reading.shared_files.steps(file.id), file),
    ]
    return modal(CARD, f"File {file.number}", blocks)


async def _decision(reading: Reading, file: SharedFile, ask: Interaction) -> list[Block]:
    """The buttons of a second person, where the file waits for one."""
    if not waits_for_others(file, ask.now) or not may_decide(file, ask.person):
        return []
    return await decision_rows(reading, [file])


async def _about(reading: Reading, file: SharedFile) -> list[Block]:
    """What people said of it, and what was found out."""
    row = file.row
    older = await reading.shared_files.get(row.supersedes) if row.supersedes else None
    newer = await reading.shared_files.successor(file.id)
    words = Words("file_card", file=row, older=older, newer=newer, state=file.state)
    pairs = (
        ("File", words["name"]),
        ("Size and kind", words["size"]),
        ("Sent", words["sent"]),
        ("Author", words["author"]),
        ("What it holds", words["holds"]),
        ("Virus scanner", words["scan"]),
        ("Available", words["until"]),
        ("Kept", words["kept"]),
        ("Edition", words["edition"]),
        ("Tags", words["tags"]),
    )
    long = [words[name] for name in ("sha256", "sealed", "facts", "note") if words[name]]
    return [facts(*pairs), *[section(each) for text in long for each in lines(text.split("\n"))]]


def _receipts(receipts: Sequence[ReceiptLine]) -> list[Block]:
    """Who has it and who does not, the least proven first."""
    if not receipts:
        return []
    said = [
        Words("file_card", line=each, name=short(each.recipient.name, LONGEST_NAME), grades=GRADES)[
            "receipt"
        ]
        for each in receipts[:MOST_RECIPIENTS]
    ]
    more = len(receipts) - len(said)
    head = Words("file_card", total=len(receipts))["receipts"]
    left = [context(Words("file_card", more=more)["more_receipts"])] if more else []
    return [*map(section, lines([head, *said])), *left]


def _history(steps: Sequence[Taken], file: SharedFile) -> list[Block]:
    """What happened to it, in order; of many steps the last ones."""
    told = [Words("file_card", step=each)["step"] for each in steps[-MOST_STEPS:]]
    left_out = len(steps) - len(told)
    head = Words("file_card", file=file.row, left_out=left_out)["history"]
    return [*map(section, lines([head, *told]))]
