"""An upload on its way, as the script of its page asks for it: go on, the next part, the end, give up."""

import re
from contextlib import suppress

from handlers.errors import NotThere
from handlers.files.receiving import submit
from handlers.files.taking import take
from handlers.files.upload_page import PATH, address_of_upload, bucket
from handlers.files.upload_typed import chosen
from handlers.page_doors import form
from handlers.pages import Answer, GoTo, Json
from handlers.visit import Visit
from rules.addresses import known_id
from rules.file_life import State, Step, Who
from rules.file_sizes import said_size
from rules.roles import Role
from rules.upload_parts import UPLOAD_HOLDS, part_count
from store.browser_uploads import arrived, give_up
from store.file_links import link_for_part
from store.files import FilesUnavailable
from store.session import Reading, Store
from store.shared_files import SharedFile
from store.uploads import UploadRow

AT = "/files/{id}/upload"
DIGEST = re.compile(r"[A-Za-z0-9+/]{43}=")
HEX_DIGEST = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"[1-9][0-9]{0,4}")
OVER = (
    "There is no such upload of yours any more: it was finished, cancelled, or dropped after "
    f"{UPLOAD_HOLDS.days} days. Load this page again to see."
)
OTHER_SIZE = (
    "This is another file: the one whose upload was begun has {size} ({bytes:,} bytes). Choose that one, "
    "or cancel this upload and begin anew."
)
OTHER_PART = (
    "The file was changed since its upload was begun, so its parts do not belong together. Cancel this "
    "upload and begin anew."
)
NOT_ALL = (
    "Some parts of the file have not arrived. Load this page again, then choose the file to go on."
)
NOT_OURS = "This page asks for no such thing. Please load it again."


@form(AT, role=Role.sender)
async def go_on(visit: Visit, store: Store) -> Answer:
    """What has arrived of a file that somebody chose again, by part: its SHA-256 in base64."""
    files, again = bucket(visit), chosen(visit.form)
    async with store.reading(consistent=True) as reading:
        upload, file = await _of_theirs(reading, visit)
        digests = await reading.uploads.digests(upload.id)
    if again is None or again.size != upload.size:
        return _no(OTHER_SIZE.format(size=said_size(upload.size), bytes=upload.size))
    there = await arrived(files, file.row.key, upload_id=upload.upload_id)
    if there is None:
        raise NotThere(OVER)
    return Json(
        {
            "upload": address_of_upload(file.id),
            "part_size": upload.part_size,
            "kept": {number: digests[number] for number in there if number in digests},
        }
    )


@form(f"{AT}/part", role=Role.sender)
async def send_part(visit: Visit, store: Store) -> Answer:
    """Where the browser sends a part whose bytes have this SHA-256, and no other bytes."""
    files, number, sha256 = (
        bucket(visit),
        visit.form.get("number", ""),
        visit.form.get("sha256", ""),
    )
    async with store.transaction(actor=visit.person.id) as tx:
        upload, file = await _of_theirs(tx, visit)
        parts = part_count(upload.size, upload.part_size)
        if not (NUMBER.fullmatch(number) and int(number) <= parts and DIGEST.fullmatch(sha256)):
            return _no(NOT_OURS)
        if await tx.uploads.keep_part(upload.id, int(number), sha256) != sha256:
            return _no(OTHER_PART)
    address = await link_for_part(
        files, file.row.key, upload_id=upload.upload_id, number=int(number), sha256=sha256
    )
    return Json({"address": address})


@form(f"{AT}/end", role=Role.sender)
async def end(visit: Visit, store: Store) -> Answer:
    """All parts are sent: have the file put together, checked, and sent on.

    What the browser says of the whole file is kept to be compared with what we read ourselves.
    """
    sha256 = visit.form.get("sha256", "")
    if not HEX_DIGEST.fullmatch(sha256):
        return _no(NOT_OURS)
    async with store.transaction(actor=visit.person.id) as tx:
        upload, file = await _of_theirs(tx, visit, for_change=True)
        if len(await tx.uploads.digests(upload.id)) < part_count(upload.size, upload.part_size):
            return _no(NOT_ALL)
        await tx.shared_files.change(file.id, promised_sha256=sha256)
        await tx.uploads.end(upload.id)
        await submit(tx, [file.id], by=visit.person.id, now=visit.now)
    return Json({"page": f"/files/{file.id}"})


@form(f"{AT}/cancel", role=Role.sender)
async def cancel(visit: Visit, store: Store) -> Answer:
    """Give the upload up: nothing of it stays."""
    async with store.transaction(actor=visit.person.id) as tx:
        upload, file = await _of_theirs(tx, visit, for_change=True)
        await tx.uploads.end(upload.id)
        await take(tx, file, Step.drop, by=visit.person.id, who=Who.sender, now=visit.now)
    if visit.files:
        # Where the store is away, its own rule removes half uploads after some days.
        with suppress(FilesUnavailable):
            await give_up(visit.files, file.row.key, upload_id=upload.upload_id)
    return GoTo(PATH)


async def _of_theirs(
    reading: Reading, visit: Visit, *, for_change: bool = False
) -> tuple[UploadRow, SharedFile]:
    """The upload that the address names, and its file.

    Raises:
        NotThere: there is none, it is somebody else's, or it is over; all are the same.
    """
    file_id = known_id(visit.named["id"])
    if file_id is None:
        raise NotThere(OVER)
    file = await reading.shared_files.get(file_id, for_change=for_change)
    upload = await reading.uploads.of_file(file_id) if file else None
    is_theirs = file is not None and file.row.uploaded_by == visit.person.id
    if upload is None or file is None or not is_theirs or upload.ended_at is not None:
        raise NotThere(OVER)
    if file.state is not State.draft:
        raise NotThere(OVER)
    return upload, file


def _no(words: str) -> Json:
    """Words for the person at the script's page."""
    return Json({"problem": words}, status=400)
