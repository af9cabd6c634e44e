"""The courier: takes messages from their lanes to Slack, each exactly once as far as anyone can know.

A lease has three parts: a third to get there, a third for Slack to answer (its HTTP time-out is
shorter), and a third in which what Slack was sent settles before anyone else looks for it.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.metrics import Metrics
from bot.refusals import (
    NO_CHANNEL,
    NOT_TO_BE_CHANGED,
    SLACK_ERRORS,
    Meaning,
    Refusal,
    refusal,
)
from bot.settings import CourierSettings
from bot.waiting import at_most
from bot.whereabouts import Whereabouts, signature
from handlers.undelivered import notices
from rules.slack_ids import is_person
from store.lanes import Errand, Lanes, Parcel
from store.outbox import Outbox, State
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

LONGEST_PAUSE = 60.0
MOST_DOUBLINGS = 10


class Courier:
    """Leases lanes and delivers what waits at their heads. Any number may run; none needs another."""

    def __init__(
        self,
        store: Store,
        client: AsyncWebClient,
        settings: CourierSettings,
        metrics: Metrics,
        *,
        leads_channel: str,
    ) -> None:
        self._store = store
        self._client = client
        self._whereabouts = Whereabouts(store, client)
        self._settings = settings
        self._metrics = metrics
        self._leads_channel = leads_channel
        self._lease = timedelta(seconds=settings.lease)
        self._interval = timedelta(minutes=1) / settings.workspace_messages_a_minute
        self._free_hands = settings.lanes_at_once
        self._woken = asyncio.Event()
        self._refused_in: str | None = None

    def wake(self) -> None:
        """There may be something to deliver: look now, not at the next turn."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. What was under way then is found again by whoever comes next."""
        async with asyncio.TaskGroup() as hands:
            while True:
                # Cleared before the lanes are read: what is said from now on wakes us again.
                self._woken.clear()
                for parcel in await self._due():
                    self._free_hands -= 1
                    hands.create_task(self._carry(parcel))
                await at_most(self._settings.look_every, self._woken)

    async def _due(self) -> list[Parcel]:
        """What may be taken up now, leased to us."""
        if not self._free_hands:
            return []
        try:
            async with self._lanes() as lanes:
                return await lanes.lease(
                    most=self._free_hands, duration=self._lease, interval=self._interval
                )
        except (StoreUnavailable, OutcomeUnknown) as trouble:
            log.warning("the courier waits for the database", reason=str(trouble))
        except Exception:
            # A database that only reads for a while, say, must not end the courier for good.
            log.exception("the lanes could not be leased")
        return []

    async def _carry(self, parcel: Parcel) -> None:
        try:
            await (self._find(parcel) if parcel.errand is Errand.look else self._send(parcel))
        except (StoreUnavailable, OutcomeUnknown):
            log.warning("an outcome could not be kept; the lease will end", message=str(parcel.id))
        except Exception:
            # One message that nobody foresaw holds up its own lane, never the others.
            log.exception("a message went wrong; the lease will end", message=str(parcel.id))
        finally:
            self._free_hands += 1
            self.wake()

    async def _send(self, parcel: Parcel) -> None:
        await asyncio.sleep(parcel.turn_in)
        if parcel.stands_at:
            await self._open_and_send(parcel)
        else:
            await self._send_to(await self._whereabouts.place_of(parcel.lane), parcel)

    async def _open_and_send(self, parcel: Parcel) -> None:
        try:
            channel = await self._whereabouts.channel_of(parcel.lane)
        except SLACK_ERRORS as error:
            await self._not_sent(parcel, _nothing_posted(refusal(error)))
        else:
            await self._send_to(channel, parcel)

    async def _send_to(self, place: str, parcel: Parcel) -> None:
        if not await self._in_time(parcel):
            await self._again(parcel, 0.0, "the courier was held up")
            return
        try:
            sent = await self._said(place, parcel)
        except SLACK_ERRORS as error:
            refused = refusal(error)
            if is_person(place) and refused.reason == NO_CHANNEL:
                # Of a person Slack says no more than that. Opening the conversation says why.
                await self._open_and_send(parcel)
            else:
                await self._not_sent(parcel, refused)
        else:
            await self._delivered(parcel, sent["ts"], opened=sent["channel"])

    async def _said(self, channel: str, parcel: Parcel) -> AsyncSlackResponse:
        if parcel.stands_at:
            return await self._client.chat_update(
                channel=channel, ts=parcel.stands_at, text=parcel.fallback, blocks=parcel.blocks
            )
        return await self._client.chat_postMessage(
            channel=channel,
            text=parcel.fallback,
            blocks=parcel.blocks or None,
            thread_ts=parcel.thread_ts,
            reply_broadcast=parcel.is_broadcast or None,
            # Words without blocks may name a file by its permalink, which then is shown.
            unfurl_links=not parcel.blocks,
            unfurl_media=False,
            metadata=signature(parcel),
        )

    async def _in_time(self, parcel: Parcel) -> bool:
        """Whether two thirds of the lease are left: else another may look before Slack has answered."""
        async with self._store.reading() as reading:
            return await Lanes(reading.connection).time_left(parcel) > self._lease * 2 / 3

    async def _not_sent(self, parcel: Parcel, refused: Refusal) -> None:
        """Wait, look, say anew what was to change a message that is gone, or end."""
        match refused.meaning:
            case Meaning.later:
                await self._again(parcel, refused.seconds, refused.reason)
                if not parcel.stands_at:
                    await self._hush(parcel.lane, refused.seconds)
            case Meaning.perhaps if parcel.stands_at:
                # Made again once the first could no longer come after a newer one.
                await self._again(parcel, self._settings.wait_before_looking, refused.reason)
            case Meaning.perhaps:
                await self._look_later(parcel, self._settings.wait_before_looking, refused.reason)
            case Meaning.waits:
                self._slack_is_shut(refused)
                await self._again(parcel, self._patience(parcel), refused.reason)
            case Meaning.never if parcel.stands_at and refused.reason in NOT_TO_BE_CHANGED:
                await self._say_anew(parcel, refused.reason)
            case Meaning.never:
                await self._ended(parcel, State.failed, refused.reason)

    async def _say_anew(self, parcel: Parcel, reason: str) -> None:
        """Have a message of its own say what nobody would read otherwise.

        Retention takes messages, and people do; what changed them is news all the same.
        """
        async with self._lanes() as lanes:
            await lanes.lose(parcel, problem=reason)

    async def _hush(self, lane: str, seconds: float) -> None:
        """Be still everywhere where Slack refuses one lane after another: then it means them all."""
        if self._refused_in not in (None, lane):
            async with self._lanes() as lanes:
                await lanes.hush(timedelta(seconds=seconds))
        self._refused_in = lane

    async def _find(self, parcel: Parcel) -> None:
        """Look for a message that may have been sent, and send it again only if it is not there."""
        try:
            ts = await self._whereabouts.find(parcel)
        except SLACK_ERRORS as error:
            await self._not_looked(parcel, refusal(error))
            return
        if ts is None:
            await self._again(parcel, 0.0, "was not in the channel")
        else:
            await self._delivered(parcel, ts)

    async def _not_looked(self, parcel: Parcel, refused: Refusal) -> None:
        """Look again later, or end: only Slack itself failing to answer counts as a failed look."""
        match refused.meaning:
            case Meaning.later:
                await self._look_later(parcel, refused.seconds, refused.reason)
            case Meaning.waits if refused.reason != "missing_scope":
                self._slack_is_shut(refused)
                await self._look_later(parcel, self._patience(parcel), refused.reason)
            case Meaning.perhaps:
                await self._looked_in_vain(parcel, refused.reason)
            case _ if self._settings.repeat_when_unknowable:
                await self._again(parcel, 0.0, "the channel cannot be read")
            case _:
                await self._ended(parcel, State.uncertain, "the channel cannot be read")

    async def _looked_in_vain(self, parcel: Parcel, reason: str) -> None:
        if parcel.looks + 1 >= self._settings.most_failed_looks:
            problem = "Slack could not be asked whether it arrived"
            await self._ended(parcel, State.uncertain, problem)
            return
        pause = self._settings.wait_before_looking
        await self._look_later(parcel, pause, reason, failed_looks=1)

    async def _delivered(self, parcel: Parcel, ts: str, *, opened: str | None = None) -> None:
        """End a message; `opened` is the channel in which a person heard it."""
        self._refused_in = None
        pause = timedelta(seconds=self._settings.pause_between_messages)
        async with self._store.transaction(actor="courier") as tx:
            if opened and is_person(parcel.lane):
                await tx.people.keep_direct_channel(parcel.lane, opened)
            ended = await Lanes(tx.connection).end(parcel, State.delivered, pause=pause, ts=ts)
        if ended:
            self._metrics.messages.labels(State.delivered).inc()

    async def _again(self, parcel: Parcel, seconds: float, problem: str) -> None:
        async with self._lanes() as lanes:
            pause = timedelta(seconds=seconds)
            await lanes.again(parcel, State.waiting, pause=pause, problem=problem)

    async def _look_later(
        self, parcel: Parcel, seconds: float, problem: str, *, failed_looks: int = 0
    ) -> None:
        async with self._lanes() as lanes:
            await lanes.again(
                parcel,
                State.unknown,
                pause=timedelta(seconds=seconds),
                problem=problem,
                failed_looks=failed_looks,
            )

    async def _ended(self, parcel: Parcel, state: State, problem: str) -> None:
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

    def _slack_is_shut(self, refused: Refusal) -> None:
        self._metrics.slack_trouble.labels(refused.reason).inc()
        log.error("Slack takes no messages", reason=refused.reason)

    def _patience(self, parcel: Parcel) -> float:
        """Seconds until the next try, twice as long each time."""
        doubled: float = self._settings.look_every * 2 ** min(parcel.tries, MOST_DOUBLINGS)
        return min(LONGEST_PAUSE, doubled)

    @contextlib.asynccontextmanager
    async def _lanes(self) -> AsyncIterator[Lanes]:
        async with self._store.transaction(actor="courier") as tx:
            yield Lanes(tx.connection)


def _nothing_posted(refused: Refusal) -> Refusal:
    """Opening a DM may be repeated without harm, so an unknown outcome of it is none."""
    if refused.meaning is Meaning.perhaps:
        return replace(refused, meaning=Meaning.waits)
    return refused
