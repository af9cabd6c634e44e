"""What the doctor finds of triage: whether escalations can be posted where they are decided."""

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy.exc import DBAPIError

from store.files import Finding
from store.session import Store, StoreUnavailable

CHOOSE = (
    "Bring it back and type /invite @Wavepost there, or choose another: /wavepost triage #channel."
)


async def triage_findings(database_url: str, client: AsyncWebClient) -> list[Finding]:
    """Whether there is a channel for escalations, as Slack has it, and somebody to decide."""
    store = Store(database_url)
    try:
        async with store.reading() as reading:
            triage = (await reading.triage.now()).triage
    except (StoreUnavailable, DBAPIError):
        return []  # what is wrong with the database is said where it is looked at
    finally:
        await store.close()
    if triage.channel is None:
        return [
            Finding(
                "No channel is chosen for escalations: leads get them as direct messages. "
                "A lead can choose one with /wavepost triage #channel."
            )
        ]
    return [await _channel(client, triage.channel)]


async def _channel(client: AsyncWebClient, channel: str) -> Finding:
    try:
        found = (await client.conversations_info(channel=channel))["channel"]
    except SlackApiError as error:
        why = error.response["error"]
        return Finding(f"The channel of escalations, {channel}, cannot be seen ({why}).", CHOOSE)
    except (aiohttp.ClientError, OSError) as error:
        return Finding(
            f"The channel of escalations cannot be looked at ({type(error).__name__}).",
            "Mend what is said of Slack above.",
        )
    name = found["name"]
    if found.get("is_archived"):
        return Finding(f"#{name}, where escalations are decided, was archived.", CHOOSE)
    if not found.get("is_member"):
        return Finding(f"Wavepost is not in #{name}, where escalations are decided.", CHOOSE)
    return Finding(f"Escalations can be posted in #{name}.")
