"""What is known of a message to partners: where it is about, its versions, and the words about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import Mrkdwn, Words, button, count, mention
from handlers.wave_deciders import MOST_NAMED, Deciders, deciders
from rules.partner_message import Audience, Message, Version
from rules.wave_life import Step as WaveStep
from rules.wording import and_listed, or_listed
from store.session import Reading

STOPS = frozenset({WaveStep.pause, WaveStep.roll_back, WaveStep.end})
WHOM = {
    Audience.customer: "customers",
    Audience.partner: "partners",
    Audience.internal: "colleagues",
}
"""What those are called who read it."""


@dataclass(frozen=True, slots=True)
class Place:
    """A message to partners, by wave and audience; `about` is the customer or location one came from."""

    week: date
    audience: Audience = Audience.customer
    about: str = ""

    def __str__(self) -> str:
        return f"{self.week}/{self.audience}/{self.about}"

    @classmethod
    def read(cls, value: str) -> Self:
        """The message that a button stands for."""
        week, audience, about = value.split("/", 2)
        return cls(date.fromisoformat(week), Audience(audience), about)

    @property
    def subject(self) -> str:
        """What the audit and the posts about it are kept under."""
        return f"message to {WHOM[self.audience]} about {self.week}"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button about one version as it was shown; `on_post` where it is on a message to approvers."""

    place: Place
    number: int
    version: int = 0
    on_post: bool = False

    def __str__(self) -> str:
        return f"{self.number}/{self.version}/{'post' if self.on_post else ''}/{self.place}"

    @classmethod
    def read(cls, value: str) -> Self:
        """What a button stands for."""
        number, version, post, place = value.split("/", 3)
        return cls(Place.read(place), int(number), int(version), post == "post")


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of a message to partners, and by whom it can be approved."""

    place: Place
    message: Message
    deciders: Deciders
    copied: int = 0
    stopped: WaveStep | None = None
    """The step that stopped the wave after the current version was approved."""

    @classmethod
    async def of(cls, reading: Reading, place: Place) -> Self:
        """What there is to tell now."""
        noun = reading.partner_messages
        message = await noun.of(place.week, place.audience)
        current = message.current.number if message.current else 0
        copies = await noun.copies(place.week, place.audience)
        copied = sum(copy.number == current for copy in copies)
        stopped = await stopped_since(reading, place.week, message.current)
        return cls(place, message, await deciders(reading), copied, stopped)

    @property
    def current(self) -> Version | None:
        """The version that counts."""
        return self.message.current

    @property
    def draft(self) -> Version | None:
        """The version that waits for a second person."""
        return self.message.draft

    @property
    def approvers(self) -> list[str]:
        """The ids of those who can approve the draft."""
        writers = self.draft.writers if self.draft else frozenset()
        return [person for person in self.deciders.people if person not in writers]

    def words(self, **values: object) -> Words:
        """The words about it."""
        people = self.approvers
        return partner_words(
            self.place,
            current=self.current,
            draft=self.draft,
            copied=self.copied,
            stopped=self.stopped,
            people=people,
            givers=self.deciders.givers,
            named=Mrkdwn(or_listed(map(mention, (people or self.deciders.givers)[:MOST_NAMED]))),
            **values,
        )


def tell_wave_button(week: date) -> ButtonElement:
    """The button for what to tell about a wave; what it is on stays."""
    return button("What to tell them", "tell_see", str(Place(week)))


def partner_words(place: Place, **values: object) -> Words:
    """The words about a message to partners."""
    return Words("partner", week=place.week, whom=WHOM[place.audience], **values)


def people_named(people: Sequence[str], *, more: int = 0) -> Mrkdwn:
    """People, as a sentence has them, and how many more there are."""
    others = [count(more, "more person", "more people")] if more else []
    return Mrkdwn(and_listed([*map(mention, people), *others]))


async def stopped_since(reading: Reading, week: date, current: Version | None) -> WaveStep | None:
    """The step that stopped a wave after the words that count were approved; None where none did."""
    last = current.standing.last if current else None
    steps = await reading.waves.steps(week) if last else []
    newest = steps[-1].taken if steps else None
    is_later = newest and last and newest.at > last.at and newest.step in STOPS
    return newest.step if newest and is_later else None
