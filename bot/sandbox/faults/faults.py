"""The faults one may ask for, by a method each: in a test, or from the page at `/faults`."""

from typing import Annotated, Literal

from pydantic import Field

from bot.sandbox import membership
from bot.sandbox.faults import calls
from bot.sandbox.faults.fault import (
    CallFault,
    Change,
    DeadToken,
    Disorder,
    Fault,
    Lateness,
    Play,
    Repetition,
    Slowness,
    SpentTrigger,
)
from bot.sandbox.methods.table import METHODS
from bot.sandbox.people import People
from bot.sandbox.workspace import User
from bot.sandbox.world import World

Times = Annotated[int, Field(ge=1, le=10_000)] | None
Seconds = Annotated[float, Field(ge=0, le=86_400)]
Delivered = Literal["command", "interaction", "options", "event"] | None


class Faults:
    """Begins faults and lifts them.

    `times` is how often one strikes, None until it is lifted; `method` and `kind` narrow it,
    None is any; `seconds` are the clock's, unless said otherwise. Methods raise LookupError for
    a method, channel or person that is not there, or when there is nothing to change.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._active = world.faults
        self._people = People(world)

    @property
    def active(self) -> list[Fault]:
        """The faults at work, oldest first."""
        return self._active.all()

    def lift(self, fault_id: str) -> None:
        """End one, and take back what it changed. Raises LookupError when it is over already."""
        self._active.lift(fault_id)

    def lift_all(self) -> None:
        """End them all."""
        self._active.lift_all()

    def on_call(
        self, play: Play, words: str, *, times: Times = 1, method: str | None = None
    ) -> Fault:
        """Have calls end as `play` says, for whatever has no method of its own here."""
        if method is not None and method not in METHODS:
            raise LookupError(f"There is no method {method!r}.")
        words = f"{words}: {method or 'any call'}"
        fault = CallFault(words=words, left=times, method=method, play=play)
        return self._active.begin(fault)

    def rate_limit(
        self, *, times: Times = 1, retry_after: Seconds = 2, method: str | None = None
    ) -> Fault:
        """Answer 429 with `Retry-After` (the machine's seconds); nothing is accepted."""
        words = f"Answer 429, wait {retry_after:g} s"
        return self.on_call(calls.limited(retry_after), words, times=times, method=method)

    def server_error(
        self, *, times: Times = 1, method: str | None = None, accepted: bool = False
    ) -> Fault:
        """Answer 500, before or after the call is accepted."""
        words = f"Answer 500{_although(accepted)}"
        return self.on_call(calls.broken(accepted=accepted), words, times=times, method=method)

    def no_answer(
        self, *, times: Times = 1, method: str | None = None, accepted: bool = True
    ) -> Fault:
        """Never answer, whether the call is accepted or not."""
        play = calls.silent(self._active.closing, accepted=accepted)
        words = f"No answer{_although(accepted)}"
        return self.on_call(play, words, times=times, method=method)

    def late_acceptance(
        self, *, times: Times = 1, seconds: Seconds = 20, method: str | None = None
    ) -> Fault:
        """Never answer, and accept the call `seconds` later."""
        play = calls.accepted_late(self._active, seconds)
        words = f"No answer, accepted {seconds:g} s late"
        return self.on_call(play, words, times=times, method=method)

    def drop_connection(
        self, *, times: Times = 1, method: str | None = None, accepted: bool = False
    ) -> Fault:
        """Break the connection off, before or after the call is accepted."""
        words = f"Connection dropped{_although(accepted)}"
        return self.on_call(calls.dropped(accepted=accepted), words, times=times, method=method)

    def garbled_answer(self, *, times: Times = 1, method: str | None = None) -> Fault:
        """Accept the call and cut the answer off in the middle of its JSON."""
        return self.on_call(calls.garbled, "Half an answer", times=times, method=method)

    def refuse(self, error: str, *, times: Times = 1, method: str | None = None) -> Fault:
        """Refuse calls with an error of Slack's."""
        return self.on_call(
            calls.refused(error), f"Refuse with {error}", times=times, method=method
        )

    def slow_network(
        self,
        *,
        seconds: Seconds = 2,
        jitter: Seconds = 1,
        calls: bool = True,
        deliveries: bool = True,
        times: Times = None,
    ) -> Fault:
        """Let calls, deliveries or both take longer, in the machine's seconds."""
        words = f"Everything {seconds:g} s slower, give or take {jitter:g} s"
        slow = Slowness(
            words=words,
            left=times,
            seconds=seconds,
            jitter=jitter,
            calls=calls,
            deliveries=deliveries,
        )
        return self._active.begin(slow)

    def deliver_twice(
        self, *, times: Times = 1, kind: Delivered = None, together: bool = False
    ) -> Fault:
        """Deliver twice with the same ids: one after the other, or both together."""
        words = f"Twice{' at once' if together else ''}: {_what(kind)}"
        return self._active.begin(Repetition(words=words, left=times, kind=kind, together=together))

    def deliver_late(
        self, *, times: Times = 1, seconds: Seconds = 5, kind: Delivered = None
    ) -> Fault:
        """Deliver late; a trigger has expired by then."""
        words = f"{seconds:g} s late: {_what(kind)}"
        return self._active.begin(Lateness(words=words, left=times, kind=kind, seconds=seconds))

    def deliver_out_of_order(self, *, times: Times = 1) -> Fault:
        """Let an event be overtaken by the next one, `times` times."""
        return self._active.begin(Disorder(words="Events out of order", left=times))

    def expire_trigger(self, *, times: Times = 1) -> Fault:
        """Give out triggers that have expired already."""
        return self._active.begin(SpentTrigger(words="Triggers that have expired", left=times))

    def revoke_token(
        self, *, error: Literal["token_revoked", "account_inactive"] = "token_revoked"
    ) -> Fault:
        """Refuse the bot's token until lifted. Event: tokens_revoked."""
        bot = self._world.directory.app.bot_user_id
        event = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}
        self._world.events.tell("tokens_revoked", event)
        return self._active.begin(DeadToken(words=f"Token refused with {error}", error=error))

    def archive_channel(self, channel: str) -> Fault:
        """Archive a channel until lifted."""
        conversation = self._people.channel(channel)
        if conversation.is_archived:
            raise LookupError(f"#{conversation.name} is archived already.")
        by = self._somebody().id
        self._people.archive(conversation.id, by=by)

        def undo() -> None:
            self._people.unarchive(conversation.id, by=by)

        return self._active.begin(Change(words=f"Archived: #{conversation.name}", undo=undo))

    def remove_app(self, channel: str) -> Fault:
        """Take the app out of a channel until lifted."""
        conversation = self._people.channel(channel)
        if self._world.directory.app.bot_user_id not in conversation.members:
            raise LookupError(f"The app is not in #{conversation.name}.")
        self._people.remove_app(conversation.id)

        def undo() -> None:
            self._people.invite_app(conversation.id, by=self._somebody().id)

        return self._active.begin(Change(words=f"App out of #{conversation.name}", undo=undo))

    def deactivate(self, person: str) -> Fault:
        """Deactivate a person until lifted; then they are back in the channels they were in."""
        user = self._people.user(person)
        if user.deleted or user.is_bot:
            raise LookupError(f"{user.real_name} has no account to deactivate.")
        channels = [
            each
            for each in self._world.directory.conversations.values()
            if user.id in each.members and not each.is_direct
        ]
        self._people.deactivate(user.id)

        def undo() -> None:
            self._people.reactivate(user.id)
            for channel in channels:
                membership.join(self._world, channel, user)

        return self._active.begin(Change(words=f"Deactivated: {user.real_name}", undo=undo))

    def _somebody(self) -> User:
        users = self._world.directory.users.values()
        return next(user for user in users if not user.is_bot and not user.deleted)


def _although(accepted: bool) -> str:  # noqa: FBT001 - of two words, one is said
    return ", though accepted" if accepted else ""


def _what(kind: str | None) -> str:
    return kind or "any delivery"
