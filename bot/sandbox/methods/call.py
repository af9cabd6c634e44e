"""One call of a Web API method: its arguments, and what a method is."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import IntEnum

from bot.sandbox.errors import SlackError, invalid_arguments
from bot.sandbox.json_types import Json
from bot.sandbox.world import World


class Tier(IntEnum):
    """Calls a minute; `special` is "hundreds", as of auth.test, modelled as so many.

    Source: https://docs.slack.dev/apis/web-api/rate-limits.
    """

    none = 0
    one = 1
    two = 20
    three = 50
    four = 100
    special = 600


@dataclass(frozen=True)
class Call:
    """The arguments of one call, from a form, a query or a JSON body, and the token it came with."""

    args: Json
    token: str = ""

    def text(self, name: str, default: str = "") -> str:
        """A text argument; numbers and booleans in JSON count as text, as for Slack."""
        value = self.args.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        """A text argument that must be there.

        Raises SlackError: invalid_arguments.
        """
        value = self.text(name)
        if not value:
            raise invalid_arguments(f"missing required field: {name}")
        return value

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A yes-or-no argument."""
        value = self.args.get(name)
        if value is None:
            return default
        return value if isinstance(value, bool) else str(value).lower() in {"1", "true"}

    def number(self, name: str, default: int) -> int:
        """A whole number.

        Raises SlackError: invalid_arguments.
        """
        try:
            return int(self.args.get(name) or default)
        except (TypeError, ValueError):
            raise invalid_arguments(f"must be a number [json-pointer:/{name}]") from None

    def listed(self, name: str) -> list[str]:
        """Several values, as a JSON list or separated by commas."""
        value = self.args.get(name)
        if isinstance(value, list):
            return [str(item) for item in value]
        return [item.strip() for item in str(value or "").split(",") if item.strip()]

    def decoded(self, name: str, error: str) -> object:
        """A JSON argument, sent as JSON or as its text.

        Raises SlackError with the code `error` when the text is not JSON.
        """
        value: object = self.args.get(name)
        if not isinstance(value, str) or not value:
            return value
        try:
            decoded: object = json.loads(value)
        except ValueError:
            raise SlackError(error) from None
        return decoded


Answer = Callable[[World, Call], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """A Web API method. Any one of `scopes` is enough; none means that any token will do."""

    name: str
    answer: Answer
    tier: Tier
    scopes: tuple[str, ...] = ()
    needs_token: bool = True

    @property
    def source(self) -> str:
        """Where Slack documents it."""
        return f"https://docs.slack.dev/reference/methods/{self.name}"


def require(world: World, *scopes: str) -> None:
    """Refuse a call whose token has none of `scopes`.

    Raises SlackError: missing_scope, with what is needed and what the token has.
    """
    provided = world.manifest.scopes
    if scopes and not provided.intersection(scopes):
        raise SlackError(
            "missing_scope", needed=",".join(scopes), provided=",".join(sorted(provided))
        )
