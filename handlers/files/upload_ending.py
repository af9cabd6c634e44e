"""The end of an upload, in the job that checks its file: parts become a file, or nothing."""

from contextlib import suppress

from handlers.errors import Refused
from store.browser_uploads import UploadGone, give_up, put_together
from store.file_streams import CutShort
from store.files import Files, FilesUnavailable
from store.session import Store
from store.shared_file_rows import SharedFileRow

NOT_WHOLE = (
    "{got:,} of {said:,} bytes arrived in the store for files, so nothing of it was kept. Please upload "
    "it again."
)
GONE = "The store for files has nothing of this upload any more. Please upload it again."


async def put_whole(store: Store, files: Files, row: SharedFileRow) -> str | None:
    """Put the file of an upload together in the store, whole; done before, it stays as it is.

    Returns its version there, where the store keeps versions.

    Raises:
        Refused: parts of it are missing, or all; nothing of it is left there.
        FilesUnavailable: the store did not do it.
    """
    async with store.reading() as reading:
        upload = await reading.uploads.of_file(row.id)
        digests = await reading.uploads.digests(upload.id) if upload else {}
    if upload is None:
        raise Refused(GONE)
    try:
        return await put_together(
            files, row.key, upload_id=upload.upload_id, size=upload.size, digests=digests
        )
    except CutShort as cut:
        with suppress(FilesUnavailable):
            await give_up(files, row.key, upload_id=upload.upload_id)
        raise Refused(NOT_WHOLE.format(got=cut.got, said=cut.said)) from cut
    except UploadGone as gone:
        raise Refused(GONE) from gone
