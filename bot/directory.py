"""Fill the directory from Slack: in the background at the start, and once a night."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from handlers.announcement_holding import hold_back
from handlers.directory import channel_of, group_of, person_of
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

PAGE = 200
MOST_RETRIES = 10

Listing = Callable[..., Awaitable[AsyncSlackResponse]]
"""A method of Slack's that lists something, a page at a call."""


async def refresh(store: Store, client: AsyncWebClient, *, leads_channel: str) -> None:
    """Read people, channels, memberships and user groups, page by page, waiting where Slack says so.

    Nothing waits for it: a person who asks before they are listed is looked up then. What waits for a
    channel that others are found to read is not sent there, which leads are told of.
    """
    patient = _patient(client)
    try:
        team = str((await patient.auth_test())["team_id"])
        await _people(store, patient, team, leads_channel)
        await _channels(store, patient, leads_channel)
        await _groups(store, patient)
    except (SlackApiError, StoreUnavailable, OutcomeUnknown, ClientError, OSError) as trouble:
        log.warning(
            "the directory could not be refreshed; tonight it is tried again", reason=str(trouble)
        )
    else:
        log.info("the directory is fresh")


async def _people(store: Store, client: AsyncWebClient, team: str, leads_channel: str) -> None:
    async for page in _pages(client.users_list, "members"):
        async with store.transaction(actor="slack") as tx:
            people = [person_of(user, team) for user in page]
            await tx.people.keep(people)
            entered = await tx.channels.of_strangers(person.id for person in people)
            await hold_back(tx, entered, leads_channel=leads_channel)


async def _channels(store: Store, client: AsyncWebClient, leads_channel: str) -> None:
    joined: list[str] = []
    async for page in _pages(
        client.conversations_list, "channels", types="public_channel,private_channel"
    ):
        channels = [channel_of(channel) for channel in page]
        joined += [channel.id for channel in channels if channel.joined and not channel.archived]
        async with store.transaction(actor="slack") as tx:
            await tx.channels.keep(channels)
            ids = [channel.id for channel in channels]
            await hold_back(tx, ids, leads_channel=leads_channel)
    for channel in joined:
        members = [
            member
            async for page in _pages(client.conversations_members, "members", channel=channel)
            for member in page
        ]
        async with store.transaction(actor="slack") as tx:
            await tx.channels.keep_members(channel, members)
            await hold_back(tx, [channel], leads_channel=leads_channel)


async def _groups(store: Store, client: AsyncWebClient) -> None:
    answer = await client.usergroups_list(include_users=True)
    async with store.transaction(actor="slack") as tx:
        await tx.channels.keep_groups([group_of(group) for group in answer["usergroups"]])


async def _pages(method: Listing, items: str, **arguments: object) -> AsyncIterator[list[Any]]:
    cursor: str | None = None
    while True:
        answer = await method(limit=PAGE, cursor=cursor, **arguments)
        yield answer[items]
        cursor = (answer.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return
        await asyncio.sleep(0)


def _patient(client: AsyncWebClient) -> AsyncWebClient:
    """A client of its own that waits when Slack asks it to."""
    return AsyncWebClient(
        token=client.token,
        base_url=client.base_url,
        session=client.session,
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=MOST_RETRIES)],
    )
