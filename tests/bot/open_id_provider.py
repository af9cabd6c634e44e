"""A Slack that says of people whatever a test wants, true or not: only what signing in asks of it."""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import time
from typing import Any

import httpx
import jwt
from fastapi import FastAPI, Request

from bot.sandbox.json_types import Json
from bot.sandbox.sign_in_keys import Key, make_key
from bot.serving import serving

CLIENT = "1.2"
TEAM = "T1"
CLAIMS_OF_SLACK = "https://slack.com"

Sign = Callable[[Json, Key], str]


def honestly(claims: Json, key: Key) -> str:
    return key.token(claims)


@dataclass
class Provider:
    """What it will say: `claims` replace the true ones (None: left out), `sign` makes the token."""

    person: str
    claims: Json = field(default_factory=dict)
    sign: Sign = honestly
    key: Key = field(default_factory=make_key)
    methods: list[str] = field(default_factory=list)
    elsewhere: bool = False
    address: str = ""
    asked: httpx.QueryParams = field(default_factory=httpx.QueryParams)
    given: dict[str, str] = field(default_factory=dict)

    def app(self) -> FastAPI:
        app = FastAPI()
        app.get("/.well-known/openid-configuration")(self.configuration)
        app.get("/keys")(self.keys)
        app.post("/api/auth.test")(self.auth_test)
        app.post("/api/openid.connect.token")(self.token)
        return app

    async def configuration(self) -> Json:
        keys_host = "https://evil.example" if self.elsewhere else self.address
        return {
            "authorization_endpoint": f"{self.address}/authorize",
            "jwks_uri": f"{keys_host}/keys",
            "code_challenge_methods_supported": self.methods,
        }

    async def keys(self) -> Json:
        return {"keys": [self.key.public]}

    async def auth_test(self) -> Json:
        return {"ok": True, "team_id": TEAM}

    async def token(self, request: Request) -> Json:
        async with request.form() as form:
            self.given = {name: str(value) for name, value in form.items()}
        if self.given["code"] != "good":
            return {"ok": False, "error": "invalid_code"}
        return {"ok": True, "id_token": self.sign(self._claims(), self.key)}

    def _claims(self) -> Json:
        now = int(time())
        claims: Json = {
            "iss": CLAIMS_OF_SLACK,
            "aud": CLIENT,
            "sub": self.person,
            "iat": now,
            "exp": now + 300,
            "nonce": self.asked["nonce"],
            f"{CLAIMS_OF_SLACK}/user_id": self.person,
            f"{CLAIMS_OF_SLACK}/team_id": TEAM,
        }
        return {name: value for name, value in (claims | self.claims).items() if value is not None}

    @property
    def is_proved(self) -> bool:
        """Whether the verifier fits the challenge that the browser came with."""
        digest = hashlib.sha256(self.given["code_verifier"].encode()).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=") == self.asked["code_challenge"]


@asynccontextmanager
async def served(provider: Provider) -> AsyncIterator[Provider]:
    async with serving(provider.app()) as provider.address:
        yield provider


def unsigned(claims: Json, key: Key) -> str:
    return jwt.encode(claims, "", "none", headers={"kid": key.id})


def by_the_public_key(claims: Json, key: Key) -> str:
    """As a check that trusts the token's own algorithm would take it."""
    secret = str(key.public["n"])
    return jwt.encode(claims, secret, "HS256", headers={"kid": key.id})


def by_another_key(claims: Json, key: Key) -> str:
    return jwt.encode(claims, make_key().private, "RS256", headers={"kid": key.id})


def by_a_key_nobody_knows(claims: Json, _key: Key) -> str:
    return make_key().token(claims)


def no_token(_claims: Json, _key: Key) -> Any:
    return None
