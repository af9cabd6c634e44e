"""Files as a test hands them to a person."""

import asyncio
from collections.abc import Iterable
from pathlib import Path

from bot.sandbox.json_types import Json
from bot.sandbox.wire import Wire

# A path, bytes, or a name with bytes.
Given = Path | bytes | tuple[str, bytes]


async def uploaded(wire: Wire, given: Iterable[Given]) -> list[Json]:
    """Slack's file objects, once a person has brought the files.

    Raises RefusedError for one that Slack does not take, such as an empty one.
    """
    files: list[Json] = []
    for each in given:
        name, content = await _named(each)
        files.append((await wire.upload("files", content, name=name))["file"])
    return files


async def _named(given: Given) -> tuple[str, bytes]:
    if isinstance(given, Path):
        return given.name, await asyncio.to_thread(given.read_bytes)
    return given if isinstance(given, tuple) else ("file", given)
