"""Trigger ids: a person's leave to open a modal, for three seconds and once.

Source: https://docs.slack.dev/interactivity/handling-user-interaction#modal-responses
"""

import secrets
from dataclasses import dataclass

from bot.sandbox.clock import Clock
from bot.sandbox.errors import SlackError
from bot.sandbox.faults.active import ActiveFaults
from bot.sandbox.faults.fault import SpentTrigger

LIFE = 3.0
KEPT = 10_000  # enough to tell an expired id from one that was never given


@dataclass
class Trigger:
    """One leave; `view_id` is the modal it was given in, if any."""

    user_id: str
    expires: float
    view_id: str | None = None
    exchanged: bool = False


class Triggers:
    """The trigger ids given out."""

    def __init__(self, clock: Clock, faults: ActiveFaults, life: float = LIFE) -> None:
        self._clock = clock
        self._faults = faults
        self._given: dict[str, Trigger] = {}
        self.life = life

    def give(self, user_id: str, view_id: str | None = None) -> str:
        """A new trigger id for a person's action."""
        now = self._clock.now()
        trigger_id = f"{int(now * 1000)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        # An app is as fast as its machine, so a faster clock does not shorten its three seconds.
        life = 0.0 if self._faults.take(SpentTrigger) else self.life * self._clock.speed
        self._given[trigger_id] = Trigger(user_id, now + life, view_id)
        if len(self._given) > KEPT:
            del self._given[next(iter(self._given))]
        return trigger_id

    def look(self, trigger_id: str) -> Trigger:
        """The leave behind an id, still unused.

        Raises SlackError: invalid_trigger_id, exchanged_trigger_id or expired_trigger_id.
        Source: https://docs.slack.dev/reference/methods/views.open
        """
        trigger = self._given.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.exchanged:
            raise SlackError("exchanged_trigger_id")
        if self._clock.now() >= trigger.expires:
            raise SlackError("expired_trigger_id")
        return trigger
