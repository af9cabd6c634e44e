"""An upload on its way, as the script of its page asks for it: go on, the next part, the end, give up."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from handlers.errors import NotThere, Refused
from handlers.files.files_page import PATH as FILES
from handlers.files.receiving import submit
from handlers.files.receiving_refusals import MOST_FILES
from handlers.files.taking import hold, take
from handlers.files.upload_page import PATH, Begun, GoesOn, bucket
from handlers.files.upload_typed import chosen
from handlers.page_doors import form
from handlers.pages import Answer, GoTo, Json
from handlers.visit import Visit
from rules.addresses import known_id
from rules.file_life import State, Step, Who
from rules.file_sizes import said_size
from rules.roles import Role
from rules.upload_parts import UPLOAD_HOLDS, bytes_of_part, part_count
from store.browser_uploads import arrived, give_up
from store.file_links import link_for_part
from store.files import FilesUnavailable
from store.interactions import AlreadyDone, InteractionKey
from store.session import Reading, Store, Transaction
from store.shared_files import SharedFile
from store.uploads import UploadRow

AT = "/files/{id}/upload"
END = f"{PATH}/end"
SUM_OF = "sha256:"
ENDED = "file uploads ended"
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


@dataclass(frozen=True, slots=True)
class Ended:
    """Uploads are over; `page` is where their person goes."""

    page: str

    def to_json(self) -> dict[str, Any]:
        """The same as the script of the page gets it."""
        return {"page": self.page}


@form(AT, role=Role.sender)
async def go_on(visit: Visit, store: Store) -> Answer:
    """What has arrived of a file that somebody chose again, by part: its SHA-256 in base64."""
    files, again = bucket(visit), chosen(visit.form)
    async with store.reading(consistent=True) as reading:
        upload, file = await _of_theirs(reading, visit, visit.named["id"])
        digests = await reading.uploads.digests(upload.id)
    if again is None or again.size != upload.size:
        return _no(OTHER_SIZE.format(size=said_size(upload.size), bytes=upload.size))
    there = await arrived(files, file.row.key, upload_id=upload.upload_id)
    if there is None:
        raise NotThere(OVER)
    kept = {number: digests[number] for number in there if number in digests}
    return Json(Begun((GoesOn(file.id, upload.part_size, kept),)).to_json())


@form(f"{AT}/part", role=Role.sender)
async def send_part(visit: Visit, store: Store) -> Answer:
    """Where the browser sends a part whose bytes have this SHA-256, and no other bytes."""
    files, number, sha256 = (
        bucket(visit),
        visit.form.get("number", ""),
        visit.form.get("sha256", ""),
    )
    async with store.transaction(actor=visit.person.id) as tx:
        upload, file = await _of_theirs(tx, visit, visit.named["id"])
        parts = part_count(upload.size, upload.part_size)
        if not (NUMBER.fullmatch(number) and int(number) <= parts and DIGEST.fullmatch(sha256)):
            return _no(NOT_OURS)
        if await tx.uploads.keep_part(upload.id, int(number), sha256) != sha256:
            return _no(OTHER_PART)
    address = await link_for_part(
        files,
        file.row.key,
        upload_id=upload.upload_id,
        number=int(number),
        sha256=sha256,
        size=bytes_of_part(int(number), upload.size, upload.part_size),
    )
    return Json({"address": address})


@form(END, role=Role.sender)
async def end(visit: Visit, store: Store) -> Answer:
    """All parts of files are sent: have these put together, checked, and sent on, with one message.

    What the browser says of each whole file is kept to be compared with what we read ourselves.
    Said again, as after a break of the network, it is answered as before.
    """
    sums = {
        name.removeprefix(SUM_OF): value
        for name, value in visit.form.items()
        if name.startswith(SUM_OF)
    }
    if not sums or len(sums) > MOST_FILES or not all(map(HEX_DIGEST.fullmatch, sums.values())):
        return _no(NOT_OURS)
    if not all(map(known_id, sums)):
        raise NotThere(OVER)
    once = InteractionKey.of(ENDED, f"{visit.person.id} {' '.join(sums)}", b"")
    try:
        async with store.transaction(once, actor=visit.person.id) as tx:
            return Json(tx.answers(await _ended(tx, visit, sums)).to_json())
    except AlreadyDone as done:
        return Json(done.reply or {})
    except Refused as refused:
        return _no(refused.plain)


async def _ended(tx: Transaction, visit: Visit, sums: Mapping[str, str]) -> Ended:
    ids = [UUID(each) for each in sums]
    await hold(tx, ids)
    for file_id, sha256 in zip(ids, sums.values(), strict=True):
        upload, _ = await _of_theirs(tx, visit, str(file_id), for_change=True)
        if len(await tx.uploads.digests(upload.id)) < part_count(upload.size, upload.part_size):
            raise Refused(NOT_ALL)
        await tx.shared_files.change(file_id, promised_sha256=sha256)
        await tx.uploads.end(upload.id)
    await submit(tx, ids, by=visit.person.id, now=visit.now)
    return Ended(f"/files/{ids[0]}" if len(ids) == 1 else f"{FILES}?arrived={len(ids)}")


@form(f"{AT}/cancel", role=Role.sender)
async def cancel(visit: Visit, store: Store) -> Answer:
    """Give the upload up: nothing of it stays."""
    async with store.transaction(actor=visit.person.id) as tx:
        upload, file = await _of_theirs(tx, visit, visit.named["id"], for_change=True)
        await tx.uploads.end(upload.id)
        await take(tx, file, Step.drop, by=visit.person.id, who=Who.sender, now=visit.now)
    if visit.files:
        # Where the store is away, its own rule removes half uploads after some days.
        with suppress(FilesUnavailable):
            await give_up(visit.files, file.row.key, upload_id=upload.upload_id)
    return GoTo(PATH)


async def _of_theirs(
    reading: Reading, visit: Visit, named: str, *, for_change: bool = False
) -> tuple[UploadRow, SharedFile]:
    """The upload of the file with this id, and the file.

    Raises:
        NotThere: there is none, it is somebody else's, or it is over; all are the same.
    """
    file_id = known_id(named)
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
