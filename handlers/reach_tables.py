"""Whom facts concern and what told them, gathered into the tables of `rules.reach`."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

import numpy as np

from rules.concerning import Parts, customer_of, parts, week_of, whom
from rules.figures import Flags
from rules.following import Choice, Kind, Pace, Subject, touched
from rules.reach import Bar, Digests, Outcome, People, Posts
from rules.retelling import marked
from store.reach import Member, Said
from store.session import Reading
from store.told_facts import ToldOf


@dataclass(frozen=True, eq=False)
class Concern:
    """The people whom any of these facts concern, and what each fact is about.

    `members` are these people by their ids, in the order of the rows of `who`; the columns are the
    facts. `in_waves` has the customers of their waves, with how many locations.
    """

    facts: Sequence[str]
    about: Sequence[Parts]
    members: Mapping[str, Member]
    who: People
    in_waves: Mapping[str, Mapping[str, int]]

    @property
    def people(self) -> list[str]:
        """The ids of the people, in the order of the rows."""
        return list(self.members)


@dataclass(frozen=True, slots=True)
class Post:
    """What was or will be said in a channel: who is there, what it tells, and who pressed Got it."""

    outcome: Outcome
    members: Collection[str]
    tells: Sequence[str]
    pressed: Collection[str] = ()


async def concern(
    reading: Reading,
    facts: Collection[str],
    *,
    or_gone: bool = False,
    only: Collection[str] | None = None,
) -> Concern:
    """Whom these facts concern, of all people or `only` of some.

    With `or_gone`, owners who left, are guests or have no account are among them.
    """
    ordered = sorted(facts)
    in_waves = await reading.reach.in_waves(
        {date.fromisoformat(week) for week in map(week_of, ordered) if week}
    )
    named = {customer for fact in ordered if (customer := customer_of(fact))}
    at_large = {week_of(fact) or "" for fact in ordered if not customer_of(fact)}
    named.update(chain.from_iterable(in_waves.get(week, ()) for week in at_large))
    wider = await reading.subscriptions.wider(Subject(Kind.customer, each) for each in named)
    about = [parts(fact, in_waves, wider) for fact in ordered]
    if only is None:
        chosen = await _choices(reading, set(chain.from_iterable(about)), or_gone=or_gone)
    else:
        chosen = [each for person in only for each in await _chosen_by(reading, person)]
    people = sorted({each.person_id for each in chosen})
    concerned, muted = await asyncio.to_thread(whom, chosen, about, people)
    rows = np.flatnonzero(concerned.any(axis=1))
    members = await _members(reading, [people[row] for row in rows])
    bars = np.array([each.bar for each in members.values()], dtype=np.int8)
    who = People(concerned[rows], muted[rows], bars)
    return Concern(ordered, about, members, who, in_waves)


def posts(of: Concern, said: Sequence[Post]) -> Posts:
    """What was said in channels, as tables."""
    told: dict[int, Flags] = {}
    columns = {fact: at for at, fact in enumerate(of.facts)}
    tells = np.zeros((len(said), len(of.facts)), dtype=np.bool_)
    for row, post in enumerate(said):
        # Hundreds of channels tell the same, and then by the same list.
        if id(post.tells) not in told:
            told[id(post.tells)] = np.isin(
                np.arange(len(columns)), [columns[fact] for fact in post.tells if fact in columns]
            )
        tells[row] = told[id(post.tells)]
    return Posts(
        members=_there(of, [post.members for post in said]),
        tells=tells,
        outcome=np.array([post.outcome for post in said], dtype=np.int8),
        pressed=_there(of, [post.pressed for post in said]),
    )


def digests(of: Concern, told: Iterable[ToldOf]) -> Digests:
    """What DMs told, as a table."""
    by_outcome: dict[Outcome, list[tuple[str, str]]] = {}
    for each in told:
        by_outcome.setdefault(each.outcome, []).append((each.person, each.fact))
    table = Digests.none(len(of.members), len(of.facts))
    for outcome, pairs in by_outcome.items():
        np.copyto(table.outcome, outcome, where=marked(pairs, of.people, of.facts))
    return table


async def said_in_channels(reading: Reading, said: Sequence[Said]) -> list[Post]:
    """Announcements as posts; what was skipped tells nothing."""
    facts = await reading.reach.facts(each.content for each in said if each.content)
    pressed = await reading.reach.presses(each.id for each in said)
    return [
        Post(each.outcome, each.members, facts[each.content], pressed.get(each.id, ()))
        for each in said
        if each.content and each.outcome is not Outcome.unsaid
    ]


async def _choices(
    reading: Reading, about: Collection[frozenset[Subject]], *, or_gone: bool
) -> list[Choice]:
    every = touched(frozenset().union(*about))
    choices = await reading.subscriptions.about(every, or_gone=or_gone)
    if not or_gone:
        return choices
    absent = await reading.reach.absent(each.id for each in every if each.kind is Kind.csa)
    owners = (Choice(each, Subject(Kind.csa, each), Pace.daily) for each in sorted(absent))
    return [*choices, *owners]


async def _chosen_by(reading: Reading, person: str) -> list[Choice]:
    chosen = await reading.subscriptions.chosen_by(person)
    return [Choice(person, subject, pace) for subject, pace in chosen.items()]


async def _members(reading: Reading, ids: Sequence[str]) -> dict[str, Member]:
    known = await reading.reach.people(ids)
    return {each: known.get(each, Member(each, Bar.absent)) for each in ids}


def _there(of: Concern, people: Sequence[Collection[str]]) -> Flags:
    """Who is among these people of each channel: bool[p, c]."""
    row_of = {person: row for row, person in enumerate(of.members)}
    table = np.zeros((len(row_of), len(people)), dtype=np.bool_)
    for column, here in enumerate(people):
        table[[row_of[person] for person in here if person in row_of], column] = True
    return table
