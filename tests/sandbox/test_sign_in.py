"""Sign in with Slack, as an app and a browser see it."""

import base64
import hashlib
import re
import time
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import aiohttp
import jwt
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.oauth import OpenIDConnectAuthorizeUrlGenerator
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .workspaces import manifest, workspace

CALLBACK = "https://app.test/signed-in"
# slack_sdk names the client in a way that aiohttp will give up.
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """With an app that people can sign in to."""
    app = manifest()
    app["oauth_config"]["redirect_urls"] = ["https://other.test/", CALLBACK]
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        yield sandbox


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(base_url=sandbox.api_address)


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def asked(sandbox: Sandbox, **changes: str) -> dict[str, str]:
    """What the app sends the browser with."""
    return {
        "response_type": "code",
        "client_id": sandbox.world.credentials.client_id,
        "scope": "openid email profile",
        "redirect_uri": CALLBACK,
        "state": "the state",
        "nonce": "once",
    } | changes


async def sign_in(
    sandbox: Sandbox, browser: aiohttp.ClientSession, user: str, **changes: str
) -> dict[str, str]:
    """Choose a person on the page; gives what the app's address is called with."""
    form = asked(sandbox, **changes) | {"user": user}
    address = f"{sandbox.address}/openid/connect/authorize"
    async with browser.post(address, data=form, allow_redirects=False) as answer:
        assert answer.status == 303, await answer.text()
        went = urlsplit(answer.headers["Location"])
    assert f"{went.scheme}://{went.netloc}{went.path}" == form["redirect_uri"]
    return {name: values[0] for name, values in parse_qs(went.query).items()}


async def exchange(sandbox: Sandbox, code: str, **changes: str) -> Json:
    known = sandbox.world.credentials
    given = {
        "client_id": known.client_id,
        "client_secret": known.client_secret,
        "code": code,
        "redirect_uri": CALLBACK,
    } | changes
    client = AsyncWebClient(base_url=sandbox.api_address)
    answer = await client.openid_connect_token(**given)
    assert isinstance(answer.data, dict)
    return answer.data


def claims(token: str, keys: Json) -> Json:
    """The claims of a token, once its signature proved to be of one of the keys."""
    key = jwt.PyJWKSet.from_dict(keys)[jwt.get_unverified_header(token)["kid"]]
    read: Json = jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False})
    return read


@pytest.mark.proves("Sign in with Slack")
async def test_the_page_asks_who_you_are(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    generator = OpenIDConnectAuthorizeUrlGenerator(
        client_id=sandbox.world.credentials.client_id,
        redirect_uri=CALLBACK,
        scopes=["openid", "email"],
        authorization_url=f"{sandbox.address}/openid/connect/authorize",
    )
    async with browser.get(generator.generate(state='"><b>', nonce="once")) as answer:
        page = await answer.text()
    assert answer.status == 200
    assert "Sign in to Postbox with your Bakery account" in page
    assert "will learn who you are and your email address." in page
    offered = re.findall(r'name="user" value="(\w+)">([^<]+)', page)
    assert offered[0] == (ana.id, "Ana Ito")
    assert [name for _, name in offered] == ["Ana Ito", "Bo Li", "Gus Guest"]
    assert 'name="state" value="&quot;&gt;&lt;b&gt;"' in page


@pytest.mark.proves("Sign in with Slack")
@pytest.mark.proves("openid.connect.token")
async def test_whoever_signs_in_is_known_to_the_app(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    back = await sign_in(sandbox, browser, ana.id)
    assert back["state"] == "the state"
    answer = await exchange(sandbox, back["code"])
    assert answer["token_type"] == "Bearer"
    assert answer["access_token"].startswith("xoxp-")

    async with browser.get(f"{sandbox.address}/.well-known/openid-configuration") as found:
        known = await found.json()
    async with browser.get(known["jwks_uri"]) as found:
        keys = await found.json()
    said = claims(answer["id_token"], keys)
    assert said["iss"] == known["issuer"] == "https://slack.com"
    assert said["aud"] == sandbox.world.credentials.client_id
    assert said["sub"] == said["https://slack.com/user_id"] == ana.id
    assert said["https://slack.com/team_id"] == sandbox.world.directory.team.id
    assert said["nonce"] == "once"
    assert (said["email"], said["name"]) == ("ana@bakery.test", "Ana Ito")
    assert said["iat"] <= time.time() < said["exp"]
    half = hashlib.sha256(answer["access_token"].encode()).digest()[:16]
    assert said["at_hash"] == base64.urlsafe_b64encode(half).rstrip(b"=").decode()


@pytest.mark.proves("openid.connect.userInfo")
async def test_the_token_tells_as_much_as_was_agreed_to(
    sandbox: Sandbox, browser: aiohttp.ClientSession, client: AsyncWebClient, ana: Person
) -> None:
    back = await sign_in(sandbox, browser, ana.id, scope="openid,email")
    token = (await exchange(sandbox, back["code"]))["access_token"]
    told = await client.openid_connect_userInfo(token=token)
    assert (told["sub"], told["email"]) == (ana.id, "ana@bakery.test")
    assert told.get("name") is None


@pytest.mark.proves("Sign in with Slack", "access_denied")
async def test_a_person_can_change_their_mind(
    sandbox: Sandbox, browser: aiohttp.ClientSession
) -> None:
    back = await sign_in(sandbox, browser, "", cancel="1")
    assert back == {"error": "access_denied", "state": "the state"}


@pytest.mark.proves("Sign in with Slack")
async def test_an_address_of_the_app_keeps_its_own_query(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    address = f"{sandbox.address}/openid/connect/authorize"
    form = asked(sandbox, redirect_uri=CALLBACK + "?from=here", state="") | {"user": ana.id}
    async with browser.post(address, data=form, allow_redirects=False) as answer:
        assert answer.headers["Location"].startswith(CALLBACK + "?from=here&code=")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"redirect_uri": ""}, "bad_redirect_uri"),
        ({"redirect_uri": "https://evil.test/signed-in"}, "bad_redirect_uri"),
        ({"redirect_uri": CALLBACK + "-elsewhere"}, "bad_redirect_uri"),
        ({"redirect_uri": CALLBACK + "/../else"}, "bad_redirect_uri"),
        ({"redirect_uri": CALLBACK.replace("https", "http")}, "bad_redirect_uri"),
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"scope": "email"}, "invalid_scope"),
        ({"scope": "openid chat:write"}, "invalid_scope"),
    ],
)
@pytest.mark.proves("Sign in with Slack", "{error}")
async def test_a_wrong_request_is_refused_without_sending_the_browser_anywhere(
    sandbox: Sandbox,
    browser: aiohttp.ClientSession,
    ana: Person,
    changes: dict[str, str],
    error: str,
) -> None:
    address = f"{sandbox.address}/openid/connect/authorize"
    given = asked(sandbox, **changes)
    async with browser.get(address, params=given) as answer:
        assert (answer.status, error in await answer.text()) == (400, True)
    form = given | {"user": ana.id}
    async with browser.post(address, data=form, allow_redirects=False) as answer:
        assert (answer.status, error in await answer.text()) == (400, True)


@pytest.mark.parametrize("path", ["/deeper", "/deeper/still?x=1"])
@pytest.mark.proves("Sign in with Slack")
async def test_an_address_below_the_apps_own_is_good(
    sandbox: Sandbox, browser: aiohttp.ClientSession, path: str
) -> None:
    given = asked(sandbox, redirect_uri=CALLBACK + path)
    address = f"{sandbox.address}/openid/connect/authorize"
    async with browser.get(address, params=given) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("name", ["sam", "old", "postbox", "nobody"])
@pytest.mark.proves("Sign in with Slack", "user_not_found")
async def test_strangers_bots_and_the_deactivated_cannot_sign_in(
    sandbox: Sandbox, browser: aiohttp.ClientSession, name: str
) -> None:
    user = sandbox.world.directory.user(name)
    form = asked(sandbox) | {"user": user.id if user else name}
    address = f"{sandbox.address}/openid/connect/authorize"
    async with browser.post(address, data=form, allow_redirects=False) as answer:
        assert (answer.status, "user_not_found" in await answer.text()) == (400, True)


@pytest.mark.proves("openid.connect.token", "invalid_code")
async def test_a_code_is_good_once(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    code = (await sign_in(sandbox, browser, ana.id))["code"]
    assert (await exchange(sandbox, code))["ok"]
    with pytest.raises(SlackApiError, match="'invalid_code'"):
        await exchange(sandbox, code)


@pytest.mark.proves("openid.connect.token", "invalid_code")
async def test_a_code_is_good_for_ten_minutes(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    code = (await sign_in(sandbox, browser, ana.id))["code"]
    sandbox.clock.advance(601)
    with pytest.raises(SlackApiError, match="'invalid_code'"):
        await exchange(sandbox, code)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"client_id": "1.2"}, "invalid_client_id"),
        ({"client_secret": "guess"}, "bad_client_secret"),
        ({"code": "guess"}, "invalid_code"),
        ({"redirect_uri": "https://other.test/"}, "bad_redirect_uri"),
        ({"grant_type": "refresh_token"}, "invalid_grant_type"),
    ],
)
@pytest.mark.proves("openid.connect.token", "{error}")
async def test_a_wrong_exchange_is_refused(
    sandbox: Sandbox,
    browser: aiohttp.ClientSession,
    ana: Person,
    changes: dict[str, str],
    error: str,
) -> None:
    code = (await sign_in(sandbox, browser, ana.id))["code"]
    with pytest.raises(SlackApiError, match=f"'{error}'"):
        await exchange(sandbox, **({"code": code} | changes))


@pytest.mark.proves("openid.connect.token")
async def test_the_client_may_name_itself_in_the_body_as_well_as_in_the_header(
    sandbox: Sandbox, browser: aiohttp.ClientSession, ana: Person
) -> None:
    known = sandbox.world.credentials
    address = sandbox.api_address + "openid.connect.token"
    form = {
        "code": (await sign_in(sandbox, browser, ana.id))["code"],
        "redirect_uri": CALLBACK,
        "grant_type": "authorization_code",
        "client_id": known.client_id,
        "client_secret": known.client_secret,
    }
    async with browser.post(address, data=form) as answer:
        assert (await answer.json())["ok"] is True
    async with browser.post(address, data=form, headers={"Authorization": "Basic ?"}) as answer:
        assert (await answer.json())["error"] == "invalid_auth"


@pytest.mark.parametrize(
    ("token", "error"),
    [("", "not_authed"), ("xoxp-guess", "invalid_auth"), ("bot", "not_allowed_token_type")],
)
@pytest.mark.proves("openid.connect.userInfo", "{error}")
async def test_only_a_persons_own_token_tells_of_them(
    sandbox: Sandbox, client: AsyncWebClient, token: str, error: str
) -> None:
    given = sandbox.bot_token if token == "bot" else token
    with pytest.raises(SlackApiError, match=f"'{error}'"):
        await client.openid_connect_userInfo(token=given)


@pytest.mark.proves("openid.connect.userInfo", "account_inactive")
async def test_a_deactivated_persons_token_is_dead(
    sandbox: Sandbox, browser: aiohttp.ClientSession, client: AsyncWebClient, ana: Person
) -> None:
    back = await sign_in(sandbox, browser, ana.id)
    token = (await exchange(sandbox, back["code"]))["access_token"]
    sandbox.people.deactivate("ana")
    with pytest.raises(SlackApiError, match="'account_inactive'"):
        await client.openid_connect_userInfo(token=token)
