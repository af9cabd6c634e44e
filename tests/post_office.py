"""What the courier's tests ask: what was said, what Slack heard, and what became of each message."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

from sqlalchemy import text

from bot.assembly import Wavepost, assembled
from bot.sandbox.messages import Message as SlackMessage
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.channels import ChannelRow
from store.outbox import Message
from store.session import Store

PATIENCE = 60.0


async def until(condition: Callable[[], Awaitable[bool]], *, patience: float = PATIENCE) -> None:
    """Return once the condition holds; it is waited for at most `patience` seconds."""
    async with asyncio.timeout(patience):
        while not await condition():
            await asyncio.sleep(0.02)


class PostOffice:
    """The sending side and the receiving side of one workspace."""

    def __init__(self, store: Store, sandbox: Sandbox) -> None:
        self.store = store
        self.sandbox = sandbox

    def channel(self, name: str) -> str:
        return self.sandbox.people.channel(name).id

    def person(self, name: str) -> str:
        return self.sandbox.people.user(name).id

    async def know(self, *names: str) -> None:
        """Put channels into the directory, with Wavepost in them."""
        rows = [ChannelRow(id=self.channel(name), name=name, joined=True) for name in names]
        async with self.store.transaction(actor="test") as tx:
            await tx.channels.keep(rows)

    async def say(
        self, lane: str, *texts: str, by: str = "test", thread: str | None = None
    ) -> None:
        """Say texts in one transaction."""
        async with self.store.transaction(actor=by) as tx:
            for words in texts:
                tx.say(Message(lane, words, [], cause="test", thread_ts=thread))

    def heard(self, channel: str) -> list[str]:
        """What the app said in a channel, in the order of its arrival there."""
        return [message.text for message in self.messages(channel)]

    def messages(self, channel: str) -> list[SlackMessage]:
        """The same, each as it is shown now."""
        bot = self.sandbox.world.directory.app.bot_user_id
        log = self.sandbox.people.channel(channel).log
        said = (m for m in log.messages if m.user == bot and m.subtype is None)
        return [m for m in said if not m.only_for]

    def threads(self, channel: str) -> dict[str, list[str]]:
        """What the app said in a channel, each by what it said below it."""
        log = self.sandbox.people.channel(channel).log
        said = set(self.heard(channel))
        alone = [each for each in log.messages if each.text in said and not each.is_reply]
        return {each.text: [below.text for below in log.replies(each.ts)] for each in alone}

    def heard_by(self, person: str) -> list[str]:
        """What the app said to a person."""
        return self.heard(self.direct(self.person(person)))

    def messages_to(self, person: str) -> list[SlackMessage]:
        """The same, each as it is shown now."""
        return self.messages(self.direct(self.person(person)))

    def direct(self, person: str) -> str:
        """The channel in which the app writes to a person."""
        directory = self.sandbox.world.directory
        return directory.direct(person, directory.app.bot_user_id).id

    async def ledger(self) -> dict[str, Any]:
        """Each message's row by its words."""
        async with self.store.reading() as reading:
            rows = await reading.connection.execute(text("SELECT * FROM outbox ORDER BY number"))
            return {row.fallback: row for row in rows}

    async def states(self) -> dict[str, tuple[str, str | None]]:
        """Each message's state and problem by its words."""
        rows = await self.ledger()
        return {words: (row.state, row.problem) for words, row in rows.items()}

    async def all_ended(self, *, patience: float = PATIENCE) -> None:
        """Return once no message is waiting."""

        async def ended() -> bool:
            async with self.store.reading() as reading:
                return await reading.waiting_messages() == 0

        await until(ended, patience=patience)


@asynccontextmanager
async def delivering(settings: Settings) -> AsyncIterator[Wavepost]:
    """A courier at work, and nothing else of Wavepost."""
    async with assembled(settings) as wavepost:
        work = asyncio.create_task(wavepost.courier.run())
        try:
            yield wavepost
            assert not work.done(), "the courier ended by itself"
        finally:
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)


def gaps(times: Sequence[float]) -> list[float]:
    """Seconds between each moment and the one before."""
    return [later - earlier for earlier, later in pairwise(times)]
