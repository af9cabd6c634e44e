"""A person at the stand-in, driven by a test: types, presses, fills in, and sees."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bot.sandbox import fields
from bot.sandbox.files_given import Given, uploaded
from bot.sandbox.form_state import Values
from bot.sandbox.json_types import Json
from bot.sandbox.modal import Modal
from bot.sandbox.seen import Container, Screen, find_conversation
from bot.sandbox.typed import escaped
from bot.sandbox.visible import lines_of_message, rendered
from bot.sandbox.wire import Wire

PATIENCE = 5.0
DM = "DM"


@dataclass(frozen=True)
class Answer:
    """What came back on a command or a press: new messages of the app, or an error.

    `error` is a code such as `operation_timeout`, and `words` what the person reads of it.
    """

    messages: list[Json] = field(default_factory=list)
    error: str | None = None
    words: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the app took it."""
        return self.error is None

    @property
    def text(self) -> str:
        """Everything that can be read in it."""
        return "\n".join(self.lines) or self.words

    @property
    def blocks(self) -> list[Json]:
        """The blocks of all messages, in order."""
        return [block for message in self.messages for block in message.get("blocks") or []]

    @property
    def is_private(self) -> bool:
        """Whether only the asker sees it."""
        return bool(self.messages) and all(m.get("ephemeral") for m in self.messages)

    def __contains__(self, words: str) -> bool:
        return words in self.text

    def __str__(self) -> str:
        return self.text


class Person:
    """Someone in the workspace. Waits are bounded by `patience` seconds.

    `in_` names a place: "#channel", "@person" (a direct conversation), "DM" (the app's), an id,
    and for seeing and pressing also "modal" and "home"; None there means anywhere.
    """

    def __init__(self, address: str, user_id: str, *, patience: float = PATIENCE) -> None:
        self.id = user_id
        self.patience = patience
        self.wire = Wire(address, user_id)
        self.modal = Modal(self)
        self._names: dict[str, str] = {}

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.leave()

    async def leave(self) -> None:
        """Close the person's connections."""
        await self.wire.close()

    async def workspace(self) -> Json:
        """People, conversations, commands and shortcuts as this person sees them."""
        workspace = await self.wire.get("workspace")
        self._names = {user["id"]: user["real_name"] for user in workspace["users"]}
        self._names |= {c["id"]: c["name"] for c in workspace["conversations"]}
        return workspace

    async def command(self, line: str, in_: str = DM) -> Answer:
        """Type a slash command, as in `await ana.command("/schedule Joe's", in_="#general")`.

        The answer holds what the app said there by the time it acked.
        """
        channel = await self.conversation_id(in_)
        before = await self._last(channel)
        outcome = await self.wire.post("commands", channel=channel, text=line)
        return await self._answer(outcome, channel, before)

    async def says(
        self,
        text: str,
        in_: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[Given] = (),
    ) -> Json:
        """Write a message, with files if there are some; returns it.

        A file is a path, bytes, or a name with bytes: `files=[("a.csv", b"x,y")]`.

        `&`, `<` and `>` are escaped as Slack's composer does, mentions such as `<@U…>` kept.
        """
        channel = await self.conversation_id(in_)
        path = f"conversations/{channel}/messages"
        ids = [file["id"] for file in await uploaded(self.wire, files)]
        said = await self.wire.post(path, text=escaped(text), thread_ts=thread_ts, files=ids)
        message: Json = said["message"]
        return message

    async def downloads(self, file: Json) -> bytes:
        """The bytes of a file that a message or a picture shows.

        Raises RefusedError for one this person may not see, or that was deleted.
        """
        return await self.wire.download(f"files/{file['id']}")

    async def messages(self, in_: str, *, thread_ts: str | None = None) -> list[Json]:
        """The last fifty messages there, oldest first, ephemeral ones for this person included."""
        channel = await self.conversation_id(in_)
        return await self.messages_of(channel, thread_ts=thread_ts)

    async def messages_of(self, channel: str, *, thread_ts: str | None = None) -> list[Json]:
        """The same, of a conversation named by its id."""
        query = {"thread_ts": thread_ts} if thread_ts else {}
        found = await self.wire.get(f"conversations/{channel}/messages", **query)
        messages: list[Json] = found["messages"]
        return messages

    async def home(self) -> Json | None:
        """Open the app's Home; returns the view it shows, or None before it shows one.

        The app may show another once it has heard; `sees(..., in_="home")` waits for it.
        """
        view: Json | None = (await self.wire.get("home"))["view"]
        return view

    async def sees(self, words: str, in_: str | None = None) -> bool:
        """Wait until the words can be read there.

        Raises AssertionError that shows what is visible instead.
        """

        async def visible() -> bool:
            return any(words in line for line in await self.reads(in_))

        if await self.wire.until(visible, self.patience):
            return True
        raise AssertionError(await self._unseen(f"Not seen: {words!r}", in_))

    async def reads(self, in_: str | None = None) -> list[str]:
        """Every line this person can read there now, with names in place of ids."""
        containers = await Screen(self).containers(in_)
        return self.readable([line for container in containers for line in container.lines])

    async def press(self, button: str, in_: str | None = None) -> Answer:
        """Press the button with these words, or this action_id, newest first; waits for it.

        Raises AssertionError that shows what is visible when there is no such button.
        """
        found = await self._wait_for(Container.button, button, in_)
        container, block, element = found
        return await self._act(container, block, element, {"type": element["type"]})

    async def choose(self, option: str, in_: str | None = None) -> Answer:
        """Choose an option of a menu on a message, in the Home or in a modal, newest first.

        Raises AssertionError that shows what is visible when it is not offered.
        """
        container, block, element = await self._wait_for(Container.menu_with, option, in_)
        chosen = fields.choose(fields.options_of(element), option)
        if element["type"] == "overflow":
            held: Json = {"type": "overflow", "selected_option": chosen}
        else:
            held = await fields.held(self, container.address, block, element, option)
        return await self._act(container, block, element, held)

    async def set(self, name: str, value: fields.Value, in_: str | None = None) -> Answer:
        """Fill in one field of a message or the Home, such as a date picker, by its name."""

        def field(container: Container, wanted: str) -> tuple[Json, Json] | None:
            try:
                return fields.find(container.blocks, wanted)
            except AssertionError:
                return None

        container, block, element = await self._wait_for(field, name, in_)
        held = await fields.held(self, container.address, block, element, value)
        return await self._act(container, block, element, held)

    async def shortcut(self, name: str) -> Answer:
        """Choose a shortcut from the menu, by its words or callback_id."""
        return await self._shortcut(name, DM, {})

    async def message_shortcut(self, name: str, message: Json, in_: str) -> Answer:
        """Choose a shortcut on a message, by the shortcut's words or callback_id."""
        channel = await self.conversation_id(in_)
        return await self._shortcut(name, channel, {"channel": channel, "ts": message["ts"]})

    async def joins(self, channel: str) -> None:
        """Join a public channel."""
        id_ = await self.conversation_id(channel)
        await self.wire.post("members", channel=id_, user=self.id, action="join")

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        id_ = await self.conversation_id(channel)
        await self.wire.post("members", channel=id_, user=self.id, action="leave")

    async def conversation_id(self, in_: str) -> str:
        """The id of a conversation; a direct one with a person is opened if need be.

        Raises RefusedError for one this person does not see.
        """
        if in_.startswith("@"):
            return str((await self.wire.post("conversations", user=await self.id_of(in_)))["id"])
        return find_conversation(await self.workspace(), in_)

    async def id_of(self, name: str) -> str:
        """The id of a person (by id, name or real name) or of a conversation."""
        workspace = await self.workspace()
        for user in workspace["users"]:
            if name.removeprefix("@") in {user["id"], user["name"], user["real_name"]}:
                return str(user["id"])
        return find_conversation(workspace, name)

    def readable(self, lines: list[str]) -> list[str]:
        """The lines with names in place of ids, as last known."""
        return [rendered(line, self._names) for line in lines]

    async def act(
        self, address: Json, block: Json, element: Json, value: Json, state: Values
    ) -> Json:
        """Send one press or choice; returns what the client is told."""
        return await self.wire.post(
            "actions",
            container=address,
            block_id=block["block_id"],
            action_id=element["action_id"],
            value=value,
            state=state,
        )

    async def _act(self, container: "Container", block: Json, element: Json, held: Json) -> Answer:
        channel = container.address.get("channel") or await self.conversation_id(DM)
        before = await self._last(channel)
        is_modal = container.place == "modal"
        state = self.modal.state if is_modal else {}
        outcome = await self.act(container.address, block, element, held, state)
        return await self._answer(outcome, channel, before)

    async def _wait_for(
        self, find: "Finder", wanted: str, in_: str | None
    ) -> "tuple[Container, Json, Json]":
        found: list[tuple[Container, Json, Json]] = []

        async def there() -> bool:
            for container in reversed(await Screen(self).containers(in_)):
                match = find(container, wanted)
                if match:
                    found.append((container, *match))
                    return True
            return False

        if await self.wire.until(there, self.patience):
            return found[0]
        raise AssertionError(await self._unseen(f"Nothing to press says {wanted!r}", in_))

    async def _unseen(self, what: str, in_: str | None) -> str:
        seen = "\n  ".join((await self.reads(in_))[-30:]) or "nothing"
        name = (await self.workspace())["me"]["real_name"]
        place = in_ or "any conversation, modal or Home"
        return f"{what} in {place}. {name} sees:\n  {seen}"

    async def _shortcut(self, name: str, channel: str, where: Json) -> Answer:
        offered = (await self.workspace())["shortcuts"]
        found = [s for s in offered if name in {s["name"], s["callback_id"]}]
        if not found:
            known = ", ".join(s["name"] for s in offered)
            raise AssertionError(f"No shortcut is called {name!r}. There are: {known}.")
        id_ = await self.conversation_id(channel)
        before = await self._last(id_)
        callback_id = found[0]["callback_id"]
        outcome = await self.wire.post("shortcuts", callback_id=callback_id, **where)
        return await self._answer(outcome, id_, before)

    async def _last(self, channel: str) -> str:
        messages = await self.messages_of(channel)
        return messages[-1]["ts"] if messages else "0"

    async def _answer(self, outcome: Json, channel: str, before: str) -> Answer:
        await self.modal.look()
        said = [m for m in await self.messages_of(channel) if m["ts"] > before and "bot_id" in m]
        lines = self.readable([line for message in said for line in lines_of_message(message)])
        if outcome.get("ok", True):
            return Answer(said, lines=lines)
        return Answer(said, outcome.get("error"), outcome.get("message", ""), lines)


Finder = Callable[[Container, str], tuple[Json, Json] | None]
