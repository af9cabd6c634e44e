"""The pages put together: who comes in, who is in, and the headers that all answers carry."""

import aiohttp
from fastapi import FastAPI
from slack_sdk.web.async_client import AsyncWebClient
from starlette.exceptions import HTTPException

from bot.cookies import Cookies
from bot.mailer import mailer
from bot.page_answers import unanswered
from bot.page_door import Guard, PageDoor
from bot.portal_door import PortalDoor
from bot.settings import Settings
from bot.sign_in_door import SignInDoor
from bot.slack_sign_in import SlackSignIn
from bot.static_files import static_files
from bot.web_headers import HEADERS, STRICT_TRANSPORT, WithHead, WithHeaders
from handlers import pages, portal
from handlers.doors import ROOT
from store.files import Files
from store.session import Store


def open_pages(
    app: FastAPI,
    settings: Settings,
    store: Store,
    files: Files | None,
    client: AsyncWebClient,
    session: aiohttp.ClientSession,
) -> None:
    """Add every page, and the ways in, to what is served."""
    is_https = (settings.address or "").startswith("https://")
    guard = Guard(store, Cookies(secure=is_https), settings.address)
    app.include_router(PageDoor(guard, pages(), settings.deadline, files).router())
    coming_in = SignInDoor(
        guard,
        client,
        _sign_in(settings, client, session),
        ask_in_slack=f"{settings.commands[ROOT]} web",
        seconds=settings.courier.http_timeout * 3,
    )
    app.include_router(coming_in.router())
    app.include_router(static_files())
    app.include_router(
        PortalDoor(guard, portal(), settings.deadline, files, mailer(settings.smtp)).router()
    )
    app.add_exception_handler(HTTPException, unanswered)
    app.add_middleware(WithHead)
    app.add_middleware(WithHeaders, headers=HEADERS | (STRICT_TRANSPORT if is_https else {}))


def _sign_in(
    settings: Settings, client: AsyncWebClient, session: aiohttp.ClientSession
) -> SlackSignIn | None:
    """The way in by Slack; None where it is not set up."""
    secret = settings.slack_client_secret
    if not (settings.address and settings.slack_client_id and secret):
        return None
    return SlackSignIn(
        client, session, settings.address, settings.slack_client_id, secret.get_secret_value()
    )
