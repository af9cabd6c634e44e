"""The page on which files of any size are uploaded: its form, and the beginning of uploads."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from handlers.errors import Refused
from handlers.files.new_files import new_files
from handlers.files.receiving import Via, draft
from handlers.files.receiving_refusals import MOST_FILES
from handlers.files.share_fields import HOLDS
from handlers.files.share_known import label_of
from handlers.files.share_prefilled import typed_before
from handlers.files.share_typed import Typed
from handlers.files.upload_asked import Asked, asked, replaced_in
from handlers.page_doors import form, page
from handlers.pages import Answer, Html, Json, policy, shown
from handlers.visit import Visit
from rules.file_days import HOLDS_FOR
from rules.file_names import safe_name
from rules.roles import Role
from rules.upload_parts import LARGEST_SAID, UPLOAD_HOLDS, part_size
from store.browser_uploads import give_up
from store.file_links import NEVER_SHOWN, origin_of_links
from store.file_streams import begin_upload
from store.files import Files, FilesUnavailable
from store.interactions import AlreadyDone, InteractionKey
from store.session import Reading, Store, Transaction
from store.shared_file_rows import SharedFileRow
from store.shared_files import SharedFile
from store.uploads import UploadRow

PATH = "/files/upload"
ONCE = "file uploads"
LONGEST_KEY = 64
NO_STORE = (
    "There is no store for files here yet. Whoever runs Wavepost sets one with WAVEPOST_S3_BUCKET and "
    "the settings beside it."
)


@dataclass(frozen=True, slots=True)
class GoesOn:
    """The upload of a file; `kept` are the parts that are there, each by its SHA-256 in base64."""

    file_id: UUID
    part_size: int
    kept: Mapping[int, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The same as the script of the page gets it."""
        return {
            "file": str(self.file_id),
            "upload": address_of_upload(self.file_id),
            "part_size": self.part_size,
            "kept": dict(self.kept),
        }


@dataclass(frozen=True, slots=True)
class Begun:
    """Uploads that go on, in the order in which their files were chosen."""

    uploads: tuple[GoesOn, ...]

    def to_json(self) -> dict[str, Any]:
        """The same as the script of the page gets them."""
        return {"uploads": [each.to_json() for each in self.uploads]}


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An upload that its person may go on with."""

    upload: UploadRow
    file: SharedFile

    @property
    def name(self) -> str:
        """What its file is called on a disk."""
        return safe_name(self.file.row.file_name)

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
        replaced = await replaced_in(reading, visit, visit.query.get("replaces", ""))
        answer = shown(
            "file_upload",
            visit,
            key=uuid4().hex,
            spaces=[(each, label_of(each)) for each in await reading.spaces.all()],
            chosen=replaced.file.space_ids if replaced else frozenset(),
            replaced=replaced.file if replaced else None,
            typed=typed_before(replaced.file, visit.person.timezone) if replaced else Typed(),
            holds=HOLDS.items(),
            expires=visit.today + HOLDS_FOR,
            largest=LARGEST_SAID,
            most_files=MOST_FILES,
            kept_for=UPLOAD_HOLDS.days,
            unfinished=await _unfinished(reading, visit.person.id),
        )
    return Html(answer.words, policy=store_only)


@form(PATH, role=Role.sender)
async def begin(visit: Visit, store: Store) -> Answer:
    """Keep what is said of files, and begin their uploads: once for each form, however often it comes."""
    files = bucket(visit)
    async with store.reading() as reading:
        wanted = await asked(reading, visit)
    if wanted.wrong:
        return wanted.refusal
    once = InteractionKey.of(
        ONCE, f"{visit.person.id} {visit.form.get('key', '')[:LONGEST_KEY]}", b""
    )
    try:
        async with store.transaction(once, actor=visit.person.id) as tx:
            return Json(tx.answers(await _begun(tx, visit, files, wanted)).to_json())
    except AlreadyDone as done:
        return Json(done.reply or {})


async def _begun(tx: Transaction, visit: Visit, files: Files, wanted: Asked) -> Begun:
    given = [each.given for each in wanted.files]
    facts = new_files(wanted.typed, given, wanted.replaced, visit.person.timezone)
    rows = await draft(tx, facts, by=visit.person.id, via=Via.page, now=visit.now)
    begun = [
        await _upload_of(tx, files, row, each.size)
        for row, each in zip(rows, wanted.files, strict=True)
    ]
    return Begun(tuple(begun))


async def _upload_of(tx: Transaction, files: Files, row: SharedFileRow, size: int) -> GoesOn:
    """Begin the upload of one file."""
    upload_id = await begin_upload(files, row.key, NEVER_SHOWN)
    try:
        upload = await tx.uploads.begin(row.id, upload_id, size, part_size(size))
    except BaseException:
        # Cancelled as well: parts of an upload that nobody knows of would stay in the store for good.
        with suppress(FilesUnavailable):
            await give_up(files, row.key, upload_id=upload_id)
        raise
    return GoesOn(row.id, upload.part_size)


async def _unfinished(reading: Reading, person: str) -> list[Unfinished]:
    uploads = {row.file_id: row for row in await reading.uploads.unfinished(person)}
    files = await reading.shared_files.all_of(list(uploads))
    return [Unfinished(uploads[file.id], file) for file in files]
