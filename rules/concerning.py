"""What a fact is about, read from its name: whom it concerns is known by what people follow and own."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rules.choosing import concerned
from rules.figures import Flags
from rules.following import Choice, Kind, Subject

Parts = tuple[frozenset[Subject], ...]
"""A fact in parts, of which each concerns all its subjects at once: a wave's, customer by customer."""


def parts(
    fact: str,
    in_waves: Mapping[str, Collection[str]],
    wider: Mapping[Subject, Iterable[Subject]],
) -> Parts:
    """What a fact is about; of no part where nobody can follow it.

    `in_waves` are the customers of each wave that does something, by its Monday; `wider` is what
    subjects are part of.
    """

    def of(*subjects: Subject) -> frozenset[Subject]:
        return frozenset(subjects).union(*(wider.get(each, ()) for each in subjects))

    if feature := feature_of(fact):
        return (of(Subject(Kind.feature, feature)),)
    week = week_of(fact)
    if week is None:
        return ()
    wave = Subject(Kind.wave, week)
    if customer := customer_of(fact):
        return (of(wave, Subject(Kind.customer, customer)),)
    each = (of(wave, Subject(Kind.customer, customer)) for customer in in_waves.get(week, ()))
    return (of(wave), *each)


def customer_of(fact: str) -> str | None:
    """The customer that a fact says moves in a wave; None where it says something else."""
    match fact.split("|", 3):
        case [Kind.wave, _, Kind.customer, customer]:
            return customer
    return None


def feature_of(fact: str) -> str | None:
    """The feature that a fact is about; None where it is about none."""
    kind, _, rest = fact.partition("|")
    key, *says = rest.rsplit("|", 2)
    return key if kind == Kind.feature and says else None


def week_of(fact: str) -> str | None:
    """The Monday of the wave that a fact is about; None where it is about none."""
    match fact.split("|", 2):
        case [Kind.wave, week, _]:
            return week
    return None


def whom(
    choices: Iterable[Choice], facts: Sequence[Parts], people: Sequence[str]
) -> tuple[Flags, Flags]:
    """Whom each fact concerns by any of its parts, and who of them muted all of these: bool[p, f] both."""
    columns: dict[AbstractSet[Subject], int] = {}
    places = [[columns.setdefault(part, len(columns)) for part in each] for each in facts]
    chosen, muted = concerned(choices, list(columns), people)
    heard = chosen & ~muted
    concerns, hears = (np.zeros((len(people), len(facts)), dtype=np.bool_) for _ in range(2))
    alone = [fact for fact, each in enumerate(places) if len(each) == 1]
    their = [places[fact][0] for fact in alone]
    concerns[:, alone], hears[:, alone] = chosen[:, their], heard[:, their]
    for fact, each in enumerate(places):
        if len(each) > 1:
            concerns[:, fact] = chosen[:, each].any(axis=1)
            hears[:, fact] = heard[:, each].any(axis=1)
    return concerns, concerns & ~hears
