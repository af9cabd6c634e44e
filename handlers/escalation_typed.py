"""What is typed into the form of /escalate, what is wrong with that, and what comes back with it."""

import json
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self
from uuid import uuid4

from handlers.blocks import escape
from handlers.escalation_known import Known
from handlers.interaction import Form
from rules.escalation import Category

NAME = "escalation"
MOST_CHOSEN = 100
MOST_EXPLAINED = 2_000
MOST_BECAUSE = 500
MOST_IN_LINK = 1_000
MOST_SEEN = 50
URGENT, NORMAL = "urgent", "normal"
NOTHING_CHOSEN = "Choose a customer, or some of its locations."
TOO_MANY_CHOSEN = (
    f"Please choose at most {MOST_CHOSEN} locations; these are {{chosen}}. "
    "For more, choose their customer as a whole."
)
NO_CATEGORY = "Choose what comes nearest."
NO_EXPLANATION = "Say in a few words why. Triage reads it first."
TOO_LONG = (
    "Please use at most {most:,} characters; these are {length:,}. "
    "Nothing is lost: shorten it here, or put the rest behind the link."
)
NO_DAY = "Choose the day by which they should have moved."
NO_BECAUSE = "Say why it cannot wait: whoever is on duty is called for it."
NOT_URGENT = "This is only for “Drop everything”. Choose that, or leave this empty."
NO_ADDRESS = "This is no web address. It should start with https://."


@dataclass(frozen=True, slots=True)
class Typed:
    """What is filled in; `what` has the value and the label of each option that is chosen."""

    what: tuple[tuple[str, str], ...] = ()
    category: str = ""
    explanation: str = ""
    wished_on: date | None = None
    is_urgent: bool = False
    urgent_because: str = ""
    link: str = ""

    @classmethod
    def of(cls, form: Form) -> Self:
        """What the form holds."""
        block = Kept.of(form).block
        return cls(
            what=form.labelled(block("what")),
            category=form.chosen(block("category")) or "",
            explanation=form.typed(block("explanation")).strip(),
            wished_on=form.day(block("wished")),
            is_urgent=form.chosen(block("urgency")) == URGENT,
            urgent_because=form.typed(block("because")).strip(),
            link=form.typed(block("link")).strip(),
        )

    def to_json(self) -> dict[str, Any]:
        """The same as it is kept as a draft."""
        day = self.wished_on.isoformat() if self.wished_on else None
        return asdict(self) | {"wished_on": day}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        """A draft that was kept."""
        day = kept["wished_on"]
        what = tuple((value, label) for value, label in kept["what"])
        wished_on = date.fromisoformat(day) if day else None
        return cls(**{**kept, "what": what, "wished_on": wished_on})

    def mistakes(self) -> dict[str, str]:
        """What is wrong with it whatever is known of the customer, by field."""
        found = {
            "what": self._wrong_choice(),
            "category": "" if self.category in set(Category) else NO_CATEGORY,
            "explanation": _too_long(self.explanation, MOST_EXPLAINED)
            if self.explanation
            else NO_EXPLANATION,
            "wished": "" if self.wished_on else NO_DAY,
            "because": self._wrong_reason(),
            "link": self._wrong_link(),
        }
        return {field: words for field, words in found.items() if words}

    def _wrong_choice(self) -> str:
        if not self.what:
            return NOTHING_CHOSEN
        chosen = len(self.what)
        return TOO_MANY_CHOSEN.format(chosen=chosen) if chosen > MOST_CHOSEN else ""

    def _wrong_reason(self) -> str:
        if self.is_urgent and not self.urgent_because:
            return NO_BECAUSE
        if self.urgent_because and not self.is_urgent:
            return NOT_URGENT
        return _too_long(self.urgent_because, MOST_BECAUSE)

    def _wrong_link(self) -> str:
        if self.link and not self.link.lower().startswith(("https://", "http://")):
            return NO_ADDRESS
        # So many are left to it wherever it is shown, and there each & takes five.
        return _too_long(escape(self.link), MOST_IN_LINK)


def _too_long(words: str, most: int) -> str:
    length = len(words)
    return TOO_LONG.format(most=most, length=length) if length > most else ""


@dataclass(frozen=True, slots=True)
class Kept:
    """What comes back with the form: its own `id`, by which it is sent once.

    A `round` ends when it is emptied: Slack keeps what was typed into a field of the same id. `seen`
    are the numbers of the escalations about the same that it showed, `customer` is whose locations
    are offered first.
    """

    id: str
    round: int = 0
    seen: tuple[int, ...] = ()
    customer: str = ""

    @classmethod
    def new(cls) -> Self:
        """Of a form that is opened now."""
        return cls(uuid4().hex)

    @classmethod
    def of(cls, form: Form) -> Self:
        """Of a form that came back."""
        kept = json.loads(form.private_metadata)
        return cls(**{**kept, "seen": tuple(kept["seen"])})

    def block(self, field: str) -> str:
        """The id of a field's block."""
        return f"{field}.{self.round}"

    def emptied(self) -> Self:
        """The same for a form that is emptied."""
        return replace(self, round=self.round + 1, customer="")

    def showing(self, known: Known) -> Self:
        """The same once it shows what is known."""
        seen = dict.fromkeys((*self.seen, *(line.row.number for line in known.repeated)))
        return replace(self, seen=tuple(seen)[-MOST_SEEN:], customer=known.customer)

    def to_json(self) -> str:
        """The same as a view keeps it."""
        return json.dumps(asdict(self))
