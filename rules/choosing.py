"""Whom facts concern by what people follow and own, for thousands of both at once."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from rules.figures import Flags
from rules.following import BROADEST, Choice, Pace, Subject, breadth, touched


def concerned(
    choices: Iterable[Choice], facts: Sequence[AbstractSet[Subject]], people: Sequence[str]
) -> tuple[Flags, Flags]:
    """Whom each fact concerns, and which of them chose to hear nothing of it: bool[p, f] both.

    A fact is all the subjects that it concerns. Somebody hears of it as `rules.following.hears` has
    it: a subject that is muted silences all that are broader. Whoever owns a customer counts as
    following it. People who are not named are passed over. 5,000 people who follow every one of
    5,000 facts take a second.
    """
    rows = {person: at for at, person in enumerate(people)}
    columns = _columns(facts)
    chosen: dict[tuple[int, bool], dict[Subject, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for choice in choices:
        if choice.person_id in rows and choice.subject in columns:
            mutes = choice.pace is Pace.muted
            those = chosen[breadth(choice.subject), mutes][choice.subject]
            those.append(rows[choice.person_id])

    def choosing(level: int, *, muted: bool) -> Flags:
        table = np.zeros((len(people), len(facts)), dtype=np.bool_)
        for subject, choosers in chosen[level, muted].items():
            table[np.ix_(choosers, columns[subject])] = True
        return table

    heard, silenced, any_chosen = (np.zeros((len(people), len(facts)), np.bool_) for _ in range(3))
    for level in range(BROADEST + 1):
        wanting, muting = choosing(level, muted=False), choosing(level, muted=True)
        heard |= wanting & ~silenced
        silenced |= muting
        any_chosen |= wanting | muting
    return any_chosen, any_chosen & ~heard


def _columns(facts: Sequence[AbstractSet[Subject]]) -> dict[Subject, list[int]]:
    """The facts of each subject."""
    columns: dict[Subject, list[int]] = defaultdict(list)
    for at, subjects in enumerate(facts):
        for subject in touched(subjects):
            columns[subject].append(at)
    return dict(columns)
