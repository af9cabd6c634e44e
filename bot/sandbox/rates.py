"""How often the app may call and be told: Slack's rate limits, counted on the stand-in's clock.

Source: https://docs.slack.dev/apis/web-api/rate-limits
"""

from collections import deque
from dataclasses import dataclass
from math import ceil

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError
from bot.sandbox.ids import stable_id
from bot.sandbox.workspace import Directory

MINUTE = 60.0
HOUR = 3600.0
POST = "chat.postMessage"


@dataclass(frozen=True)
class Limits:
    """What Slack leaves open or may change, as it is modelled here.

    `burst` messages at once in a channel, one a second in the long run (Slack: "short bursts
    allowed"); `messages` a minute in the whole workspace (Slack: "several hundred"); `events`
    an hour.
    """

    burst: int = 3
    messages: int = 600
    events: int = 30_000


SLACKS = Limits()


class RateLimitedError(SlackError):
    """The app calls too often; `retry_after` is in whole seconds of the machine."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("ratelimited")
        self.retry_after = retry_after


class Window:
    """At most `most` in any `seconds` on end."""

    def __init__(self, most: int, seconds: float) -> None:
        self._seconds = seconds
        self._taken: deque[float] = deque(maxlen=most)

    def wait(self, now: float) -> float:
        """How many seconds until there is room for one more; 0 when there is."""
        if len(self._taken) < (self._taken.maxlen or 0):
            return 0.0
        return max(0.0, self._taken[0] + self._seconds - now)

    def take(self, now: float) -> None:
        """Count one more."""
        self._taken.append(now)


class Rates:
    """Counts calls by method and token, messages by channel and in all, and events.

    Without limits everything is let through.
    """

    def __init__(self, limits: Limits | None, clock: Clock, directory: Directory) -> None:
        self._limits = limits
        self._clock = clock
        self._directory = directory
        self._methods: dict[tuple[str, str], Window] = {}
        self._channels: dict[tuple[str, str], Window] = {}
        self._messages: dict[str, Window] = {}
        self._events = Window((limits or SLACKS).events, HOUR)

    def admit(self, method: str, a_minute: int, token: str, channel: str) -> None:
        """Count a call, if there is room for it; a call that is refused does not count.

        `a_minute` is what the method's tier allows. Raises RateLimitedError.
        """
        if self._limits is None:
            return
        if method == POST:
            windows = self._of_posting(self._limits, token, channel)
        else:
            calls = self._methods.setdefault((method, token), Window(a_minute, MINUTE))
            windows = [calls]
        now = self._clock.now()
        wait = max(window.wait(now) for window in windows)
        if wait > 0:
            raise RateLimitedError(max(1, ceil(self._clock.real(wait))))
        for window in windows:
            window.take(now)

    def _of_posting(self, limits: Limits, token: str, channel: str) -> list[Window]:
        windows = [self._messages.setdefault(token, Window(limits.messages, MINUTE))]
        id_ = self._conversation_id(channel)
        if id_:
            # As many seconds as messages: one a second in the long run.
            burst = Window(limits.burst, limits.burst)
            windows.append(self._channels.setdefault((id_, token), burst))
        return windows

    def _conversation_id(self, name: str) -> str | None:
        if name in self._directory.users:
            return stable_id("D", *sorted((name, self._directory.app.bot_user_id)))
        conversation = self._directory.channel(name)
        return conversation.id if conversation else None

    def admit_event(self) -> bool:
        """Count an event for the app; False when it has had an hour's worth."""
        if self._limits is None:
            return True
        now = self._clock.now()
        if self._events.wait(now) > 0:
            return False
        self._events.take(now)
        return True
