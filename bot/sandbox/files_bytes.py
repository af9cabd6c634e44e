"""The bytes of files, in a folder that knows them by id alone, never by a person's name for them."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from tempfile import TemporaryDirectory


class WrongSizeError(ValueError):
    """The bytes that came are not as many as they may be; `size` says how many came so far."""

    def __init__(self, size: int) -> None:
        super().__init__(f"{size} bytes came.")
        self.size = size


class Bytes:
    """A store of bytes: in `folder`, or without one in a temporary folder until `close`."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._temporary: TemporaryDirectory[str] | None = None

    def path(self, file_id: str) -> Path:
        """Where the bytes of a file are, or would be."""
        return self._place() / file_id

    async def keep(
        self, file_id: str, chunks: AsyncIterator[bytes], *, least: int, most: int
    ) -> int:
        """Keep what comes, piece by piece; returns how many bytes that was.

        Raises WrongSizeError when they are fewer than `least` or more than `most`; then nothing
        is kept.
        """
        path = self.path(file_id)
        # Whoever sends again may overtake what was cut off and not noticed yet.
        beside = path.with_name(f"{file_id}.{secrets.token_hex(4)}.part")
        try:
            size = await _written(beside, chunks, most)
            if size < least:
                raise WrongSizeError(size)
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return size

    def head(self, file_id: str, size: int = 65_536) -> bytes:
        """The first bytes of a file."""
        with self.path(file_id).open("rb") as file:
            return file.read(size)

    def remove(self, file_id: str) -> None:
        """Forget the bytes of a file."""
        self.path(file_id).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the temporary folder, if there is one."""
        if self._temporary is not None:
            self._temporary.cleanup()
            self._temporary = None

    def _place(self) -> Path:
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            return self._folder
        if self._temporary is None:
            self._temporary = TemporaryDirectory(prefix="sandbox-files-")
        return Path(self._temporary.name)


async def _written(path: Path, chunks: AsyncIterator[bytes], most: int) -> int:
    size = 0
    file = await asyncio.to_thread(path.open, "wb")
    with file:
        async for chunk in chunks:
            size += len(chunk)
            if size > most:
                raise WrongSizeError(size)
            await asyncio.to_thread(file.write, chunk)
    return size
