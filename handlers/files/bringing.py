"""Bringing a file from Slack to S3: whole, or with words that say why not and nothing left behind."""

from collections.abc import AsyncIterator
from contextlib import suppress

from handlers.errors import Refused
from handlers.files.receiving_refusals import EMPTY
from handlers.jobs import Work
from rules.file_sizes import said_size
from store.file_links import NEVER_SHOWN
from store.file_removing import remove_half_uploads
from store.file_streams import CutShort, Streamed, keep_stream
from store.files import Files
from store.shared_file_rows import SharedFileRow

TRIES = 3
CUT_SHORT = (
    "Slack gave {got:,} of {said:,} bytes, {tries} times, so nothing of it was kept. Open it in Slack "
    "to see whether it is whole, and send it again."
)


async def bring(work: Work, files: Files, row: SharedFileRow, slack_file: str) -> Streamed:
    """Stream the bytes of a file that somebody gave in Slack to where they are kept.

    What a worker left behind that was killed in the middle is removed first. Slack may break off,
    so it is asked a few times.

    Raises:
        Refused: it is gone, empty, never whole, or not what Slack says it is.
        FilesUnavailable: the store did not take it.
        SLACK_ERRORS: Slack did not answer.
    """
    await remove_half_uploads(files, row.key)
    for _ in range(TRIES - 1):
        with suppress(CutShort):
            return await _brought(work, files, row, slack_file)
    try:
        return await _brought(work, files, row, slack_file)
    except CutShort as cut:
        words = CUT_SHORT.format(got=cut.got, said=cut.said, tries=TRIES)
        raise Refused(words) from cut


async def _brought(work: Work, files: Files, row: SharedFileRow, slack_file: str) -> Streamed:
    async with work.slack.incoming(slack_file) as incoming:
        if incoming.size == 0:
            raise Refused(EMPTY.format(name="It"))
        counted = _counted(work, row.file_name, incoming.chunks, incoming.size)
        return await keep_stream(
            files, row.key, counted, content_type=NEVER_SHOWN, size=incoming.size
        )


async def _counted(
    work: Work, name: str, chunks: AsyncIterator[bytes], size: int
) -> AsyncIterator[bytes]:
    """The same chunks; people see how far it is."""
    got = 0
    async for chunk in chunks:
        got += len(chunk)
        work.tell(f"Fetching {name} from Slack, {said_size(size)}", got, size)
        yield chunk
