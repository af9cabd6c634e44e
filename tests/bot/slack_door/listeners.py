"""Listeners of the tests, behind each of Slack's doors."""

from typing import Any

from sqlalchemy import text

from bot.sandbox.delivery import Parcel
from bot.sandbox.json_types import Json
from handlers.blocks import built, section
from handlers.doors import Listener, action, command, event, submission
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.outbox import Message
from store.session import Store
from tests.bot.front_door import Press
from tests.world import counted

MEMBER = Press("U_MEMBER")
FIELD: Json = {"type": "input", "block_id": "why", "label": {"text": "Why"}}


async def say_once(ask: Interaction, store: Store) -> Reply:
    """Say what was asked, and tell how many times anything was said."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        said = await tx.connection.execute(text("SELECT count(*) + 1 FROM outbox"))
        words = f"said {said.scalar_one()} times"
        tx.say(Message("C1", words, built(section(words)), cause="test"))
        return tx.answers(note(built(section(words)), words))


async def nothing_is_kept(store: Store) -> bool:
    tables = ("outbox", "lanes", "interactions", "audit")
    return not any([await counted(store, table) for table in tables])


EVERY_DOOR = (
    command("/say", role=Role.viewer),
    action("say", role=Role.viewer),
    submission("say", role=Role.viewer),
    event("say"),
)


def everywhere(answer: Any) -> list[Listener]:
    return [decorate(answer) for decorate in EVERY_DOOR]


def each_delivery(person: Press) -> list[Parcel]:
    return [
        person.command("/say", "it"),
        person.action("say", "it"),
        person.submission("say", [FIELD], {"why": {"a": {"value": "it"}}}),
        person.event("say", said="it"),
    ]
