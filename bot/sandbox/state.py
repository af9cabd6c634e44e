"""Keeping the workspace in a folder between runs."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.sandbox.files import File
from bot.sandbox.kept import KeptError, damaged, unwritten
from bot.sandbox.views import View
from bot.sandbox.workspace import Directory
from bot.sandbox.world import World

EVERY = 1.0
BEGIN_AGAIN = "To begin again, start with --fresh."


@dataclass
class Snapshot:
    """Everything that outlives a run: people, groups, conversations, Homes, files."""

    directory: Directory
    homes: dict[str, View] = field(default_factory=dict)
    last_stamp: str = "0.000000"
    files: list[File] = field(default_factory=list)


_SNAPSHOT = TypeAdapter(Snapshot)


class StateFolder:
    """A folder with one snapshot file, always whole: written beside and moved into place."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "workspace.json"

    def load(self) -> Snapshot | None:
        """What was kept, or None when nothing was.

        Raises KeptError when the file is not a snapshot.
        """
        if not self._path.exists():
            return None
        try:
            return _SNAPSHOT.validate_json(self._path.read_bytes())
        except ValidationError as error:
            raise damaged(self._path, BEGIN_AGAIN) from error

    def save(self, world: World) -> None:
        """Keep the world as it is now.

        Raises KeptError when it cannot be written; what was kept before stays.
        """
        self._write(_packed(world))

    def _write(self, content: bytes) -> None:
        try:
            self._replace(content)
        except OSError as error:
            raise unwritten(self._path, error) from error

    def _replace(self, content: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    async def keep(self, world: World) -> None:
        """Save whenever something changed, once a second at most, until cancelled.

        What could not be written, for want of room say, is tried again.
        """
        while True:
            await asyncio.sleep(EVERY)
            if world.is_dirty:
                world.is_dirty = False
                content = _packed(world)
                try:
                    await asyncio.to_thread(self._write, content)
                except KeptError:
                    world.is_dirty = True


def _packed(world: World) -> bytes:
    snapshot = Snapshot(world.directory, world.views.homes, world.stamps.last, list(world.files))
    return _SNAPSHOT.dump_json(snapshot, indent=None)
