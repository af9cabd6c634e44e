"""The pages of Sign in with Slack: a person chooses who they are and goes back to the app.

Source: https://docs.slack.dev/authentication/sign-in-with-slack
"""

from collections.abc import Mapping
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.sandbox.errors import SlackError
from bot.sandbox.sign_in import ISSUER, SCOPES, Wish, read_wish
from bot.sandbox.workspace import User
from bot.sandbox.world import World

AUTHORIZE = "/openid/connect/authorize"
KEYS = "/openid/connect/keys"
_PAGE = Template((Path(__file__).parent / "client" / "sign_in.html").read_text("utf-8"))
_CARRIED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce")
_SEE_OTHER = 303
_WORDS = {
    "invalid_client_id": "The app named a client that is not its own. Its client_id is {client_id}.",
    "bad_redirect_uri": "redirect_uri did not match any configured URIs. Passed URI: {redirect_uri}. "
    "The manifest has: {redirect_urls}.",
    "unsupported_response_type": "The app must ask with response_type=code.",
    "invalid_scope": "The app must ask for the scope openid, and may ask for email and profile.",
    "user_not_found": "This person cannot sign in here.",
}


class SignInPage:
    """Every page and document of signing in, over one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def routes(self) -> list[Route]:
        """The routes."""
        return [
            Route(AUTHORIZE, self.ask, methods=["GET"]),
            Route(AUTHORIZE, self.answer, methods=["POST"]),
            Route(KEYS, self.keys),
            Route("/.well-known/openid-configuration", self.configuration),
        ]

    async def ask(self, request: Request) -> Response:
        """Ask the person in the browser who they are."""
        try:
            self._wish(request.query_params)
        except SlackError as error:
            return self._refused(error, request.query_params)
        return self._page(self._choice(request.query_params))

    async def answer(self, request: Request) -> Response:
        """Send the browser back with a code, or with `access_denied`."""
        async with request.form() as form:
            given = {name: value for name, value in form.items() if isinstance(value, str)}
        try:
            wish = self._wish(given)
            if "cancel" in given:
                return RedirectResponse(wish.answer(error="access_denied"), _SEE_OTHER)
            user = self._person(given.get("user", ""))
        except SlackError as error:
            return self._refused(error, given)
        code = self._world.sign_ins.approve(wish, user)
        return RedirectResponse(wish.answer(code=code), _SEE_OTHER)

    async def keys(self, _request: Request) -> Response:
        """The keys that identities are signed with."""
        return JSONResponse({"keys": [self._world.sign_ins.key.public]})

    async def configuration(self, _request: Request) -> Response:
        """OpenID Connect's discovery. Source: https://slack.com/.well-known/openid-configuration."""
        here = self._world.address
        return JSONResponse(
            {
                "issuer": ISSUER,
                "authorization_endpoint": here + AUTHORIZE,
                "token_endpoint": f"{here}/api/openid.connect.token",
                "userinfo_endpoint": f"{here}/api/openid.connect.userInfo",
                "jwks_uri": here + KEYS,
                "scopes_supported": ["openid", "profile", "email"],
                "response_types_supported": ["code"],
                "response_modes_supported": ["query"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "claims_supported": ["sub", "auth_time", "iss"],
                "token_endpoint_auth_methods_supported": [
                    "client_secret_post",
                    "client_secret_basic",
                ],
            }
        )

    def _wish(self, given: Mapping[str, str]) -> Wish:
        client_id = self._world.credentials.client_id
        return read_wish(given, client_id, self._world.manifest.redirect_urls)

    def _person(self, user_id: str) -> User:
        user = self._world.directory.users.get(user_id)
        if user is None or not _may_sign_in(user):
            raise SlackError("user_not_found")
        return user

    def _choice(self, given: Mapping[str, str]) -> str:
        kept = "".join(
            f'<input type="hidden" name="{name}" value="{escape(given[name])}">'
            for name in _CARRIED
            if name in given
        )
        people = "".join(
            f'<li><button name="user" value="{user.id}">{escape(user.real_name)}'
            f"<small>{escape(user.title or user.email)}</small></button></li>"
            for user in self._world.directory.users.values()
            if _may_sign_in(user)
        )
        app, team = self._world.directory.app.name, self._world.directory.team.name
        asked = SCOPES & frozenset(given["scope"].replace(",", " ").split())
        learns = ["who you are"]
        learns += ["your email address"] if "email" in asked else []
        learns += ["your name"] if "profile" in asked else []
        return (
            f"<h1>Sign in to {escape(app)} with your {escape(team)} account</h1>"
            f"<p>{escape(app)} will learn {' and '.join(learns)}. Who are you?</p>"
            f'<form method="post">{kept}<ul>{people}</ul>'
            '<button name="cancel" value="1" class="cancel">Cancel</button></form>'
        )

    def _refused(self, error: SlackError, given: Mapping[str, str]) -> Response:
        allowed = self._world.manifest.redirect_urls
        words = _WORDS[error.code].format(
            client_id=self._world.credentials.client_id,
            redirect_uri=given.get("redirect_uri") or "none",
            redirect_urls=", ".join(allowed) or "none, under oauth_config.redirect_urls",
        )
        said = f"<h1>You cannot sign in</h1><p>{escape(words)}</p><code>{error.code}</code>"
        return self._page(said, status=400)

    def _page(self, content: str, status: int = 200) -> Response:
        return HTMLResponse(_PAGE.substitute(content=content), status)


def _may_sign_in(user: User) -> bool:
    return not (user.is_bot or user.deleted or user.is_stranger)
