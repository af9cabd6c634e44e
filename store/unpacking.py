"""The parts of a workbook unpacked piece by piece, and refused before they could fill the memory."""

import zipfile
from collections.abc import Generator
from copy import copy
from pathlib import Path

from store.grids import UnreadableFile

# A full sheet of the master's 18 columns (1,048,576 rows) unpacks to 0.8 GB.
_MOST_BYTES = 2 * 1024**3
_CHUNK_BYTES = 4 * 1024 * 1024
# Excel's 32,767 characters at their longest: "_x000D_" and "&quot;" are one each.
_LONGEST_TEXT = 8 * 32_767


class Unpacking:
    """Reads the parts of one workbook; all that is read of it counts against one limit."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self._path = path
        self._archive = archive
        self._unpacked = 0
        self._count(sum(part.file_size for part in archive.infolist()))
        self._unpacked = 0

    def others(self, sheets: set[str]) -> None:
        """Look through the XML that is no sheet, such as the texts that the sheets share."""
        for name in self._archive.namelist():
            if name.endswith(".xml") and name not in sheets:
                for _ in self.chunks(name):
                    pass

    def chunks(self, part: str) -> Generator[bytes, None, None]:
        """A part of XML in pieces. Raises UnreadableFile."""
        # The reader goes by the data, so the size that the archive claims is not to be believed.
        honest = copy(self._archive.getinfo(part))
        honest.file_size = _MOST_BYTES + 1
        open_for = 0
        with self._archive.open(honest) as file:
            while chunk := file.read(_CHUNK_BYTES):
                self._count(len(chunk))
                open_for = self._since_last_tag(chunk, open_for)
                yield chunk

    def _count(self, unpacked: int) -> None:
        self._unpacked += unpacked
        if self._unpacked > _MOST_BYTES:
            raise UnreadableFile(
                self._path,
                "Unpacked, this workbook is larger than 2 GB.",
                "Save the sheet as CSV and send that.",
            )

    def _since_last_tag(self, chunk: bytes, open_for: int) -> int:
        """How many bytes of text the piece ends with; `open_for`, how many came before it.

        From one tag it leaps to the last one that is near enough, which costs next to nothing.
        """
        begin = -open_for
        while begin + _LONGEST_TEXT <= len(chunk):
            tag = chunk.rfind(b"<", max(begin, 0), begin + _LONGEST_TEXT)
            if tag < 0:
                raise UnreadableFile(
                    self._path,
                    "A cell of this workbook is longer than the 32,767 characters that Excel allows.",
                    "Shorten it, or save the sheet as CSV and send that.",
                )
            begin = tag + 1
        return len(chunk) - max(begin, chunk.rfind(b"<") + 1)
