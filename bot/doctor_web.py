"""What `wavepost doctor` finds at the web door: whether it has an address, and a way in by Slack."""

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.slack_sign_in import CALLBACK, SlackSignIn
from handlers.errors import Refused
from store.files import Finding

IDENTITY = ("WAVEPOST_SLACK_CLIENT_ID", "WAVEPOST_SLACK_CLIENT_SECRET")


async def web_findings(settings: Settings, session: aiohttp.ClientSession) -> list[Finding]:
    """What was found at the web door. Nobody has to open it: without an address it is closed, and well."""
    if settings.address is None:
        return [
            Finding(
                "It is closed. To open it, set WAVEPOST_ADDRESS to where people's browsers find it."
            )
        ]
    return [Finding(f"It is at {settings.address}."), await _sign_in(settings, session)]


async def _sign_in(settings: Settings, session: aiohttp.ClientSession) -> Finding:
    secret = settings.slack_client_secret
    given = (settings.slack_client_id, secret)
    if not any(given):
        return Finding("People come in by links from Slack; Sign in with Slack is not set up.")
    if not (settings.address and settings.slack_client_id and secret):
        missing = next(name for name, value in zip(IDENTITY, given, strict=True) if not value)
        return Finding(
            f"Sign in with Slack lacks {missing}.",
            "Copy it from the app's page, under Basic Information, or leave both empty.",
        )
    client = AsyncWebClient(
        token=settings.slack_token.get_secret_value(),
        base_url=settings.slack_address,
        session=session,
    )
    sign_in = SlackSignIn(
        client, session, settings.address, settings.slack_client_id, secret.get_secret_value()
    )
    try:
        await sign_in.begin("/")
    except Refused as refused:
        return Finding(refused.words, "Mend what is said of Slack above.")
    return Finding(
        f"Sign in with Slack is set up. The app's page must list {settings.address}{CALLBACK} "
        "under OAuth & Permissions, Redirect URLs."
    )
