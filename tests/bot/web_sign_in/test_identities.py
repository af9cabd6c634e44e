"""Identities that Slack did not give, or not for us and not for now."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from bot.assembly import assembled
from bot.sandbox.sign_in_keys import make_key
from bot.settings import Settings
from bot.slack_sign_in import NOT_TRUSTED, STRANGER
from rules.roles import Kind
from store.people import PersonRow
from store.session import Store
from tests.bot.open_id_provider import (
    CLIENT,
    Provider,
    Sign,
    by_a_key_nobody_knows,
    by_another_key,
    by_the_public_key,
    no_token,
    served,
    unsigned,
)
from tests.bot.web_sign_in.signing_in import asking, sent_to_slack
from tests.world import counted


@pytest.fixture
async def forger(store: Store) -> AsyncIterator[Provider]:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id="U_ANA", name="Ana", kind=Kind.member)])
    async with served(Provider("U_ANA")) as provider:
        yield provider


@asynccontextmanager
async def at(provider: Provider, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at a Wavepost that believes this provider to be Slack."""
    believing = settings.model_copy(
        update={
            "slack_address": f"{provider.address}/api/",
            "slack_client_id": CLIENT,
            "slack_client_secret": SecretStr("secret"),
        }
    )
    async with assembled(believing) as wavepost, asking(wavepost, str(settings.address)) as browser:
        yield browser


async def come_back(
    provider: Provider, browser: httpx.AsyncClient, code: str = "good"
) -> httpx.Response:
    provider.asked = await sent_to_slack(browser)
    back = {"code": code, "state": provider.asked["state"]}
    return await browser.get("/sign-in/done", params=back)


async def test_what_slack_says_truly_is_believed(forger: Provider, settings: Settings) -> None:
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser)

    assert answer.status_code == 303
    assert "code_challenge" not in forger.asked


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://evil.example"},
        {"aud": "9.9"},
        {"aud": None},
        {"exp": 1},
        {"exp": None},
        {"iat": 9_999_999_999},
        {"nonce": "another"},
        {"nonce": None},
        {"sub": "U_LEA"},
        {"sub": None},
    ],
    ids=str,
)
async def test_an_identity_that_is_not_for_us_or_not_for_now_is_refused(
    claims: dict[str, Any], forger: Provider, settings: Settings, store: Store
) -> None:
    forger.claims = claims
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser)

    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert await counted(store, "web_sessions") == 0


@pytest.mark.parametrize(
    "sign", [unsigned, by_the_public_key, by_another_key, by_a_key_nobody_knows, no_token]
)
async def test_an_identity_that_slack_did_not_sign_is_refused(
    sign: Sign, forger: Provider, settings: Settings, store: Store
) -> None:
    forger.sign = sign
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser)

    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text
    assert await counted(store, "web_sessions") == 0


async def test_who_signs_in_at_another_workspace_is_told_so(
    forger: Provider, settings: Settings
) -> None:
    forger.claims = {"https://slack.com/team_id": "T2"}
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser)

    assert answer.status_code == 400
    assert STRANGER in answer.text


async def test_a_code_that_slack_does_not_know_is_refused(
    forger: Provider, settings: Settings
) -> None:
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser, code="stolen")

    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text


async def test_a_key_that_slack_changed_is_read_anew(forger: Provider, settings: Settings) -> None:
    async with at(forger, settings) as browser:
        await come_back(forger, browser)
        forger.key = make_key()
        answer = await come_back(forger, browser)

    assert answer.status_code == 303


async def test_keys_from_elsewhere_are_not_asked_for(forger: Provider, settings: Settings) -> None:
    forger.elsewhere = True
    async with at(forger, settings) as browser:
        answer = await browser.get("/sign-in/slack")

    assert answer.status_code == 400
    assert NOT_TRUSTED in answer.text


async def test_where_slack_takes_a_proof_of_the_browser_it_gets_one(
    forger: Provider, settings: Settings
) -> None:
    forger.methods = ["S256"]
    async with at(forger, settings) as browser:
        answer = await come_back(forger, browser)

    assert answer.status_code == 303
    assert forger.asked["code_challenge_method"] == "S256"
    assert forger.is_proved
