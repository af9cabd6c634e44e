"""Events the app subscribed to, with Slack's envelope and retries.

Source: https://docs.slack.dev/apis/events-api
"""

import asyncio
from collections.abc import Coroutine

from bot.sandbox.clock import Clock
from bot.sandbox.delivery import Delivery, Kind, Parcel, Receipt
from bot.sandbox.ids import fresh_id
from bot.sandbox.json_types import Json
from bot.sandbox.manifest import Manifest
from bot.sandbox.rates import Rates
from bot.sandbox.workspace import Directory

# "nearly immediately", "after 1 minute", "after 5 minutes"
RETRY_AFTER = (0.0, 60.0, 300.0)


class Events:
    """Tells the app what happened, in the background."""

    def __init__(
        self,
        manifest: Manifest,
        directory: Directory,
        delivery: Delivery,
        rates: Rates,
        clock: Clock,
    ) -> None:
        self._manifest = manifest
        self._directory = directory
        self._delivery = delivery
        self._rates = rates
        self._clock = clock
        self._limited_in = 0
        self._underway: set[asyncio.Task[None]] = set()

    def tell(self, subscription: str, event: Json) -> None:
        """Start delivering an event, if the app subscribed to it and had not too many."""
        if subscription not in self._manifest.events:
            return
        if self._rates.admit_event():
            self._start(self._deliver(event["type"], self._envelope(event)))
        else:
            self._tell_limited()

    def _tell_limited(self) -> None:
        """Say once a minute that events are lost.

        Source: https://docs.slack.dev/reference/events/app_rate_limited; how often is unsourced.
        """
        minute = int(self._clock.now()) // 60 * 60
        if minute == self._limited_in:
            return
        self._limited_in = minute
        payload = {
            "token": "deprecated",
            "type": "app_rate_limited",
            "team_id": self._directory.team.id,
            "minute_rate_limited": minute,
            "api_app_id": self._directory.app.app_id,
        }
        self._start(self._deliver("app_rate_limited", payload))

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._underway.add(task)
        task.add_done_callback(self._underway.discard)

    def _envelope(self, event: Json) -> Json:
        now = int(self._clock.machine())
        event_id = fresh_id("Ev")
        identity = self._directory.app
        return {
            "token": "deprecated",
            "team_id": self._directory.team.id,
            "context_team_id": self._directory.team.id,
            "context_enterprise_id": None,
            "api_app_id": identity.app_id,
            "event": {"event_ts": f"{now}.000000"} | event,
            "type": "event_callback",
            "event_id": event_id,
            "event_time": now,
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": self._directory.team.id,
                    "user_id": identity.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": False,
            "event_context": f"4-{event_id}",
        }

    async def _deliver(self, name: str, envelope: Json) -> None:
        receipt = await self._delivery.send(Parcel(Kind.event, name, envelope))
        for number, wait in enumerate(RETRY_AFTER, start=1):
            if receipt.is_taken or receipt.no_retry:
                return
            await self._clock.sleep(wait)
            again = Parcel(Kind.event, name, envelope, number, _reason(receipt))
            receipt = await self._delivery.send(again)

    async def settle(self) -> None:
        """Wait until no first delivery or due retry is under way."""
        while self._underway:
            await asyncio.wait(self._underway, return_when=asyncio.FIRST_COMPLETED)

    async def close(self) -> None:
        """Give up whatever is still under way."""
        for task in self._underway:
            task.cancel()
        await asyncio.gather(*self._underway, return_exceptions=True)


def _reason(receipt: Receipt) -> str:
    # Source: https://docs.slack.dev/apis/events-api#errors
    if receipt.failure == "timeout":
        return "http_timeout"
    if receipt.failure:
        return "connection_failed"
    return "http_error"
