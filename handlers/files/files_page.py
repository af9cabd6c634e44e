"""The page of files: what somebody sent, each with who has not opened it, and a search among all."""

from handlers.files.receipt_lines import ReceiptLine, lines_of_all
from handlers.files.receiving_refusals import MOST_FILES
from handlers.files.viewing import viewer_of
from handlers.lists import Page
from handlers.page_doors import page
from handlers.pages import Answer, shown, turns
from handlers.visit import Visit
from rules.file_life import State
from rules.roles import Role
from rules.share_search import Search, search
from store.file_search import Order
from store.session import Reading, Store
from store.shared_files import SharedFile

PATH = "/files"
SIZE = 25
MOST_NAMED = 4
LONGEST_SEARCH = 200


@page(PATH, role=Role.viewer)
async def look(visit: Visit, store: Store) -> Answer:
    """What the person sent; or what they look for among all files that they may see."""
    typed = visit.query.get("find", "").strip()[:LONGEST_SEARCH]
    is_all = bool(typed) or "all" in visit.query
    state = _state(visit.query.get("state", ""))
    order = _order(visit.query.get("by", ""))
    asked = search(typed)
    async with store.reading(consistent=True) as reading:
        files = await _files(reading, visit, asked if is_all else None, state, order, visit.page())
        receipts = await lines_of_all(reading, files.items)
        names = await reading.called.people({each.row.uploaded_by for each in files.items})
    return shown(
        "files",
        visit,
        typed=typed,
        arrived=_arrived(visit.query.get("arrived", "")),
        is_all=is_all,
        state=state,
        states=list(State),
        order=order,
        orders=list(Order),
        unknown=asked.unknown,
        files=files,
        waited={each: _waited(receipts[each]) for each in receipts},
        reached={each: _members(receipts[each]) for each in receipts},
        names=names,
        most_named=MOST_NAMED,
        is_sender=visit.person.may(Role.sender),
        file_turns=turns(visit, files),
    )


async def _files(
    reading: Reading,
    visit: Visit,
    asked: Search | None,
    state: State | None,
    order: Order,
    number: int,
) -> Page[SharedFile]:
    """The page that is asked for; the first one where that is not there (any more)."""
    skip = number * SIZE
    if asked is None:
        found, total = await reading.shared_files.sent_by(
            visit.person.id, most=SIZE, skip=skip, state=state, order=order
        )
    else:
        viewer = viewer_of(visit.person)
        found, total = await reading.shared_files.find(
            asked, viewer, most=SIZE, skip=skip, state=state, order=order
        )
    if number and not found:
        return await _files(reading, visit, asked, state, order, 0)
    return Page(found, number, total, SIZE)


def _arrived(told: str) -> int:
    """How many files they uploaded together just now, as the address says; 0 where it does not."""
    return int(told) if told in map(str, range(2, MOST_FILES + 1)) else 0


def _state(named: str) -> State | None:
    """The state that an address asks for; None for all."""
    return next((each for each in State if each == named), None)


def _order(named: str) -> Order:
    """The order that an address asks for; the newest first where it asks for none that there is."""
    return next((each for each in Order if each == named), Order.newest)


def _members(lines: list[ReceiptLine]) -> int:
    """How many could open a file."""
    return sum(each.is_member for each in lines)


def _waited(lines: list[ReceiptLine]) -> list[str]:
    """Who could open a file and did not, by name."""
    return [each.recipient.name for each in lines if each.is_waited_for]
