"""What is filled in on the form of a weekly announcement, and what is wrong with it."""

from dataclasses import dataclass
from datetime import time
from typing import Self
from zoneinfo import ZoneInfo

from handlers.announce_words import EVERYBODY
from handlers.announcement_schedules import Terms
from handlers.date_languages import ENGLISH, OFFERED
from handlers.errors import FormErrors
from handlers.interaction import Form
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.occurrences import Weekly
from rules.zones import is_zone

Choice = tuple[str, str]
"""The value of an option, and its label."""
EVERYTHING = str(Breadth.everything) + "|"
NO_CHANNEL = "Choose the channel it goes to."
NO_SCOPE = "Choose whom it speaks of; “All customers” is one of the choices."
NO_TIME = "Choose the time of day."
NO_ZONE = "Choose the place whose clock counts. Type a city, as in Berlin."


@dataclass(frozen=True, slots=True)
class Typed:
    """What is filled in; None where nothing is yet."""

    channel: Choice | None = None
    topic: Topic = Topic.everything
    scope: Choice | None = (EVERYTHING, EVERYBODY)
    weekday: int = 0
    at: time | None = time(9)
    zone: str = ""
    language: str = ENGLISH

    @classmethod
    def of(cls, form: Form) -> Self:
        """What the form holds."""
        return cls(
            channel=form.choice("channel"),
            topic=Topic(form.chosen("topic") or Topic.everything),
            scope=form.choice("scope"),
            weekday=int(form.chosen("weekday") or 0),
            at=form.time("at"),
            zone=form.chosen("zone") or "",
            language=form.chosen("language") or ENGLISH,
        )

    def mistakes(self) -> dict[str, str]:
        """What is missing or cannot be, by field."""
        found = {
            "channel": None if self.channel else NO_CHANNEL,
            "scope": None if self.scope else NO_SCOPE,
            "at": None if self.at else NO_TIME,
            "zone": None if is_zone(self.zone) else NO_ZONE,
        }
        return {field: words for field, words in found.items() if words}

    @classmethod
    def showing(cls, terms: Terms, *, channel: str, scope: str) -> Self:
        """What is set, to be changed; `channel` and `scope` are what these are called."""
        return cls(
            channel=(terms.channel, channel),
            topic=terms.topic,
            scope=(scope_value(terms.scope), scope),
            weekday=terms.weekday,
            at=terms.at,
            zone=terms.zone,
            language=terms.language,
        )

    def terms(self) -> Terms:
        """What is to be announced; raises FormErrors where something is missing or cannot be."""
        mistakes = self.mistakes()
        if mistakes or not (self.channel and self.scope and self.at):
            raise FormErrors(mistakes)
        return Terms(
            channel=self.channel[0],
            topic=self.topic,
            scope=scope_of(self.scope[0]),
            weekday=self.weekday,
            at=self.at,
            zone=self.zone,
            language=self.language if self.language in OFFERED else ENGLISH,
        )

    @property
    def weekly(self) -> Weekly | None:
        """When it is due; None as long as that is not filled in."""
        if self.at is None or not is_zone(self.zone):
            return None
        return Weekly(self.weekday, self.at, ZoneInfo(self.zone))


def scope_value(scope: Scope) -> str:
    """A scope as an option has it."""
    return f"{scope.breadth}|{scope.of}"


def scope_of(value: str) -> Scope:
    """The scope that an option stands for."""
    breadth, _, of = value.partition("|")
    return Scope(Breadth(breadth), of)
