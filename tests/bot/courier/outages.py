"""Couriers that Slack fails, or that do not reach it."""

from collections.abc import Callable, Mapping, Sequence

from pydantic import SecretStr

from bot.sandbox.faults.faults import Faults
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.roles import Kind
from store.people import PersonRow
from tests.post_office import PostOffice

POST = "chat.postMessage"
HISTORY = "conversations.history"

Asked = Callable[[Faults], object]


def with_courier(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={"courier": settings.courier.model_copy(update=changes)})


def at(stand_in: Sandbox, settings: Settings, address: str) -> Settings:
    """Settings for another Slack."""
    token = SecretStr(stand_in.bot_token)
    return settings.model_copy(update={"slack_address": address, "slack_token": token})


async def listed(office: PostOffice, person: str) -> None:
    async with office.store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id=person, name=person, kind=Kind.member)])


def events(logs: Sequence[Mapping[str, object]]) -> set[object]:
    return {entry["event"] for entry in logs}
