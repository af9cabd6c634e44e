"""The files of a recipient: all that was sent to them, and the page of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from handlers.errors import NotThere
from handlers.files.fetching import Held, all_theirs, held_at, holding, reach
from handlers.files.portal_pages import (
    FILE,
    NOTHING_FOR_YOU,
    PORTAL,
    file_path,
    portal_page_of,
)
from handlers.files.recipients import actor
from handlers.pages import GoTo, Html
from handlers.portal_doors import May, PortalVisit, portal_form, portal_page
from rules.receipts import Grade, Refusal
from rules.slack_ids import is_person
from store.file_links import origin_of_links
from store.session import Reading, Store
from store.shared_files import SharedFile
from store.spaces import Space


@dataclass(frozen=True, slots=True)
class Listed:
    """A file in a recipient's list: where it stands for them, and in which space it was sent.

    `grade` is what they did with it, as far as it is proven.
    """

    file: SharedFile
    refused: Refusal | None
    grade: Grade
    space: Space
    sender: str


@portal_page(PORTAL, may=May.recipient)
async def my_files(visit: PortalVisit, store: Store) -> Html:
    """All that was sent to them and is theirs to see, by space, the newest first."""
    async with store.reading(consistent=True) as reading:
        listed = await _listed(reading, visit)
    by_space = sorted(listed, key=lambda each: (each.space.organisation, each.space.name))
    spaces = [
        (space, list(files)) for space, files in groupby(by_space, key=lambda each: each.space)
    ]
    return portal_page_of("portal_list", visit, scripts=True, spaces=spaces)


@portal_page(FILE, may=May.recipient)
async def file_page(visit: PortalVisit, store: Store) -> Html:
    """What there is to know of a file, and what can be done with it now."""
    async with store.reading(consistent=True) as reading:
        held = await held_at(reading, visit)
        file = held.file
        editions = await _editions(reading, held, visit)
        sender = await name_of(reading, file.row.uploaded_by)
        author = await name_of(reading, file.row.author)
    origin = ""
    if held.refused is None and visit.files and not held.is_proxied:
        origin = await origin_of_links(visit.files)
    return portal_page_of(
        "portal_file",
        visit,
        scripts=True,
        form_to=origin,
        file=file.row,
        refused=held.refused,
        left=None
        if file.row.most_fetches is None
        else max(file.row.most_fetches - held.delivery.fetches, 0),
        sender=sender,
        author=author,
        editions=editions,
        newer=next(
            (each for each in reversed(editions) if each.row.edition > file.row.edition), None
        ),
        has_store=visit.files is not None,
    )


@portal_form(f"{FILE}/open", may=May.recipient)
async def open_file(visit: PortalVisit, store: Store) -> GoTo:
    """A press in the list: from now on it is known that they saw it."""
    async with store.transaction(actor=actor(visit.proven)) as tx:
        held = await holding(tx, visit.named["id"], visit.proven, visit.now)
        reached = held and await reach(
            tx, held.delivery, visit.proven, visit.now, via="portal", agent=visit.agent
        )
    if not reached:
        raise NotThere(NOTHING_FOR_YOU)
    return GoTo(file_path(reached.file.id))


async def name_of(reading: Reading, author: str) -> str:
    """What a person of Slack is called, or the name that somebody wrote."""
    if not is_person(author):
        return author
    person = (await reading.people.asking(author)).person
    return person.name if person else "somebody who left"


async def _listed(reading: Reading, visit: PortalVisit) -> list[Listed]:
    every = await all_theirs(reading, visit.proven, visit.now)
    grades = await reading.evidence.grades_of(visit.proven.id, [each.delivery.id for each in every])
    names = await reading.called.people({each.file.row.uploaded_by for each in every})
    return [
        Listed(
            each.file,
            each.refused,
            grades.get(each.delivery.id, Grade.untold),
            each.space,
            names[each.file.row.uploaded_by],
        )
        for each in every
    ]


async def _editions(reading: Reading, held: Held, visit: PortalVisit) -> Sequence[SharedFile]:
    """The editions of a file that are theirs, the first first."""
    theirs: dict[UUID | None, SharedFile] = {
        each.file.id: each.file for each in await all_theirs(reading, visit.proven, visit.now)
    }
    after = {file.row.supersedes: file for file in theirs.values() if file.row.supersedes}
    found = [held.file]
    while (before := found[0].row.supersedes) in theirs:
        found.insert(0, theirs[before])
    while found[-1].id in after:
        found.append(after[found[-1].id])
    return found
