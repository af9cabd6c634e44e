"""Sign in with Slack: who signed in where, and what their token says of them.

Source: https://docs.slack.dev/authentication/sign-in-with-slack
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode, urlsplit

from jwt.utils import base64url_encode

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.sign_in_keys import Key, make_key
from bot.sandbox.workspace import Team, User

ISSUER = "https://slack.com"
SCOPES = frozenset({"openid", "email", "profile"})
CODE_LIFE = 600.0  # https://docs.slack.dev/authentication/installing-with-oauth#exchanging
TOKEN_LIFE = 300  # between `iat` and `exp` in the example of openid.connect.token


@dataclass(frozen=True)
class Wish:
    """What an app asks when it sends a browser to sign in."""

    redirect_uri: str
    scopes: frozenset[str]
    state: str = ""
    nonce: str = ""

    def answer(self, **said: str) -> str:
        """The address that the browser is sent back to."""
        if self.state:
            said["state"] = self.state
        sign = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{sign}{urlencode(said)}"


@dataclass(frozen=True)
class SignIn:
    """A person who signed in, for what, and when."""

    wish: Wish
    user_id: str
    at: float


def read_wish(query: Mapping[str, str], client_id: str, redirect_urls: tuple[str, ...]) -> Wish:
    """What the browser was sent with.

    Raises SlackError: invalid_client_id, bad_redirect_uri, invalid_scope, unsupported_response_type;
    these names are unsourced, but for the second.
    """
    if query.get("client_id") != client_id:
        raise SlackError("invalid_client_id")
    redirect_uri = query.get("redirect_uri", "")
    if not any(_leads_to(redirect_uri, allowed) for allowed in redirect_urls):
        raise SlackError("bad_redirect_uri")
    if query.get("response_type") != "code":
        raise SlackError("unsupported_response_type")
    scopes = frozenset(query.get("scope", "").replace(",", " ").split())
    if "openid" not in scopes or not scopes <= SCOPES:
        raise SlackError("invalid_scope")
    return Wish(redirect_uri, scopes, query.get("state", ""), query.get("nonce", ""))


def _leads_to(given: str, allowed: str) -> bool:
    """Whether an address is the allowed one, or below it.

    Source: https://docs.slack.dev/authentication/installing-with-oauth#redirect_urls
    """
    one, other = urlsplit(given), urlsplit(allowed)
    if (one.scheme, one.netloc) != (other.scheme, other.netloc) or ".." in one.path:
        return False
    return one.path == other.path or one.path.startswith(other.path.rstrip("/") + "/")


class SignIns:
    """Codes given out and not yet used, and tokens given for them."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._codes: dict[str, SignIn] = {}
        self._tokens: dict[str, SignIn] = {}

    @cached_property
    def key(self) -> Key:
        """What identities are signed with; made when it is first needed."""
        return make_key()

    def approve(self, wish: Wish, user: User) -> str:
        """The code for a person who agreed; good once, for ten minutes."""
        code = f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**13)}.{secrets.token_hex(32)}"
        self._codes[code] = SignIn(wish, user.id, self._clock.now())
        return code

    def redeem(self, code: str, redirect_uri: str) -> tuple[str, SignIn]:
        """A new access token for a code.

        Raises SlackError: invalid_code, bad_redirect_uri.
        """
        found = self._codes.pop(code, None)
        if found is None or self._clock.now() > found.at + CODE_LIFE:
            raise SlackError("invalid_code")
        if redirect_uri != found.wish.redirect_uri:
            raise SlackError("bad_redirect_uri")
        token = f"xoxp-{secrets.token_hex(24)}"
        self._tokens[token] = found
        return token, found

    def of(self, token: str) -> SignIn | None:
        """Whose access token this is."""
        return self._tokens.get(token)

    def identity(self, signed: SignIn, token: str, client_id: str, claims: Json) -> str:
        """The id_token: `claims` and what OpenID Connect adds, signed.

        Times are the machine's, as whoever checks the token compares them with its own.
        """
        now = int(self._clock.machine())
        half = hashlib.sha256(token.encode()).digest()[:16]
        more = {"iss": ISSUER, "aud": client_id, "iat": now, "exp": now + TOKEN_LIFE}
        more |= {
            "auth_time": now,
            "nonce": signed.wish.nonce,
            "at_hash": base64url_encode(half).decode(),
        }
        return self.key.token(more | claims)


def claims_of(user: User, team: Team, scopes: frozenset[str]) -> Json:
    """What an app may know of a person, by the scopes they agreed to."""
    claims: Json = {
        "sub": user.id,
        "https://slack.com/user_id": user.id,
        "https://slack.com/team_id": team.id,
    }
    if "email" in scopes:
        claims |= {
            "email": user.email,
            "email_verified": True,
            "date_email_verified": user.updated,
        }
    if "profile" in scopes:
        given, _, family = user.real_name.partition(" ")
        claims |= {
            "name": user.real_name,
            "given_name": given,
            "family_name": family,
            "locale": "en-US",
            "https://slack.com/team_name": team.name,
            "https://slack.com/team_domain": team.domain,
        }
    return claims
