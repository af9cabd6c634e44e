"""Where a lane leads in Slack, and whether a message of ours stands there already."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.refusals import NO_THREAD, refusal
from rules.slack_ids import is_person
from store.lanes import Parcel
from store.session import Store

EVENT_TYPE = "wavepost_message"
"""The metadata under which a message carries its outbox id, by which it is found again."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far the database's clock may be from Slack's for a message to be found all the same."""

PAGE = 200


def signature(message: UUID) -> dict[str, Any]:
    """The metadata by which a message is found again; it says nothing to anyone else."""
    return {"event_type": EVENT_TYPE, "event_payload": {"id": str(message)}}


class Whereabouts:
    """Asks Slack where messages go and where they are."""

    def __init__(self, store: Store, client: AsyncWebClient) -> None:
        self._store = store
        self._client = client

    async def place_of(self, lane: str) -> str:
        """What to post to: where a person's DM is not known, the person, for whom Slack opens it.

        Slack lets an app post ten times as often as open conversations.
        Source: https://docs.slack.dev/reference/methods/chat.postMessage
        """
        if not is_person(lane):
            return lane
        async with self._store.reading() as reading:
            return await reading.people.direct_channel(lane) or lane

    async def channel_of(self, lane: str) -> str:
        """The channel of a lane, for all but posting; a person's DM is opened where it is not known.

        Raises:
            SLACK_ERRORS: it could not be opened.
        """
        place = await self.place_of(lane)
        if not is_person(place):
            return place
        opened = await self._client.conversations_open(users=lane)
        channel = str(opened["channel"]["id"])
        async with self._store.transaction(actor="courier") as tx:
            await tx.people.keep_direct_channel(lane, channel)
        return channel

    async def find(self, parcel: Parcel) -> str | None:
        """The ts of the message that is sought in its channel; None where all was read and it is not there.

        Raises:
            SLACK_ERRORS: the channel could not be read to the end.
        """
        channel = await self.channel_of(parcel.lane)
        try:
            return await self._found(channel, parcel, parcel.thread_ts)
        except SlackApiError as error:
            if not parcel.thread_ts or refusal(error).reason not in NO_THREAD:
                raise
            # Whoever replies to what is gone may be heard in the channel, says experience.
            return await self._found(channel, parcel, None)

    async def _found(self, channel: str, parcel: Parcel, thread: str | None) -> str | None:
        cursor: str | None = None
        while True:
            page = await self._page(channel, parcel, thread, cursor)
            for message in page["messages"]:
                if message.get("metadata") == signature(parcel.sought):
                    return str(message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None

    async def _page(
        self, channel: str, parcel: Parcel, thread: str | None, cursor: str | None
    ) -> AsyncSlackResponse:
        wanted: dict[str, Any] = {
            "channel": channel,
            "oldest": f"{(parcel.tried_at - CLOCKS_DIFFER).timestamp():.6f}",
            "include_all_metadata": True,
            "limit": PAGE,
            "cursor": cursor,
        }
        if thread:
            return await self._client.conversations_replies(ts=thread, **wanted)
        return await self._client.conversations_history(**wanted)
