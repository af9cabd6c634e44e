"""The courier: takes messages from their lanes to Slack, each exactly once as far as anyone can know.

A lease has three parts: a third to get there, a third for Slack to answer (its HTTP time-out is
shorter), and a third in which what Slack was sent settles before anyone else looks for it.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta

import structlog
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.fates import Fates
from bot.metrics import Metrics
from bot.refusals import (
    NO_CHANNEL,
    NO_THREAD,
    NOT_TO_BE_CHANGED,
    SLACK_ERRORS,
    Meaning,
    Refusal,
    refusal,
)
from bot.settings import CourierSettings
from bot.waiting import at_most
from bot.whereabouts import Whereabouts, signature
from handlers.out_of_thread import said_alone
from rules.slack_ids import is_person
from store.lanes import SOUGHT, Errand, Lanes, Parcel
from store.outbox import State
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

NOT_ASKED = {
    Errand.look: "Slack could not be asked whether it arrived",
    Errand.settle: "Slack could not be asked whether what it changes arrived",
}
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
        self._fates = Fates(store, settings, metrics, leads_channel=leads_channel)
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
            async with self._store.transaction(actor="courier") as tx:
                return await Lanes(tx.connection).lease(
                    most=self._free_hands, duration=self._lease, interval=self._interval
                )
        except (StoreUnavailable, OutcomeUnknown) as trouble:
            log.warning("the courier waits for the database", reason=str(trouble))
        except Exception:  # a database that only reads for a while, say, must not end the courier
            log.exception("the lanes could not be leased")
        return []

    async def _carry(self, parcel: Parcel) -> None:
        try:
            await (self._find(parcel) if parcel.errand in SOUGHT else self._send(parcel))
        except (StoreUnavailable, OutcomeUnknown):
            log.warning("an outcome could not be kept; the lease will end", message=str(parcel.id))
        except Exception:  # a message that nobody foresaw holds up its own lane, never the others
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
            await self._fates.again(parcel, 0.0, "the courier was held up")
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
            self._refused_in = None
            await self._fates.delivered(parcel, sent["ts"], opened=sent["channel"])

    async def _said(self, channel: str, parcel: Parcel) -> AsyncSlackResponse:
        words, blocks = said_alone(parcel)
        if parcel.stands_at:
            return await self._client.chat_update(
                channel=channel, ts=parcel.stands_at, text=words, blocks=blocks
            )
        return await self._client.chat_postMessage(
            channel=channel,
            text=words,
            blocks=blocks or None,
            thread_ts=parcel.thread_ts,
            reply_broadcast=(parcel.is_broadcast and parcel.thread_ts is not None) or None,
            # Words without blocks may name a file by its permalink, which then is shown.
            unfurl_links=not blocks,
            unfurl_media=False,
            metadata=signature(parcel.id),
        )

    async def _in_time(self, parcel: Parcel) -> bool:
        """Whether two thirds of the lease are left: else another may look before Slack has answered."""
        async with self._store.reading() as reading:
            return await Lanes(reading.connection).time_left(parcel) > self._lease * 2 / 3

    async def _not_sent(self, parcel: Parcel, refused: Refusal) -> None:
        """Wait, look, say by itself what belonged to a message that is gone, or end."""
        match refused.meaning:
            case Meaning.later:
                await self._fates.again(parcel, refused.seconds, refused.reason)
                if not parcel.stands_at:
                    await self._hush(parcel.lane, refused.seconds)
            case Meaning.perhaps if parcel.stands_at:
                # Made again once the first could no longer come after a newer one.
                await self._fates.again(parcel, self._settings.wait_before_looking, refused.reason)
            case Meaning.perhaps:
                await self._fates.look_later(
                    parcel, self._settings.wait_before_looking, refused.reason
                )
            case Meaning.waits:
                self._slack_is_shut(refused)
                await self._fates.again(parcel, self._patience(parcel), refused.reason)
            case Meaning.never if parcel.stands_at and refused.reason in NOT_TO_BE_CHANGED:
                await self._fates.say_anew(parcel, refused.reason)
            case Meaning.never if parcel.thread_ts and refused.reason in NO_THREAD:
                await self._fates.say_alone(parcel, refused.reason)
            case Meaning.never:
                await self._fates.ended(parcel, State.failed, refused.reason)

    async def _hush(self, lane: str, seconds: float) -> None:
        """Be still everywhere where Slack refuses one lane after another: then it means them all."""
        if self._refused_in not in (None, lane):
            await self._fates.hush(seconds)
        self._refused_in = lane

    async def _find(self, parcel: Parcel) -> None:
        """Look for a message that may have been sent: it is sent, or said anew, only if it is not there."""
        try:
            ts = await self._whereabouts.find(parcel)
        except SLACK_ERRORS as error:
            await self._not_looked(parcel, refusal(error))
            return
        if ts is None:
            await self._fates.missing(parcel, "was not in the channel")
        else:
            self._refused_in = None
            await self._fates.found(parcel, ts)

    async def _not_looked(self, parcel: Parcel, refused: Refusal) -> None:
        """Look again later, or end: only Slack itself failing to answer counts as a failed look."""
        match refused.meaning:
            case Meaning.later:
                await self._fates.look_later(parcel, refused.seconds, refused.reason)
            case Meaning.waits if refused.reason != "missing_scope":
                self._slack_is_shut(refused)
                await self._fates.look_later(parcel, self._patience(parcel), refused.reason)
            case Meaning.perhaps:
                await self._looked_in_vain(parcel, refused.reason)
            case _ if self._settings.repeat_when_unknowable:
                await self._fates.missing(parcel, "the channel cannot be read")
            case _:
                await self._fates.ended(parcel, State.uncertain, "the channel cannot be read")

    async def _looked_in_vain(self, parcel: Parcel, reason: str) -> None:
        if parcel.looks + 1 >= self._settings.most_failed_looks:
            await self._fates.ended(parcel, State.uncertain, NOT_ASKED[parcel.errand])
            return
        pause = self._settings.wait_before_looking
        await self._fates.look_later(parcel, pause, reason, failed_looks=1)

    def _slack_is_shut(self, refused: Refusal) -> None:
        self._metrics.slack_trouble.labels(refused.reason).inc()
        log.error("Slack takes no messages", reason=refused.reason)

    def _patience(self, parcel: Parcel) -> float:
        """Seconds until the next try, twice as long each time."""
        doubled: float = self._settings.look_every * 2 ** min(parcel.tries, MOST_DOUBLINGS)
        return min(LONGEST_PAUSE, doubled)


def _nothing_posted(refused: Refusal) -> Refusal:
    """Opening a DM may be repeated without harm, so an unknown outcome of it is none."""
    if refused.meaning is Meaning.perhaps:
        return replace(refused, meaning=Meaning.waits)
    return refused
