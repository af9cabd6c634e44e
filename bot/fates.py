"""What became of the messages that a courier carries: kept in their lanes, and told to whom it matters."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta

import structlog

from bot.metrics import Metrics
from bot.settings import CourierSettings
from handlers.undelivered import notices
from rules.slack_ids import is_person
from store.lanes import Errand, Lanes, Parcel
from store.outbox import Outbox, State
from store.session import Store

log = structlog.get_logger(__name__)


class Fates:
    """Ends messages or leaves them at the heads of their lanes; all pauses are seconds."""

    def __init__(
        self, store: Store, settings: CourierSettings, metrics: Metrics, *, leads_channel: str
    ) -> None:
        self._store = store
        self._settings = settings
        self._metrics = metrics
        self._leads_channel = leads_channel

    async def delivered(self, parcel: Parcel, ts: str, *, opened: str | None = None) -> None:
        """End a message; `opened` is the channel in which a person heard it."""
        pause = timedelta(seconds=self._settings.pause_between_messages)
        async with self._store.transaction(actor="courier") as tx:
            if opened and is_person(parcel.lane):
                await tx.people.keep_direct_channel(parcel.lane, opened)
            ended = await Lanes(tx.connection).end(parcel, State.delivered, pause=pause, ts=ts)
        if ended:
            self._metrics.messages.labels(State.delivered).inc()

    async def again(self, parcel: Parcel, seconds: float, problem: str) -> None:
        """Have it sent later: surely it does not stand there."""
        async with self._lanes() as lanes:
            pause = timedelta(seconds=seconds)
            await lanes.again(parcel, State.waiting, pause=pause, problem=problem)

    async def look_later(
        self, parcel: Parcel, seconds: float, problem: str, *, failed_looks: int = 0
    ) -> None:
        """Have what may have been sent looked for: itself, or what it takes the place of."""
        async with self._lanes() as lanes:
            await lanes.again(
                parcel,
                State.waiting if parcel.errand is Errand.settle else State.unknown,
                pause=timedelta(seconds=seconds),
                problem=problem,
                failed_looks=failed_looks,
            )

    async def found(self, parcel: Parcel, ts: str) -> None:
        """What was looked for stands at `ts`."""
        if parcel.errand is Errand.settle:
            async with self._lanes() as lanes:
                await lanes.settle(parcel, ts=ts)
        else:
            await self.delivered(parcel, ts)

    async def missing(self, parcel: Parcel, problem: str) -> None:
        """Have said what was looked for in vain, or what takes its place."""
        if parcel.errand is Errand.settle:
            async with self._lanes() as lanes:
                await lanes.settle(parcel, ts=None, problem=problem)
        else:
            await self.again(parcel, 0.0, problem)

    async def say_anew(self, parcel: Parcel, reason: str) -> None:
        """Have a message of its own say what nobody would read otherwise.

        Retention takes messages, and people do; what changed them is news all the same.
        """
        async with self._lanes() as lanes:
            await lanes.lose(parcel, problem=reason)

    async def say_alone(self, parcel: Parcel, reason: str) -> None:
        """Have a reply stand by itself: what it replies to is gone."""
        async with self._lanes() as lanes:
            await lanes.lose_root(parcel, problem=reason)

    async def hush(self, seconds: float) -> None:
        """Be still everywhere."""
        async with self._lanes() as lanes:
            await lanes.hush(timedelta(seconds=seconds))

    async def ended(self, parcel: Parcel, state: State, problem: str) -> None:
        """End a message that did not arrive, and tell those who should know in the same transaction."""
        async with self._store.transaction(actor="courier") as tx:
            told = await notices(tx, parcel, state, problem, leads_channel=self._leads_channel)
            await Outbox(tx.connection).hold([parcel.lane, *(notice.to for notice in told)])
            lanes = Lanes(tx.connection)
            if not await lanes.end(parcel, state, pause=timedelta(), problem=problem):
                return
            for notice in told:
                tx.say(notice)
        self._metrics.messages.labels(state).inc()
        log.warning(
            "a message did not arrive", message=str(parcel.id), state=state, problem=problem
        )

    @contextlib.asynccontextmanager
    async def _lanes(self) -> AsyncIterator[Lanes]:
        async with self._store.transaction(actor="courier") as tx:
            yield Lanes(tx.connection)
