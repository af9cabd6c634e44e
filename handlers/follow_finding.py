"""What somebody means who wants to follow: customers, locations, features, waves and CSAs by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from handlers.blocks import day
from handlers.choices import label
from handlers.dates import short
from handlers.name_finding import is_name, nearest_to
from rules.asking import Nearness, Question, Topic, question
from rules.following import EVERY_WAVE, Kind, Subject
from rules.naming import fold
from store.people import Person
from store.session import Reading

WAVES_SOON = 5
EVERY = frozenset({"every wave", "all waves", "waves", "everything", "all", "every"})
ALL_OF = ("everything of", "all of", "all customers of", "customers of")
LONGEST_NAME = 50

Found = tuple[Subject, str]
"""A subject, and what it is called in a list."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a text may mean, the likeliest first; `total` counts all, also beyond the list."""

    found: Sequence[Found]
    total: int
    is_sure: bool = False

    @property
    def only(self) -> Subject | None:
        """The one that is meant, where there is no doubt."""
        return self.found[0][0] if self.is_sure and self.found else None


async def meant(reading: Reading, person: Person, typed: str, today: date) -> Candidates:
    """What somebody wants to follow who typed this. Names win over words of ours."""
    said = None
    if not is_name(await reading.names.index(), typed):
        said = await _said(reading, person, typed, today)
    if said:
        return _sure(said)
    owner = _owner_named(typed)
    broad = [*await reading.subscriptions.features(), *await reading.subscriptions.csas()]
    exact = [each for each in broad if _is_called(each, owner or typed)]
    if len(exact) == 1:
        return _sure(exact[0][0])
    begun = [(each[0], _listed(*each)) for each in broad if _begins(each, owner or typed)]
    if owner:
        return Candidates(begun, len(begun), is_sure=len(begun) == 1)
    return await _with_names(reading, question(typed, today), begun)


async def _said(reading: Reading, person: Person, typed: str, today: date) -> Subject | None:
    """Every wave, a wave, or all of one's own, where it was said so."""
    if fold(typed) in EVERY:
        return EVERY_WAVE
    asked = question(typed, today).subject
    if asked and asked.topic is Topic.mine and person.owns_customers:
        return Subject(Kind.csa, (person.email or "").lower())
    if asked and asked.topic in (Topic.next_wave, Topic.wave):
        weeks = await reading.schedules.weeks()
        week = asked.week or next((week for week in weeks if week >= today), None)
        return _wave(week) if week else None
    return None


async def _with_names(reading: Reading, asked: Question, begun: Sequence[Found]) -> Candidates:
    """Customers and locations that are called so, besides the features and CSAs that begin so."""
    named = nearest_to(await reading.names.index(), asked.whole)
    only = named.matches.only
    if only and (named.near is Nearness.exact or not begun):
        return _sure(Subject(Kind(only.kind), only.id))
    names = [(Subject(Kind(each.kind), each.id), label(each)) for each in named.matches.found]
    is_sure = len(begun) == 1 and not names
    return Candidates([*begun, *names], len(begun) + named.matches.total, is_sure=is_sure)


async def offered(reading: Reading, typed: str, today: date, *, most: int) -> list[Found]:
    """What the letters typed so far may mean; without any, what there is besides names."""
    broad = [*await reading.subscriptions.features(), *await reading.subscriptions.csas()]
    weeks = [week for week in await reading.schedules.weeks() if week > today]
    found = [(EVERY_WAVE, _listed(EVERY_WAVE, ""))]
    found += [(subject, _listed(subject, "")) for subject in map(_wave, weeks[:WAVES_SOON])]
    found += [(each[0], _listed(*each)) for each in broad]
    if not typed.strip():
        return found[:most]
    begun = [each for each in found if fold(typed) in fold(each[1])]
    names = (await reading.names.find(typed, most=most)).found
    return [*begun, *((Subject(Kind(n.kind), n.id), label(n)) for n in names)][:most]


def _sure(subject: Subject) -> Candidates:
    return Candidates([(subject, "")], 1, is_sure=True)


def _wave(week: date) -> Subject:
    return Subject(Kind.wave, week.isoformat())


def _owner_named(typed: str) -> str:
    """The CSA in "everything of Ana Reyes"; empty where it is not said so."""
    plain = " ".join(typed.split())
    prefix = next((words for words in ALL_OF if plain.lower().startswith(f"{words} ")), None)
    return plain[len(prefix) :].strip() if prefix else ""


def _is_called(found: Found, typed: str) -> bool:
    subject, name = found
    return fold(typed) in (fold(name), fold(subject.id)) and bool(fold(typed).strip())


def _begins(found: Found, typed: str) -> bool:
    """Whether the words of a name begin as those typed, in this order."""
    words, wanted = fold(found[1]).split(), fold(typed).split()
    return bool(wanted) and any(
        all(word.startswith(part) for word, part in zip(words[at:], wanted, strict=False))
        and len(words) - at >= len(wanted)
        for at in range(len(words))
    )


def _listed(subject: Subject, name: str) -> str:
    """A subject in a list, where its kind must be told from others."""
    if subject == EVERY_WAVE:
        return "Every wave"
    match subject.kind:
        case Kind.wave:
            return f"Wave of {day(date.fromisoformat(subject.id))}"
        case Kind.csa:
            return f"Everything of {short(name, LONGEST_NAME)}"
        case Kind.feature:
            return f"Feature: {short(name, LONGEST_NAME)}"
    return name
