"""Our cookies: read by no script, sent to us alone, and over https bound to our host."""

from fastapi import Request, Response

from rules.one_time_code import HOLDS_FOR
from store.portal import SESSION_HOURS
from store.web_sessions import DAYS

SESSION = "wavepost"
SIGN_IN = "wavepost-sign-in"
SIGN_IN_SECONDS = 600
SESSION_SECONDS = DAYS * 86_400
PORTAL = "wavepost-files"
PORTAL_SECONDS = SESSION_HOURS * 3_600
PORTAL_CODE = "wavepost-code"
PORTAL_CODE_SECONDS = int(HOLDS_FOR.total_seconds())


class Cookies:
    """The cookies of one address. `secure` wherever that is https: plain http is for this machine."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure

    def read(self, request: Request, name: str) -> str:
        """What the browser kept; empty where it kept nothing."""
        return request.cookies.get(self._named(name), "")

    def keep(self, response: Response, name: str, value: str, seconds: int) -> None:
        """Have the browser keep something."""
        response.set_cookie(
            self._named(name),
            value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def forget(self, response: Response, name: str) -> None:
        """Have the browser forget it."""
        self.keep(response, name, "", 0)

    def _named(self, name: str) -> str:
        # Browsers take a cookie of this name only over https, from the host itself, for all of it.
        return f"__Host-{name}" if self._secure else name
