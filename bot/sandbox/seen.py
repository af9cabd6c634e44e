"""What a person has before them: messages, the open modal, the Home."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.sandbox import fields
from bot.sandbox.blocks import elements_of
from bot.sandbox.json_types import Json
from bot.sandbox.visible import lines_of_message, lines_of_view
from bot.sandbox.wire import RefusedError

if TYPE_CHECKING:
    from bot.sandbox.person import Person

_BUTTONS = frozenset({"button", "workflow_button", "icon_button"})


@dataclass(frozen=True)
class Container:
    """A message or view: how the client API addresses it, and what it shows."""

    place: str
    address: Json
    lines: list[str]
    blocks: list[Json] = field(default_factory=list)

    def button(self, wanted: str) -> tuple[Json, Json] | None:
        """The block and button with these words or this action_id."""
        for block in self.blocks:
            for element in elements_of(block):
                if element.get("type") not in _BUTTONS:
                    continue
                words = (element.get("text") or {}).get("text")
                if wanted in {words, element["action_id"]}:
                    return block, element
        return None

    def menu_with(self, option: str) -> tuple[Json, Json] | None:
        """The block and menu that offer an option with these words or this value."""
        for block in self.blocks:
            for element in elements_of(block):
                for offered in fields.options_of(element):
                    if option in {offered["text"]["text"], offered.get("value")}:
                        return block, element
        return None


class Screen:
    """Looks around for a person."""

    def __init__(self, person: "Person") -> None:
        self._person = person

    async def containers(self, in_: str | None) -> list[Container]:
        """What is there, or everything when `in_` is None; what would be pressed first is last."""
        if in_ == "modal":
            return await self._modal()
        if in_ == "home":
            return await self._home()
        workspace = await self._person.workspace()
        if in_ is not None:
            return await self._messages(find_conversation(workspace, in_))
        found: list[Container] = []
        for each in workspace["conversations"]:
            if each["is_member"]:
                found += await self._messages(each["id"])
        found.sort(key=lambda container: str(container.address["ts"]))
        return [*await self._home(), *found, *await self._modal()]

    async def _messages(self, channel: str) -> list[Container]:
        messages = await self._person.messages_of(channel)
        for parent in [m for m in messages if m.get("reply_count")]:
            thread = await self._person.messages_of(channel, thread_ts=parent["ts"])
            messages += thread[1:]
        return [_of_message(channel, message) for message in messages]

    async def _modal(self) -> list[Container]:
        modal = await self._person.modal.look()
        return [_of_view("modal", modal.view)] if modal.is_open else []

    async def _home(self) -> list[Container]:
        view = (await self._person.wire.get("home", peek="1"))["view"]
        return [_of_view("home", view)] if view else []


def _of_message(channel: str, message: Json) -> Container:
    attached = [b for a in message.get("attachments") or [] for b in a.get("blocks") or []]
    return Container(
        place=channel,
        address={"channel": channel, "ts": message["ts"]},
        lines=lines_of_message(message),
        blocks=[*(message.get("blocks") or []), *attached],
    )


def _of_view(place: str, view: Json) -> Container:
    return Container(place, {"view_id": view["id"]}, lines_of_view(view), view["blocks"])


def find_conversation(workspace: Json, in_: str) -> str:
    """The id of the conversation a person calls "#channel", "@person", "DM" or by its id.

    Raises RefusedError that lists what they see.
    """
    conversations = workspace["conversations"]
    if in_ == "DM":
        found = [c for c in conversations if c["kind"] == "app"]
    elif in_.startswith("@"):
        wanted = {u["id"] for u in workspace["users"] if in_[1:] in {u["name"], u["real_name"]}}
        found = [c for c in conversations if c.get("with_user") in wanted]
    else:
        found = [c for c in conversations if in_.lstrip("#") in {c["id"], c["name"]}]
    if not found:
        known = ", ".join(f"#{c['name']}" for c in conversations if c["name"])
        raise RefusedError(
            f"{workspace['me']['real_name']} sees no {in_!r}. There are: {known}, DM."
        )
    id_: str = found[0]["id"]
    return id_
