"""Keeping the workspace in a folder between runs."""

import asyncio
import os
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import TypeAdapter

from bot.sandbox.files import File
from bot.sandbox.views import View
from bot.sandbox.workspace import Directory
from bot.sandbox.world import World

EVERY = 1.0


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

        Raises pydantic.ValidationError when the file is not a snapshot.
        """
        if not self._path.exists():
            return None
        return _SNAPSHOT.validate_json(self._path.read_bytes())

    def save(self, world: World) -> None:
        """Keep the world as it is now."""
        self._write(_packed(world))

    def _write(self, content: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_suffix(".new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._path)

    async def keep(self, world: World) -> None:
        """Save whenever something changed, once a second at most, until cancelled."""
        while True:
            await asyncio.sleep(EVERY)
            if world.is_dirty:
                world.is_dirty = False
                content = _packed(world)
                await asyncio.to_thread(self._write, content)


def _packed(world: World) -> bytes:
    snapshot = Snapshot(world.directory, world.views.homes, world.stamps.last, list(world.files))
    return _SNAPSHOT.dump_json(snapshot, indent=None)
