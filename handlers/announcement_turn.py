"""An announcement that was made, and what follows from one: what schedules and events share."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from rules.announcement_content import Content
from store.announcement_rows import AnnouncementRow
from store.session import Transaction

WAVEPOST = "Wavepost"
"""Who announces what its schedule has due."""


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement as it was kept, in the transaction that says it.

    `facts` are what it tells people (`rules.facts`). A partner message has no content and no facts.
    """

    row: AnnouncementRow
    content: Content | None = None
    facts: Sequence[str] = ()


AnnouncementFollowUp: TypeAlias = Callable[[Transaction, Announced], Awaitable[None]]
"""What follows from an announcement, in its transaction."""
