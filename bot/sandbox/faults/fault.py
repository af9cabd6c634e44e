"""Each kind of fault at work: whom it strikes, and what it needs to know."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from starlette.responses import Response

from bot.sandbox.ids import fresh_id
from bot.sandbox.json_types import Json

CarryOut = Callable[[], Awaitable[Response]]
# What becomes of a call: its answer, given a way to have it carried out.
Play = Callable[[CarryOut], Awaitable[Response]]


@dataclass(eq=False, kw_only=True)
class Fault:
    """One fault at work. `left` is how often it still strikes; None is until it is lifted."""

    words: str
    left: int | None = None
    id: str = field(default_factory=lambda: fresh_id("Ft"))

    def described(self) -> Json:
        """What the page shows of it."""
        return {"id": self.id, "words": self.words, "left": self.left}


@dataclass(eq=False, kw_only=True)
class CallFault(Fault):
    """Strikes calls of one Web API method, or of any."""

    method: str | None
    play: Play

    def is_about(self, method: str) -> bool:
        """Whether it strikes this method."""
        return self.method in {None, method}


@dataclass(eq=False, kw_only=True)
class Slowness(Fault):
    """Everything takes `seconds` longer, give or take `jitter`."""

    seconds: float
    jitter: float
    calls: bool
    deliveries: bool


@dataclass(eq=False, kw_only=True)
class DeliveryFault(Fault):
    """Strikes deliveries of one kind (command, interaction, options, event), or of any."""

    kind: str | None

    def is_about(self, kind: str) -> bool:
        """Whether it strikes this kind."""
        return self.kind in {None, kind}


@dataclass(eq=False, kw_only=True)
class Repetition(DeliveryFault):
    """Delivers twice: the second after the first was answered, or both `together`."""

    together: bool


@dataclass(eq=False, kw_only=True)
class Lateness(DeliveryFault):
    """Delivers `seconds` late."""

    seconds: float


@dataclass(eq=False, kw_only=True)
class Disorder(Fault):
    """Lets an event be overtaken by the one after it."""


@dataclass(eq=False, kw_only=True)
class SpentTrigger(Fault):
    """Gives out a trigger that has expired already."""


@dataclass(eq=False, kw_only=True)
class DeadToken(Fault):
    """Refuses the bot's token with `error`."""

    error: str


@dataclass(eq=False, kw_only=True)
class Change(Fault):
    """A change of the workspace that `undo` takes back."""

    undo: Callable[[], None]
