"""The page on which a file of any size is uploaded: its form, and the beginning of an upload."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from handlers.errors import Refused
from handlers.files.authors import unclear_author
from handlers.files.new_edition import Replaced, replaced_by
from handlers.files.receiving import Via, draft
from handlers.files.share_form import HOLDS
from handlers.files.share_known import known_of, label_of
from handlers.files.share_typed import Kept, Typed
from handlers.files.upload_typed import Chosen, chosen, facts_of, typed_in, wrong
from handlers.page_doors import form, page
from handlers.pages import Answer, Html, Json, policy, shown
from handlers.visit import Visit
from rules.file_days import HOLDS_FOR
from rules.roles import Role
from rules.upload_parts import LARGEST_SAID, UPLOAD_HOLDS, part_size
from store.browser_uploads import give_up
from store.file_links import NEVER_SHOWN, origin_of_links
from store.file_streams import begin_upload
from store.files import Files, FilesUnavailable
from store.interactions import AlreadyDone, InteractionKey
from store.session import Reading, Store, Transaction
from store.shared_files import SharedFile
from store.uploads import UploadRow

PATH = "/files/upload"
ONCE = "file upload"
MOST_DIGITS = 9
NO_STORE = (
    "There is no store for files here yet. Whoever runs Wavepost sets one with WAVEPOST_S3_BUCKET and "
    "the settings beside it."
)
WRONG = (
    "Something is missing or not right yet. Nothing you typed is lost: see below, then press again."
)


@dataclass(frozen=True, slots=True)
class Begun:
    """An upload that was begun, as the script of the page gets it."""

    address: str
    part_size: int

    def to_json(self) -> dict[str, Any]:
        """`kept` are the parts that are there, none yet."""
        return {"upload": self.address, "part_size": self.part_size, "kept": {}}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that its person may go on with."""

    upload: UploadRow
    file: SharedFile

    @property
    def address(self) -> str:
        """Where it goes on."""
        return address_of_upload(self.file.id)


def address_of_upload(file_id: UUID) -> str:
    """Where the upload of a file goes on."""
    return f"/files/{file_id}/upload"


def bucket(visit: Visit) -> Files:
    """The store for files; raises Refused where there is none."""
    if visit.files is None:
        raise Refused(NO_STORE)
    return visit.files


@page(PATH, role=Role.sender)
async def look(visit: Visit, store: Store) -> Answer:
    """The form, and what was begun and not finished."""
    # The page's script sends parts to the store for files, and nowhere else.
    store_only = policy(scripts=True, connect_to=await origin_of_links(bucket(visit)))
    async with store.reading(consistent=True) as reading:
        replaced = await _replaced(reading, visit, visit.query.get("replaces", ""))
        answer = shown(
            "file_upload",
            visit,
            key=uuid4().hex,
            spaces=[(each, label_of(each)) for each in await reading.spaces.all()],
            chosen=replaced.file.space_ids if replaced else frozenset(),
            replaced=replaced.file if replaced else None,
            typed=_as_before(replaced) if replaced else Typed(),
            holds=HOLDS.items(),
            expires=visit.today + HOLDS_FOR,
            largest=LARGEST_SAID,
            kept_for=UPLOAD_HOLDS.days,
            is_scanned=reading.outside.is_scanned,
            unfinished=await _unfinished(reading, visit.person.id),
        )
    return Html(answer.words, policy=store_only)


@form(PATH, role=Role.sender)
async def begin(visit: Visit, store: Store) -> Answer:
    """Keep what is said of a file, and begin its upload: once for each form, however often it comes."""
    files, file, typed = bucket(visit), chosen(visit.form), typed_in(visit.form)
    async with store.reading() as reading:
        replaced = await _replaced(reading, visit, visit.form.get("replaces", ""))
        known = await known_of(reading, typed.spaces)
        unclear = await unclear_author(reading, typed.author_name)
    found = wrong(visit, typed, known, file)
    if unclear:
        found.setdefault("author_name", unclear)
    if replaced and "spaces" not in found and (foreign := replaced.wrong_spaces(known)):
        found["spaces"] = foreign
    if file is None or found:
        return Json({"problem": WRONG, "problems": found}, status=400)
    once = InteractionKey.of(ONCE, f"{visit.person.id} {visit.form.get('key', '')}", b"")
    try:
        async with store.transaction(once, actor=visit.person.id) as tx:
            begun = await _begun(tx, visit, files, file, typed, replaced)
            return Json(tx.answers(begun).to_json())
    except AlreadyDone as done:
        return Json(done.reply or {})


async def _begun(
    tx: Transaction,
    visit: Visit,
    files: Files,
    file: Chosen,
    typed: Typed,
    replaced: Replaced | None,
) -> Begun:
    facts = facts_of(visit, typed, replaced.file.id if replaced else None)
    [row] = await draft(tx, [(file.given, facts)], by=visit.person.id, via=Via.page, now=visit.now)
    upload_id = await begin_upload(files, row.key, NEVER_SHOWN)
    try:
        upload = await tx.uploads.begin(row.id, upload_id, file.size, part_size(file.size))
    except BaseException:
        with suppress(FilesUnavailable):
            await give_up(files, row.key, upload_id=upload_id)
        raise
    return Begun(address_of_upload(row.id), upload.part_size)


async def _replaced(reading: Reading, visit: Visit, number: str) -> Replaced | None:
    """The file whose next edition is uploaded; None where it is a file of its own.

    Raises:
        Refused: it is not theirs, or not out any more.
    """
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        return None
    return await replaced_by(reading, visit.person, Kept.new(replaces=int(number)))


def _as_before(replaced: Replaced) -> Typed:
    """What was said of the edition before, for the form of the next one."""
    row = replaced.file.row
    return Typed(
        title=row.title,
        classification=row.classification,
        is_encrypted=row.is_encrypted,
        method=row.encryption_method,
        key_holder=row.key_holder,
        key_reach=row.key_reach,
        note=row.note,
        tags=", ".join(row.tags),
        facts="\n".join(f"{name}: {value}" for name, value in row.facts.items()),
    )


async def _unfinished(reading: Reading, person: str) -> list[Unfinished]:
    uploads = {row.file_id: row for row in await reading.uploads.unfinished(person)}
    files = await reading.shared_files.all_of(list(uploads))
    return [Unfinished(uploads[file.id], file) for file in files]
