"""response_url: five answers within thirty minutes.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
"""

import secrets
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError
from bot.sandbox.messages import Message

LIFE = 30 * 60.0
USES = 5
KEPT = 10_000


@dataclass
class Origin:
    """What is being answered: who asked, where, and the message it stands in or grew into."""

    user_id: str
    channel_id: str
    thread_ts: str | None = None
    message: Message | None = None


@dataclass
class _Given:
    origin: Origin
    expires: float
    uses: int = 0


class ResponseUrls:
    """The response_urls given out."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._given: dict[str, _Given] = {}

    def give(self, kind: str, team_id: str, origin: Origin) -> str:
        """The path of a new response_url: `commands/T…/…` or `actions/T…/…`."""
        path = f"{kind}/{team_id}/{secrets.randbelow(10**13)}/{secrets.token_hex(12)}"
        self._given[path] = _Given(origin, self._clock.now() + LIFE)
        if len(self._given) > KEPT:
            del self._given[next(iter(self._given))]
        return path

    def redeem(self, path: str) -> Origin:
        """Use a response_url once.

        Raises SlackError: no_such_url, expired_url or used_url; these names are unsourced.
        """
        given = self._given.get(path)
        if given is None:
            raise SlackError("no_such_url")
        if self._clock.now() > given.expires:
            raise SlackError("expired_url")
        if given.uses >= USES:
            raise SlackError("used_url")
        given.uses += 1
        return given.origin
