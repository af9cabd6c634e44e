"""The files of the workspace: what is known of each, and where their bytes are."""

import re
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.sandbox.clock import Clock
from bot.sandbox.files_bytes import Bytes
from bot.sandbox.files_kinds import PICTURES, Kind, Picture
from bot.sandbox.files_processing import Processing
from bot.sandbox.files_uploads import Uploads
from bot.sandbox.ids import fresh_id

# https://slack.com/help/articles/201330736-Add-files-to-Slack
LARGEST = 1024**3

_ID = re.compile(r"\bF[A-Z0-9]{8,}\b")


@dataclass(frozen=True)
class Share:
    """A message that shows a file."""

    channel: str
    ts: str
    thread_ts: str | None = None


@dataclass
class File:
    """One file; `size` in bytes, `created` in seconds since 1970."""

    id: str
    name: str
    title: str
    user: str
    size: int
    created: int
    kind: Kind
    picture: Picture | None = None
    alt_txt: str | None = None
    is_snippet: bool = False
    shares: list[Share] = field(default_factory=list)
    # Filled into a form that was sent to the app.
    is_given_to_app: bool = False
    is_deleted: bool = False
    # Part of the addresses of its small pictures, so that they cannot be guessed.
    secret: str = field(default_factory=lambda: secrets.token_hex(5))

    @property
    def is_picture(self) -> bool:
        """Whether Slack shows it as a picture."""
        return self.kind.filetype in PICTURES


class Files:
    """Every file, deleted ones too; their bytes; uploads that are not finished."""

    def __init__(self, clock: Clock, folder: Path | None, kept: Iterable[File] = ()) -> None:
        self._files = {file.id: file for file in kept}
        self.bytes = Bytes(folder)
        self.processing = Processing(clock)
        self.uploads = Uploads(clock)
        self.largest = LARGEST

    def __iter__(self) -> Iterator[File]:
        """Every file, oldest first."""
        return iter(self._files.values())

    def add(self, file: File) -> File:
        """Keep a file whose bytes are in the store already."""
        self._files[file.id] = file
        return file

    def get(self, file_id: str) -> File | None:
        """The file with this id, also when it was deleted."""
        return self._files.get(file_id)

    def at(self, address: str) -> File | None:
        """The file that an address such as `url_private` or `permalink` leads to."""
        found = (self._files.get(each) for each in _ID.findall(address))
        return next((file for file in found if file), None)

    def path(self, file: File) -> Path:
        """Where the bytes are."""
        return self.bytes.path(file.id)

    def new_id(self) -> str:
        """The id of a file that is going to be."""
        return fresh_id("F")

    def forget_expired(self) -> None:
        """Forget uploads that were not completed in time, and their bytes."""
        for upload in self.uploads.drop_expired():
            self.bytes.remove(upload.file_id)

    async def close(self) -> None:
        """Finish what is under way; forget uploads that were never finished."""
        await self.processing.close()
        for upload in self.uploads.unfinished():
            self.bytes.remove(upload.file_id)
        self.bytes.close()
