"""A reply that stands by itself, because what it replies to is gone or never came: it says what that was."""

from typing import Any

from handlers.blocks import Words, as_typed, built, context
from store.lanes import Parcel

MOST_QUOTED = 200
MOST_BLOCKS = 50
"""In one message, says Slack."""


def said_alone(parcel: Parcel) -> tuple[str, list[dict[str, Any]]]:
    """The words and blocks of a message; those of a reply that stands by itself name what it belongs to."""
    if parcel.belongs_to is None:
        return parcel.fallback, parcel.blocks
    said = Words("undelivered", said=as_typed(parcel.belongs_to)[:MOST_QUOTED])["out_of_thread"]
    if not parcel.blocks:
        return f"{said}\n{parcel.fallback}", []
    return parcel.fallback, [*built(context(said)), *parcel.blocks][:MOST_BLOCKS]
