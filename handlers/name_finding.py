"""Whom somebody means: names in what was typed, as people write them, and what each may stand for."""

from dataclasses import dataclass, replace

from handlers.errors import Refused
from rules.asking import (
    Nearness,
    Phrase,
    Question,
    is_likely_part,
    nearest,
    nearness,
    parts_of,
)
from rules.finding import NOTHING, Matches, NameIndex

MOST_NAMES = 20


@dataclass(frozen=True, slots=True)
class Meant:
    """A text that was asked for, and what it may mean."""

    typed: str
    matches: Matches
    near: Nearness


def is_name(index: NameIndex, words: str) -> bool:
    """Whether somebody is called exactly so: names win over words of ours."""
    return nearness(words, index.find(words)) is Nearness.exact


def meant(index: NameIndex, asked: Question) -> list[Meant]:
    """What is meant: the reading of the text of which most is known.

    Raises:
        Refused: too many names at once.
    """
    found: list[list[Meant]] = []
    for names in asked.readings:
        if len(names) <= MOST_NAMES:
            found.append([nearest_to(index, phrase) for phrase in names])
        elif found[0][0].near is Nearness.unknown:
            raise Refused(
                f"Please ask for at most {MOST_NAMES} at once; here are {len(names)}. "
                "Nothing was looked up."
            )
        if all(each.near is Nearness.exact for each in found[-1]):
            break
    best = found[nearest([[each.near for each in names] for names in found])]
    if all(each.near >= Nearness.doubtful for each in best):
        within = name_within(index, asked.whole.core)
        return [within] if within else best
    return best


def nearest_to(index: NameIndex, phrase: Phrase) -> Meant:
    """What a phrase may mean, with as many of its words taken for a name as fit best."""
    tried: list[Meant] = []
    for text in phrase.texts:
        matches = index.find(text)
        tried.append(Meant(text, matches, nearness(text, matches)))
        if tried[-1].near is Nearness.exact:
            break
    best = min(tried, key=lambda meant: meant.near)
    return best if best.matches.total else Meant(phrase.core, NOTHING, Nearness.unknown)


def name_within(index: NameIndex, text: str) -> Meant | None:
    """The name that stands among other words, if any does: what was asked in no way that we know."""
    for part in parts_of(text):
        matches = index.find(part)
        if is_likely_part(part, matches):
            return Meant(part, replace(matches, guessed=True), Nearness.guessed)
    return None
