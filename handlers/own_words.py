"""An installation's own words for announcements: tried before they are used, and never needed.

A file `announcement.j2` in a folder of one's own may hold any blocks of Wavepost's template; those that
it lacks stay Wavepost's. The clock looks at it. What cannot say every announcement there may be is not
used: the last words that could are, and leads are told once.
"""

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handlers.announcement_samples import samples
from handlers.blocks import Words, built, section
from handlers.dates import short
from handlers.leads import leads_told
from store.outbox import Message
from store.own_words import Version
from store.session import Store

CAUSE = "own words"
FILE = "announcement.j2"
LARGEST = 100_000
"""Bytes of a file of words."""
MOST_IN_MESSAGE = 12_000
"""Characters of blocks; Slack refuses messages near 13,000."""
LONGEST_PROBLEM = 300
VERSIONS_TRIED = 3
NONE = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True)
class Broken:
    """A version that could not say something, and why."""

    digest: str
    problem: str


def best_said(
    versions: Sequence[Version], say: Callable[[str], Message]
) -> tuple[Message, list[Broken]]:
    """A message in the newest of these words that can say it, or else in Wavepost's; and what could not."""
    broken: list[Broken] = []
    for version in versions:
        if not version.source:
            break
        try:
            return say(version.source), broken
        except Exception as problem:  # noqa: BLE001 - whatever the words of others raise, it is said
            broken.append(Broken(version.digest, in_short(problem)))
    return say(""), broken


def problem_of(own: str) -> str | None:
    """Why words cannot be used; None where they say every announcement there may be."""
    if not own:
        return None
    try:
        for message in samples(own):
            _check(message)
    except Exception as problem:  # noqa: BLE001 - the same
        return in_short(problem)
    return None


def in_short(problem: Exception) -> str:
    """What went wrong, as whoever wrote the words can find it."""
    line = getattr(problem, "lineno", None)
    where = f"line {line}: " if line else ""
    return short(f"{where}{str(problem) or type(problem).__name__}", LONGEST_PROBLEM)


async def knock(store: Store, folder: Path | None, *, leads_channel: str) -> None:
    """Take up what the folder has now, and tell leads of what cannot be used, once."""
    source, unreadable = await asyncio.to_thread(_read, folder)
    digest = hashlib.sha256((source or unreadable or "").encode()).hexdigest()
    async with store.reading() as reading:
        newest = await reading.own_words.newest() or NONE
        has_untold = await reading.own_words.has_untold()
    if digest == newest and not has_untold:
        return
    problem = unreadable or await asyncio.to_thread(problem_of, source)
    async with store.transaction(actor="clock") as tx:
        if digest != newest:
            await tx.own_words.see(digest, source, problem=problem)
        for untold in await tx.own_words.claim_untold():
            words = Words("own_words", problem=untold, file=FILE)
            for lane in await leads_told(tx, leads_channel):
                tx.say(Message(lane, words.plain("line"), built(section(words["body"])), CAUSE))


def _read(folder: Path | None) -> tuple[str, str | None]:
    """The words in the folder, or why they cannot be read; both empty where there are none."""
    if folder is None:
        return "", None
    try:
        found = (folder / FILE).read_bytes()
        if len(found) > LARGEST:
            return "", f"It has more than {LARGEST:,} bytes."
        return found.decode(), None
    except FileNotFoundError:
        return "", None
    except (OSError, UnicodeDecodeError) as problem:
        return "", short(f"It cannot be read: {problem}", LONGEST_PROBLEM)


def _check(message: Message) -> None:
    """Raises ValueError for what Slack would refuse, or nobody could read."""
    if not message.fallback.strip():
        raise ValueError("The line for notifications is empty.")
    for block in message.blocks:
        if block["type"] in ("header", "section") and not block["text"].get("text", "").strip():
            raise ValueError(f"A {block['type']} is empty.")
    if len(json.dumps(message.blocks, ensure_ascii=False)) > MOST_IN_MESSAGE:
        raise ValueError(f"A message has more than {MOST_IN_MESSAGE:,} characters.")
