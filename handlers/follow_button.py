"""Follow, at any answer: a button where one does not follow yet, and a menu to change it where one does."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import InteractiveElement, StaticSelectElement

from handlers.blocks import button, option, plain
from handlers.dates import Dated
from rules.following import EVERY_WAVE, OWNERS_PACE, Kind, Pace, Subject, hears
from store.people import Person
from store.session import Reading

FOLLOW = "follow"
STOP = "stop"
PACES = {
    Pace.instant: "Following: at once",
    Pace.daily: "Following: daily",
    Pace.muted: "Muted",
}
MOST_IN_VALUE = 150


@dataclass(frozen=True, slots=True)
class Following:
    """What a person chose about a subject, and what holds for it by what is broader, or theirs."""

    chosen: Pace | None = None
    inherited: Pace | None = None

    @property
    def pace(self) -> Pace | None:
        """How it is followed; None where it is not, and was not muted either."""
        return self.chosen or self.inherited


@dataclass(frozen=True, slots=True)
class Wish:
    """What was pressed or chosen: a pace for a subject, or an end of it; and the page it was on."""

    subject: Subject
    pace: Pace | None
    page: int = 0

    def __str__(self) -> str:
        return f"{self.pace or STOP}|{self.page}|{self.subject}"

    @classmethod
    def read(cls, value: str) -> "Wish":
        """The wish that a button or option carries."""
        pace, page, subject = value.split("|", 2)
        return cls(Subject.of(subject), None if pace == STOP else Pace(pace), int(page))


async def following(
    reading: Reading, person: Person, subject: Subject, *wider: Subject
) -> Following:
    """How a person follows a subject that is part of these `wider` ones."""
    chosen = await reading.subscriptions.chosen(person.id, [subject, *wider])
    own = Subject(Kind.csa, (person.email or "").lower())
    owned = {own: OWNERS_PACE} if person.owns_customers and own in (subject, *wider) else {}
    of_itself = chosen.pop(subject, None)
    return Following(of_itself, hears(owned | chosen))


def follow_button(
    kind: Kind,
    id_: str,
    *,
    following: Following,
    words: str = "Follow",
    page: int = 0,
    name: str = FOLLOW,
) -> list[InteractiveElement]:
    """The button that follows, or the menu of one who does; both arrive as the action `name`.

    None at all where an id is too long for a menu: a button must not lead nowhere.
    """
    subject = Subject(kind, id_)
    if len(str(Wish(subject, Pace.instant, page))) > MOST_IN_VALUE:
        return []
    if following.pace is None:
        return [button(words, name, str(Wish(subject, Pace.daily, page)))]
    return [pace_menu(f"{name}:pace", subject, following, page)]


async def follow_dated(
    reading: Reading, person: Person, dated: Dated, *, page: int = 0, name: str = FOLLOW
) -> list[InteractiveElement]:
    """The same for an answer about a customer or location."""
    known = dated.known
    customer = Subject(Kind.customer, known.customer_id)
    wider = [Subject(Kind.csa, known.csa_email)]
    subject = customer
    if known.location_id:
        subject = Subject(Kind.location, known.location_id)
        wider.append(customer)
    stands = await following(reading, person, subject, *wider)
    return follow_button(subject.kind, subject.id, following=stands, page=page, name=name)


async def follow_wave(
    reading: Reading, person: Person, week: date, page: int
) -> list[InteractiveElement]:
    """The same for the list of a wave."""
    subject = Subject(Kind.wave, week.isoformat())
    stands = await following(reading, person, subject, EVERY_WAVE)
    return follow_button(
        subject.kind, subject.id, following=stands, words="Follow this wave", page=page
    )


async def follow_own(reading: Reading, person: Person, page: int) -> list[InteractiveElement]:
    """The same for the list of one's own customers."""
    subject = Subject(Kind.csa, (person.email or "").lower())
    stands = await following(reading, person, subject)
    return follow_button(subject.kind, subject.id, following=stands, page=page)


def pace_menu(
    name: str, subject: Subject, following: Following, page: int = 0
) -> StaticSelectElement:
    """The menu of how soon to hear, or not at all; it shows what holds now."""
    paces = {pace: option(words, str(Wish(subject, pace, page))) for pace, words in PACES.items()}
    end = "Same as the others" if following.inherited else "Stop following"
    ends = [option(end, str(Wish(subject, None, page)))] if following.chosen else []
    return StaticSelectElement(
        placeholder=plain("Follow"),
        action_id=name,
        options=[*paces.values(), *ends],
        initial_option=paces[following.pace] if following.pace else None,
    )
