"""Sign in with Slack: OpenID Connect, from sending the browser away to knowing who came back.

Source: https://docs.slack.dev/authentication/sign-in-with-slack and OpenID Connect Core 1.0, 3.1.
"""

import hashlib
import hmac
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit

import aiohttp
import jwt
import structlog
from pydantic import TypeAdapter, ValidationError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from handlers.errors import Refused

log = structlog.get_logger(__name__)

ISSUER = "https://slack.com"
ALGORITHM = "RS256"
USER, TEAM = "https://slack.com/user_id", "https://slack.com/team_id"
CONFIGURATION = "/.well-known/openid-configuration"
CALLBACK = "/sign-in/done"
LEEWAY = 60
"""Seconds by which Slack's clock and ours may differ."""
CONFIGURATION_SECONDS = 3_600

CANCELLED = "You went back without signing in, so you are not signed in."
TOO_OLD = (
    "This sign-in was begun in another tab or too long ago, so you are not signed in. "
    "Please begin again."
)
NOT_TRUSTED = "What came back could not be trusted, so you are not signed in. Please try again."
UNREACHABLE = (
    "Slack does not answer just now, so you are not signed in. Please try again in a minute."
)
STRANGER = "You chose a workspace that is not ours, so you are not signed in. Please choose ours."


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that began: what the browser keeps meanwhile, and `next`, where it goes afterwards."""

    state: str
    nonce: str
    verifier: str
    next: str

    def kept(self) -> str:
        """As a cookie holds it."""
        return urlsafe_b64encode(_BEGUN.dump_json(self)).decode()

    @classmethod
    def read(cls, kept: str) -> "Begun | None":
        """What a cookie held; None where it is not one of ours."""
        try:
            return _BEGUN.validate_json(urlsafe_b64decode(kept))
        except (ValidationError, ValueError):
            return None


_BEGUN = TypeAdapter(Begun)


@dataclass(slots=True)
class Provider:
    """What Slack tells of its doors, and the keys that it signs with, as they were last read."""

    authorize: str
    keys_at: str
    takes_pkce: bool
    read_at: float
    keys: dict[str, jwt.PyJWK] = field(default_factory=dict)


class SlackSignIn:
    """Signs people in by what Slack says of them. `address` is where browsers find us."""

    def __init__(
        self,
        client: AsyncWebClient,
        session: aiohttp.ClientSession,
        address: str,
        client_id: str,
        client_secret: str,
    ) -> None:
        self._client = client
        # The bot's token has no part in this: the app's own id and secret speak for it.
        self._app = AsyncWebClient(base_url=client.base_url, session=session, retry_handlers=[])
        self._session = session
        self._redirect_uri = address + CALLBACK
        self._client_id = client_id
        self._client_secret = client_secret
        self._provider: Provider | None = None
        self._team: str | None = None

    async def begin(self, next_path: str) -> tuple[str, Begun]:
        """Where to send the browser, and what it has to keep meanwhile.

        Raises:
            Refused: Slack does not answer.
        """
        provider = await self._known()
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        begun = Begun(state, nonce, verifier, next_path)
        asked = {
            "response_type": "code",
            "client_id": self._client_id,
            "scope": "openid",
            "redirect_uri": self._redirect_uri,
            "state": begun.state,
            "nonce": begun.nonce,
            "team": await self.team(),
        }
        if provider.takes_pkce:
            asked |= {"code_challenge": _challenge(begun), "code_challenge_method": "S256"}
        return f"{provider.authorize}?{urlencode(asked)}", begun

    async def finish(self, query: Mapping[str, str], begun: Begun | None) -> str:
        """Slack's id of the person who came back.

        Raises:
            Refused: they cancelled, came back to another sign-in than the one begun, or what Slack
                says of them cannot be trusted.
        """
        state = query.get("state", "")
        if begun is None or not hmac.compare_digest(state.encode(), begun.state.encode()):
            raise Refused(TOO_OLD)
        if query.get("error") == "access_denied":
            raise Refused(CANCELLED)
        claims = await self._claims(await self._identity(query.get("code", ""), begun))
        if not hmac.compare_digest(str(claims.get("nonce")).encode(), begun.nonce.encode()):
            raise _distrusted("the nonce is another one")
        if claims.get(TEAM) != await self.team():
            raise Refused(STRANGER)
        if claims.get(USER) != claims["sub"]:
            raise _distrusted("two people are named")
        return str(claims["sub"])

    async def team(self) -> str:
        """Our own workspace.

        Raises:
            Refused: Slack does not answer.
        """
        if self._team is None:
            try:
                self._team = str((await self._client.auth_test())["team_id"])
            except (SlackApiError, aiohttp.ClientError, OSError) as error:
                raise Refused(UNREACHABLE) from error
        return self._team

    async def _identity(self, code: str, begun: Begun) -> str:
        """The id_token for a code, which can be had once."""
        given = {
            "client_id": self._client_id,
            "client_secret": self._client_secret,
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
        }
        if (await self._known()).takes_pkce:
            given["code_verifier"] = begun.verifier
        try:
            # slack_sdk's method of this name sends the secret in a way that aiohttp will give up.
            answer = await self._app.api_call("openid.connect.token", data=given)
        except SlackApiError as error:
            raise _distrusted(f"openid.connect.token: {error.response['error']}") from error
        except (aiohttp.ClientError, OSError) as error:
            raise Refused(UNREACHABLE) from error
        return str(answer.get("id_token"))

    async def _claims(self, identity: str) -> dict[str, Any]:
        """What an id_token says, once its signature, audience, issuer and times are right."""
        try:
            key = await self._key(jwt.get_unverified_header(identity).get("kid", ""))
            read: dict[str, Any] = jwt.decode(
                identity,
                key,
                algorithms=[ALGORITHM],
                audience=self._client_id,
                issuer=ISSUER,
                leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except jwt.PyJWTError as error:
            raise _distrusted(f"the id_token: {error}") from error
        return read

    async def _key(self, key_id: str) -> jwt.PyJWK:
        """The key of this id; read anew where it is not among those we have."""
        provider = await self._known()
        if key_id not in provider.keys:
            found = jwt.PyJWKSet.from_dict(await self._read(provider.keys_at))
            provider.keys = {str(key.key_id): key for key in found}
        if key_id not in provider.keys:
            raise _distrusted("it is signed with a key that Slack does not have")
        return provider.keys[key_id]

    async def _known(self) -> Provider:
        if self._provider and self._provider.read_at + CONFIGURATION_SECONDS > time.monotonic():
            return self._provider
        api = urlsplit(self._client.base_url)
        origin = f"{api.scheme}://{api.netloc}"
        told = await self._read(origin + CONFIGURATION)
        authorize, keys_at = (
            str(told.get(name)) for name in ("authorization_endpoint", "jwks_uri")
        )
        if not all(address.startswith(f"{origin}/") for address in (authorize, keys_at)):
            raise _distrusted(f"the configuration of {origin} leads elsewhere")
        takes_pkce = "S256" in told.get("code_challenge_methods_supported", ())
        self._provider = Provider(authorize, keys_at, takes_pkce, time.monotonic())
        return self._provider

    async def _read(self, address: str) -> dict[str, Any]:
        try:
            async with self._session.get(address, raise_for_status=True) as answer:
                read: dict[str, Any] = await answer.json()
        except (aiohttp.ClientError, OSError, ValueError) as error:
            log.warning("Slack's answer could not be read", address=address, reason=str(error))
            raise Refused(UNREACHABLE) from error
        return read


def _distrusted(why: str) -> Refused:
    log.warning("a sign-in could not be trusted", reason=why)
    return Refused(NOT_TRUSTED)


def _challenge(begun: Begun) -> str:
    """Proof that who asks for the token has the verifier. Source: RFC 7636, 4.2."""
    digest = hashlib.sha256(begun.verifier.encode()).digest()
    return urlsafe_b64encode(digest).decode().rstrip("=")
