"""The page of a file: what it is, who has it and who does not, what happened to it, and its bytes."""

from handlers.errors import NotThere, Refused
from handlers.files.card_buttons import own_buttons
from handlers.files.grade_words import GRADES
from handlers.files.needs import waits_for_others
from handlers.files.new_edition import may_replace
from handlers.files.receipt_lines import ReceiptLine, lines_of
from handlers.files.receipts_sheet import sheet, sheet_name
from handlers.files.second_persons import may_decide
from handlers.files.taking import subject_of
from handlers.files.viewing import knows_of
from handlers.lists import Page
from handlers.page_doors import form, page
from handlers.pages import Answer, GoTo, Html, Sheet, policy, shown, turns
from handlers.visit import Visit
from rules.addresses import known_id
from rules.clearance import Scan
from rules.file_life import OUT, State
from rules.file_names import safe_name
from rules.receipts import tally
from rules.roles import Role
from store.audit import Change
from store.file_links import link_to, origin_of_links
from store.people import Person
from store.session import Reading, Store
from store.shared_files import SharedFile

AT = "/files/{id}"
MOST_DIGITS = 9
SIZE = 100
"""Recipients on a page."""
NOT_THERE = (
    "No file that you may see has this address. It may be cut off, or from an older message."
)
NO_BYTES = "There are no bytes of this file to look at: they have not arrived yet, or were removed."


@page(AT, role=Role.viewer)
async def look(visit: Visit, store: Store) -> Answer:
    """All that staff may know of a file."""
    async with store.reading(consistent=True) as reading:
        file = await _seen(reading, visit)
        lines = await lines_of(reading, file)
        steps = await reading.shared_files.steps(file.id)
        acted = file.makers.union(each.by for each in steps)
        names = await reading.called.people(acted)
        successor = await reading.shared_files.successor(file.id)
    members = [each for each in lines if each.is_member]
    counted = tally(each.receipt for each in members)
    shown_lines = _page_of(lines, visit.page())
    answer = shown(
        "file",
        visit,
        file=file,
        lines=shown_lines,
        line_turns=turns(visit, shown_lines),
        waited=sum(each.is_waited_for for each in members),
        members=len(members),
        grades=GRADES,
        counted=[(GRADES[grade], counted[grade]) for grade in GRADES if counted[grade]],
        steps=steps,
        names=names,
        file_name=safe_name(file.row.file_name),
        successor=successor,
        may_download=_has_bytes(file) and _may_review(file, visit.person),
        may_replace=file.state in OUT and may_replace(file, visit.person),
        in_slack=[each.text.text for each in own_buttons(file, visit.person) if each.text],
        decides=waits_for_others(file, visit.now) and may_decide(file, visit.person),
    )
    if visit.files is None:
        return answer
    return Html(answer.words, policy=policy(form_to=await origin_of_links(visit.files)))


@page(f"{AT}/receipts.csv", role=Role.viewer)
async def receipts(visit: Visit, store: Store) -> Answer:
    """Who is at which grade, as a sheet."""
    async with store.reading(consistent=True) as reading:
        file = await _seen(reading, visit)
        lines = await lines_of(reading, file)
    return Sheet(sheet(file, lines), sheet_name(file))


@form(f"{AT}/download", role=Role.viewer)
async def review(visit: Visit, store: Store) -> Answer:
    """The bytes of a file for who sent it or may release it; who looked is in the audit.

    Raises:
        NotThere: it is not theirs to look into.
        Refused: there are no bytes.
    """
    async with store.transaction(actor=visit.person.id) as tx:
        file = await _seen(tx, visit)
        if not _may_review(file, visit.person):
            raise NotThere(NOT_THERE)
        if visit.files is None or not _has_bytes(file):
            raise Refused(NO_BYTES)
        row = file.row
        address = await link_to(
            visit.files, row.key, version=row.object_version, name=row.file_name
        )
        tx.audit(Change("file: reviewed", subject_of(file)))
    return GoTo(address)


async def _seen(reading: Reading, visit: Visit) -> SharedFile:
    """The file that the address names, by its id or the number that people say.

    Raises:
        NotThere: there is none that they may see; which of the two makes no difference.
    """
    named = visit.named["id"]
    file = None
    if named.isascii() and named.isdecimal() and len(named) <= MOST_DIGITS:
        file = await reading.shared_files.by_number(int(named))
    elif (file_id := known_id(named)) is not None:
        file = await reading.shared_files.get(file_id)
    if file is None or not knows_of(file, visit.person):
        raise NotThere(NOT_THERE)
    return file


def _page_of(lines: list[ReceiptLine], number: int) -> Page[ReceiptLine]:
    """A page of the recipients; the first one where there is none of that number."""
    skip = number * SIZE if number * SIZE < len(lines) else 0
    return Page(lines[skip : skip + SIZE], skip // SIZE, len(lines), SIZE)


def _may_review(file: SharedFile, person: Person) -> bool:
    return person.id in file.makers or may_decide(file, person)


def _has_bytes(file: SharedFile) -> bool:
    """Whether we have seen its bytes, and they are there still; what was refused nobody gets."""
    row = file.row
    is_bad = file.state is State.refused or row.scan == Scan.infected
    return row.sha256 is not None and row.removed_at is None and not is_bad
