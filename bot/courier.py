"""The courier: takes messages from their lanes to Slack, each exactly once as far as anyone can know."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from enum import Enum
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.metrics import Metrics
from bot.settings import CourierSettings
from handlers.undelivered import tell_undelivered
from store.lanes import Errand, Lanes, Parcel
from store.outbox import State
from store.session import Store, StoreUnavailable

log = structlog.get_logger(__name__)

EVENT_TYPE = "wavepost_message"
"""The metadata under which a message carries its outbox id, by which it is found again."""

MAYBE_SENT = frozenset(
    {"internal_error", "fatal_error", "request_timeout", "service_unavailable", "server_error"}
)
"""Errors after which the message may stand in the channel all the same (Slack says so of the first two)."""

TOKEN_TROUBLE = frozenset(
    {
        "account_inactive",
        "token_revoked",
        "token_expired",
        "invalid_auth",
        "not_authed",
        "missing_scope",
    }
)
"""Errors that no message is at fault for: everything waits until an admin has mended the app."""

UNREADABLE = frozenset({"missing_scope", "not_in_channel", "channel_not_found", "no_permission"})
LONGEST_PAUSE = 60.0
PAGES_LOOKED_THROUGH = 5
PERSON = ("U", "W")


class Look(Enum):
    """What came of looking for a message in its channel."""

    absent = "absent"
    unreadable = "unreadable"
    failed = "failed"


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
        self._settings = settings
        self._metrics = metrics
        self._leads_channel = leads_channel
        self._id = uuid4()
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """There may be something to deliver: look now, not at the next turn."""
        self._woken.set()

    async def run(self) -> None:
        """Deliver until cancelled. What was under way then is found again by whoever comes next."""
        while True:
            self._woken.clear()
            try:
                busy = await self.deliver_due()
            except StoreUnavailable:
                log.warning("the courier waits for the database")
                busy = False
            if not busy:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), self._settings.look_every)

    async def deliver_due(self) -> bool:
        """Take one round of free lanes; True if there were any."""
        lease = timedelta(seconds=self._settings.lease)
        async with self._store.transaction(actor="courier") as tx:
            lanes = Lanes(tx.connection, self._id)
            parcels = await lanes.lease(most=self._settings.lanes_at_once, lease=lease)
        async with asyncio.TaskGroup() as rounds:
            for parcel in parcels:
                rounds.create_task(self._take(parcel))
        return bool(parcels)

    async def _take(self, parcel: Parcel) -> None:
        try:
            await (self._send(parcel) if parcel.errand is Errand.send else self._find(parcel))
        except StoreUnavailable:
            log.warning("an outcome could not be kept; the lease will end", message=str(parcel.id))

    async def _send(self, parcel: Parcel) -> None:
        await self._wait_for_turn()
        try:
            channel = await self._channel_of(parcel)
        except (SlackApiError, OSError, TimeoutError) as error:
            await self._not_sent(parcel, error)
            return
        try:
            sent = await self._client.chat_postMessage(
                channel=channel,
                text=parcel.fallback,
                blocks=parcel.blocks or None,
                thread_ts=parcel.thread_ts,
                unfurl_links=False,
                unfurl_media=False,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"id": str(parcel.id)}},
            )
        except SlackApiError as error:
            await self._not_sent(parcel, error)
        except ConnectionRefusedError as error:
            await self._not_sent(parcel, error)
        except (OSError, TimeoutError) as error:
            await self._unknown(parcel, f"no answer from Slack ({type(error).__name__})")
        else:
            await self._delivered(parcel, sent["ts"])

    async def _not_sent(self, parcel: Parcel, error: Exception) -> None:
        """Sort out an error: wait, look, or end."""
        reason = _reason(error)
        if reason == "ratelimited":
            await self._again(parcel, _retry_after(error), reason)
        elif reason in MAYBE_SENT:
            await self._unknown(parcel, reason)
        elif reason in TOKEN_TROUBLE or not isinstance(error, SlackApiError):
            self._metrics.slack_trouble.labels(reason).inc()
            log.error("Slack takes no messages", reason=reason)
            await self._again(parcel, min(LONGEST_PAUSE, 2.0**parcel.tries), reason)
        else:
            await self._ended(parcel, State.failed, reason)

    async def _find(self, parcel: Parcel) -> None:
        """Look for a message that may have been sent, and send it again only if it is not there."""
        found = await self._look(parcel)
        match found:
            case str():
                await self._delivered(parcel, found)
            case Look.absent:
                await self._again(parcel, 0.0, "was not in the channel")
            case Look.unreadable if self._settings.repeat_when_unknowable:
                await self._again(parcel, 0.0, "the channel cannot be read")
            case Look.unreadable:
                await self._ended(parcel, State.uncertain, "the channel cannot be read")
            case Look.failed:
                await self._looked_in_vain(parcel)

    async def _looked_in_vain(self, parcel: Parcel) -> None:
        if parcel.looks + 1 >= self._settings.most_failed_looks:
            await self._ended(
                parcel, State.uncertain, "Slack could not be asked whether it arrived"
            )
            return
        async with self._lanes() as lanes:
            pause = timedelta(seconds=self._settings.wait_before_looking)
            await lanes.again(parcel, State.unknown, pause=pause, failed_looks=1)

    async def _look(self, parcel: Parcel) -> str | Look:
        """The ts of the message in its channel, or why there is none."""
        try:
            channel = await self._channel_of(parcel)
            cursor: str | None = None
            for _ in range(PAGES_LOOKED_THROUGH):
                page = await self._page(channel, parcel, cursor)
                for message in page["messages"]:
                    if _outbox_id(message) == str(parcel.id):
                        return str(message["ts"])
                cursor = (page.get("response_metadata") or {}).get("next_cursor")
                if not cursor:
                    break
        except SlackApiError as error:
            return Look.unreadable if _reason(error) in UNREADABLE else Look.failed
        except (OSError, TimeoutError):
            return Look.failed
        return Look.absent

    async def _page(self, channel: str, parcel: Parcel, cursor: str | None) -> Any:  # noqa: ANN401 - Slack's answer
        since = str(parcel.tried_at.timestamp() - LONGEST_PAUSE)
        if parcel.thread_ts:
            return await self._client.conversations_replies(
                channel=channel,
                ts=parcel.thread_ts,
                oldest=since,
                include_all_metadata=True,
                cursor=cursor,
            )
        return await self._client.conversations_history(
            channel=channel, oldest=since, include_all_metadata=True, cursor=cursor
        )

    async def _channel_of(self, parcel: Parcel) -> str:
        """The channel of a lane; a person's DM is opened once and then known."""
        if not parcel.lane.startswith(PERSON):
            return parcel.lane
        async with self._store.reading() as reading:
            known = await reading.people.direct_channel(parcel.lane)
        if known:
            return known
        opened = await self._client.conversations_open(users=parcel.lane)
        channel = str(opened["channel"]["id"])
        async with self._store.transaction(actor="courier") as tx:
            await tx.people.keep_direct_channel(parcel.lane, channel)
        return channel

    async def _wait_for_turn(self) -> None:
        interval = timedelta(minutes=1) / self._settings.workspace_messages_a_minute
        async with self._lanes() as lanes:
            seconds = await lanes.turn(interval)
        await asyncio.sleep(seconds)

    async def _delivered(self, parcel: Parcel, ts: str) -> None:
        async with self._lanes() as lanes:
            pause = timedelta(seconds=self._settings.pause_between_messages)
            await lanes.end(parcel, State.delivered, pause=pause, ts=ts)
        self._metrics.messages.labels(State.delivered).inc()

    async def _unknown(self, parcel: Parcel, problem: str) -> None:
        async with self._lanes() as lanes:
            pause = timedelta(seconds=self._settings.wait_before_looking)
            await lanes.again(parcel, State.unknown, pause=pause, problem=problem)

    async def _again(self, parcel: Parcel, seconds: float, problem: str) -> None:
        async with self._lanes() as lanes:
            pause = timedelta(seconds=seconds)
            await lanes.again(parcel, State.waiting, pause=pause, problem=problem)

    async def _ended(self, parcel: Parcel, state: State, problem: str) -> None:
        """End a message that did not arrive, and tell those who should know in the same transaction."""
        async with self._store.transaction(actor="courier") as tx:
            lanes = Lanes(tx.connection, self._id)
            await lanes.end(parcel, state, pause=timedelta(), problem=problem)
            await tell_undelivered(tx, parcel, problem, leads_channel=self._leads_channel)
        self._metrics.messages.labels(state).inc()
        log.warning(
            "a message did not arrive", message=str(parcel.id), state=state, problem=problem
        )

    @contextlib.asynccontextmanager
    async def _lanes(self) -> AsyncIterator[Lanes]:
        async with self._store.transaction(actor="courier") as tx:
            yield Lanes(tx.connection, self._id)


def _reason(error: Exception) -> str:
    """Slack's own word for what went wrong."""
    if not isinstance(error, SlackApiError):
        return f"Slack could not be reached ({type(error).__name__})"
    if error.response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "server_error"
    data = error.response.data
    return str(data.get("error", "unknown_error")) if isinstance(data, dict) else "server_error"


def _retry_after(error: Exception) -> float:
    headers = error.response.headers if isinstance(error, SlackApiError) else {}
    return float(headers.get("Retry-After", 1))


def _outbox_id(message: dict[str, Any]) -> str | None:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != EVENT_TYPE:
        return None
    return str((metadata.get("event_payload") or {}).get("id"))
