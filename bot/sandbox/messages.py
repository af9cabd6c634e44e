"""What was said in a conversation."""

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.sandbox.ids import as_micros
from bot.sandbox.json_types import Json


@dataclass
class Message:
    """One message, or one ephemeral note (`only_for` names its reader)."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[Json] = field(default_factory=list)
    bot_id: str | None = None
    app_id: str | None = None
    username: str | None = None
    icons: Json | None = None
    subtype: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    edited: Json | None = None
    metadata: Json | None = None
    client_msg_id: str | None = None
    inviter: str | None = None
    only_for: str | None = None

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread, below its parent."""
        return self.thread_ts is not None and self.thread_ts != self.ts

    def as_slack(self, *, with_metadata: bool = False) -> Json:
        """Slack's message object, without what its thread adds."""
        said: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text}
        optional = {
            "subtype": self.subtype,
            "bot_id": self.bot_id,
            "app_id": self.app_id,
            "username": self.username,
            "icons": self.icons,
            "client_msg_id": self.client_msg_id,
            "inviter": self.inviter,
            "thread_ts": self.thread_ts,
            "edited": self.edited,
            "blocks": self.blocks or None,
            "attachments": self.attachments or None,
            "files": self.files or None,
            "upload": True if self.files else None,
            "metadata": self.metadata if with_metadata else None,
        }
        return said | {name: value for name, value in optional.items() if value is not None}


def _micros(message: Message) -> int:
    return as_micros(message.ts)


@dataclass
class MessageLog:
    """The messages of one conversation, oldest first, and the ephemeral notes beside them."""

    messages: list[Message] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._by_ts = {message.ts: message for message in self.messages}
        self._threads: dict[str, list[Message]] = {}
        for message in self.messages:
            self._thread(message)

    def _thread(self, message: Message) -> None:
        if message.is_reply and message.thread_ts:
            self._threads.setdefault(message.thread_ts, []).append(message)

    def add(self, message: Message) -> None:
        """Keep a message, or a note for one reader."""
        if message.only_for:
            self.notes.append(message)
            return
        insort(self.messages, message, key=_micros)
        self._by_ts[message.ts] = message
        self._thread(message)

    def get(self, ts: str) -> Message | None:
        """The message with this stamp."""
        return self._by_ts.get(ts)

    def note(self, ts: str, reader: str) -> Message | None:
        """The note with this stamp, if `reader` may see it."""
        return next((n for n in self.notes if n.ts == ts and n.only_for == reader), None)

    def remove(self, message: Message) -> None:
        """Forget a message or note."""
        if message.only_for:
            self.notes.remove(message)
            return
        self.messages.remove(message)
        del self._by_ts[message.ts]
        if message.is_reply and message.thread_ts:
            self._threads[message.thread_ts].remove(message)

    def replies(self, ts: str) -> list[Message]:
        """What was answered in the thread of `ts`, oldest first."""
        return self._threads.get(ts, [])

    def newest_first(self) -> Iterator[Message]:
        """What a reader of the channel sees, replies hidden in their threads."""
        return (m for m in reversed(self.messages) if not m.is_reply or m.broadcast)

    def count_after(self, ts: str, *, not_by: str) -> int:
        """How many messages of others are newer than `ts`."""
        start = bisect_right(self.messages, as_micros(ts), key=_micros)
        return sum(1 for m in self.messages[start:] if m.user != not_by)

    def between(self, oldest: str, latest: str, *, inclusive: bool) -> list[Message]:
        """Messages with oldest < ts < latest (or ≤ when inclusive), oldest first."""
        low, high = as_micros(oldest), as_micros(latest)
        before, after = (bisect_left, bisect_right) if inclusive else (bisect_right, bisect_left)
        return self.messages[
            before(self.messages, low, key=_micros) : after(self.messages, high, key=_micros)
        ]

    def describe(self, message: Message, *, with_metadata: bool = False) -> Json:
        """Slack's message object, with the summary of its thread on a parent."""
        said = message.as_slack(with_metadata=with_metadata)
        replies = self.replies(message.ts)
        if not replies:
            return said
        return said | {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users_count": len({r.user for r in replies}),
            "reply_users": list(dict.fromkeys(r.user for r in replies)),
            "latest_reply": replies[-1].ts,
        }
