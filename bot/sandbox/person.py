"""A person at the stand-in, driven by a test: types, presses, fills in, and sees."""

from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from bot.sandbox.json_types import Json
from bot.sandbox.visible import lines_of_blocks, lines_of_message, rendered
from bot.sandbox.wire import RefusedError, Wire

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
    """Someone in the workspace. Waits are bounded by `patience` seconds."""

    def __init__(self, address: str, user_id: str, *, patience: float = PATIENCE) -> None:
        self.id = user_id
        self.patience = patience
        self.wire = Wire(address, user_id)

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
        return await self.wire.get("workspace")

    async def command(self, line: str, in_: str = DM) -> Answer:
        """Type a slash command, as in `await ana.command("/schedule Joe's", in_="#general")`."""
        channel = await self.conversation_id(in_)
        before = await self._last(channel)
        outcome = await self.wire.post("commands", channel=channel, text=line)
        return await self._answer(outcome, channel, before)

    async def says(self, text: str, in_: str, thread_ts: str | None = None) -> Json:
        """Write a message; returns it."""
        channel = await self.conversation_id(in_)
        path = f"conversations/{channel}/messages"
        message: Json = (await self.wire.post(path, text=text, thread_ts=thread_ts))["message"]
        return message

    async def messages(self, in_: str, thread_ts: str | None = None) -> list[Json]:
        """The last fifty messages there, oldest first, ephemeral ones for this person included."""
        channel = await self.conversation_id(in_)
        query = {"thread_ts": thread_ts} if thread_ts else {}
        found = await self.wire.get(f"conversations/{channel}/messages", **query)
        messages: list[Json] = found["messages"]
        return messages

    async def sees(self, words: str, in_: str | None = None) -> bool:
        """Wait until the words can be read there, or anywhere when `in_` is None.

        `in_` is "#channel", "@person", "DM" (the app's), "modal", "home", or an id.
        Raises AssertionError that shows what is visible instead.
        """

        async def visible() -> bool:
            return any(words in line for line in await self.reads(in_))

        if await self.wire.until(visible, self.patience):
            return True
        seen = "\n  ".join((await self.reads(in_))[-20:]) or "nothing"
        place = in_ or "any conversation, modal or home"
        raise AssertionError(f"Not seen in {place}: {words!r}. What is seen:\n  {seen}")

    async def reads(self, in_: str | None = None) -> list[str]:
        """Every line this person can read there now, with names in place of ids."""
        workspace = await self.workspace()
        if in_ is None:
            theirs = [
                c["id"] for c in workspace["conversations"] if c["is_member"] and c["last_ts"]
            ]
        else:
            theirs = [_find(workspace, in_)]
        lines: list[str] = []
        for channel in theirs:
            for message in await self.messages(channel):
                lines += lines_of_message(message)
        return readable(lines, workspace)

    async def conversation_id(self, in_: str) -> str:
        """The id of "#channel", "@person", "DM" or an id."""
        return _find(await self.workspace(), in_)

    async def _last(self, channel: str) -> str:
        messages = await self.messages(channel)
        return messages[-1]["ts"] if messages else "0"

    async def _answer(self, outcome: Json, channel: str, before: str) -> Answer:
        said = [m for m in await self.messages(channel) if m["ts"] > before and "bot_id" in m]
        raw = [line for message in said for line in lines_of_message(message)]
        lines = readable(raw, await self.workspace())
        if outcome.get("ok", True):
            return Answer(said, lines=lines)
        return Answer(said, outcome.get("error"), outcome.get("message", ""), lines)


def readable(lines: list[str], workspace: Json) -> list[str]:
    """The lines with names in place of ids."""
    names = {user["id"]: user["real_name"] for user in workspace["users"]}
    names |= {c["id"]: c["name"] for c in workspace["conversations"]}
    return [rendered(line, names) for line in lines]


def _find(workspace: Json, in_: str) -> str:
    conversations = workspace["conversations"]
    if in_ == DM:
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


__all__ = ["DM", "Answer", "Person", "lines_of_blocks", "readable"]
