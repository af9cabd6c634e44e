"""Pictures of the migration, and what people see of them."""

from datetime import timedelta

from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from store.session import Store
from tests.post_office import until
from tests.world import FIRST_MONDAY, counted

WEEK = timedelta(weeks=1)
DRAWING = 120.0
"""Seconds: a process of its own begins for it, on a machine that may be busy."""
BEFORE, LATER = FIRST_MONDAY - WEEK, FIRST_MONDAY + WEEK


def pictures(message: Answer | Json) -> list[Json]:
    blocks = message.blocks if isinstance(message, Answer) else message["blocks"]
    return [block for block in blocks if block["type"] == "image"]


async def last(person: Person) -> Json:
    """The last message from Wavepost, as it is now."""
    return (await person.messages("DM"))[-1]


async def drawn(store: Store) -> None:
    """Wait until what was asked to be drawn is."""

    async def is_drawn() -> bool:
        return bool(await counted(store, "pictures"))

    await until(is_drawn, patience=DRAWING)
