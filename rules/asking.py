"""What people ask in words: for help, their own customers or a wave, or when somebody moves.

Names win over words: "For Goodness Shakes" and "Smith, Jones & Co" can be customers, so a text is first
taken whole; what it may also mean is offered for whoever looks names up, the likeliest first.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum, StrEnum

from rapidfuzz.distance import OSA

from rules.calendar import start_of_week
from rules.days import nearest_day
from rules.finding import Matches
from rules.naming import fold

LONGEST_QUESTION = 1_000
"""A longer text is no question for a name; it is looked up as it stands."""

MOST_TEXTS = 16
MOST_WORDS_AROUND = 12
LONGEST_PART = 5
LIKENESS = 0.8


@dataclass(frozen=True, slots=True)
class Phrase:
    """What may be a name: the text as typed, then with more and more of the words around it left out."""

    texts: tuple[str, ...]

    @property
    def core(self) -> str:
        """What is left when all words of asking are gone."""
        return min(self.texts, key=len)


class Topic(StrEnum):
    """What is asked for where it is no name."""

    help = "help"
    mine = "mine"
    next_wave = "next wave"
    wave = "wave"


@dataclass(frozen=True, slots=True)
class Subject:
    """A topic, the words that named it, and for a wave its Monday."""

    topic: Topic
    words: str
    week: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What a text may mean: a subject, one name, or one of the lists of names."""

    subject: Subject | None
    whole: Phrase
    lists: tuple[tuple[Phrase, ...], ...]

    @property
    def readings(self) -> tuple[tuple[Phrase, ...], ...]:
        """All ways to read it as names, the likeliest first: as one, then as several."""
        return ((self.whole,), *self.lists)


class Nearness(IntEnum):
    """How well what was found fits what was typed; the smaller the better."""

    exact = 0
    begun = 1
    guessed = 2
    doubtful = 3
    unknown = 4


def question(typed: str, today: date) -> Question:
    """What a text that people typed may mean."""
    typed = typed.strip()
    if len(typed) > LONGEST_QUESTION:
        return Question(None, Phrase((typed,)), ())
    whole = phrase(typed)
    if _unquoted(typed):
        return Question(None, whole, ())
    subjects = (_subject(words, today) for words in whole.texts)
    return Question(next(filter(None, subjects), None), whole, _lists(typed))


def phrase(typed: str) -> Phrase:
    """The text, and what is left of it as the words of asking around a name go: never nothing.

    What stands in quotes is meant as it stands.
    """
    texts = [typed.strip()]
    for text in texts:  # grows as it goes
        texts += [inner for inner in _peeled(text) if inner and inner not in texts]
        if len(texts) > MOST_TEXTS or _unquoted(text):
            break
    return Phrase(tuple(texts[:MOST_TEXTS]))


def nearness(typed: str, matches: Matches) -> Nearness:
    """How well these matches fit the text they were found for."""
    if not matches.total:
        return Nearness.unknown
    if matches.guessed:
        return Nearness.guessed if matches.sure else Nearness.doubtful
    name, id_ = fold(typed), typed.strip().upper()
    same = any(fold(found.name) == name or found.id.upper() == id_ for found in matches.found)
    return Nearness.exact if same else Nearness.begun


def nearest(found: Sequence[Sequence[Nearness]]) -> int:
    """The number of the reading whose names are found best on the whole; of equals, that of fewest names."""
    return min(range(len(found)), key=lambda at: (sum(found[at]) / len(found[at]), len(found[at])))


def parts_of(text: str) -> tuple[str, ...]:
    """Runs of the words of a text that could be a name in it, longer ones first; none of a single word.

    What people write around a name has no end of forms and slips, so where nothing else is known,
    the name is looked for in their words.
    """
    words = _END.sub("", text).split()[:MOST_WORDS_AROUND]
    lengths = range(min(len(words) - 1, LONGEST_PART), 1, -1)
    return tuple(
        " ".join(words[at : at + length])
        for length in lengths
        for at in range(len(words) - length + 1)
    )


def is_likely_part(part: str, matches: Matches) -> bool:
    """Whether a run of words is so near the one name found for it that it was probably meant."""
    only = matches.only
    return only is not None and OSA.normalized_similarity(fold(part), fold(only.name)) >= LIKENESS


# Peeling

_LINE = re.compile(r"[^\S\n]+")
_QUOTES = frozenset({'""', "“”", "„“", "«»", "‘’", "''", "``"})
_APOSTROPHES = "'‘"
_END = re.compile(r"[\s?!.…,;:]+$")
_OPENERS = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|wavepost|please|ok|okay|so|and)\b[,!.:]*",
    r"(?:(?:can|could) you )?(?:please )?(?:tell me|show(?: me)?|look up|find|check)",
    r"(?:do you know|i wonder|i would like to know|schedule|about|regarding|for|of|on|in)",
    r"(?:when|what|which|how|who)(?:['’]s)?",
    r"(?:the )?(?:dates?|day|week|wave|status)",
    r"(?:the )?(?:responsible|in charge|csa|owner|owns|looks after|looking after)",
    r"is|are|was|were|does|do|did|will|would|can|has|have|should|moves?|migrates?",
)
_CLOSERS = (
    r"moving|moved?|moves|migrating|migrated?|migrates|scheduled|planned|due|going|go|up|dates?|schedule",
    r"(?:going |due |planned |supposed |scheduled |set )?to|be|been|over|to the new system|then|now",
    r"please|thanks|thank you",
)
_OPENER = re.compile(rf"(?:{'|'.join(_OPENERS)})\s+", re.IGNORECASE)
_CLOSER = re.compile(rf",?\s(?:{'|'.join(_CLOSERS)})$", re.IGNORECASE)


def _peeled(text: str) -> tuple[str, ...]:
    """The text without a layer around it: quotes, or marks, or words of asking at one or both ends."""
    if inner := _unquoted(text):
        return (inner,)
    text = "\n".join(_LINE.sub(" ", line).strip() for line in text.split("\n"))
    if (bare := _END.sub("", text)) != text:
        return (bare,)
    opened = _OPENER.match(text)
    inner = text[opened.end() :] if opened else text
    return _CLOSER.sub("", inner), inner, _CLOSER.sub("", text)


def _unquoted(text: str) -> str:
    """What stands between the quotes around a text; empty where there are none."""
    text = text.strip()
    first, inner, last = text[:1], text[1:-1].strip(), text[-1:]
    if first + last not in _QUOTES:
        return ""
    again = first not in _APOSTROPHES and (first in inner or last in inner)
    return "" if again else inner


# Lists

FEWEST_JOINED = 3
MOST_JOINED = 4
"""Of two there is nothing else to join; of more, "and" is taken to stand between all."""

_ITEM = re.compile(r'(?:"[^"\n]*"|“[^”\n]*”|[^,;\n])+')
_AND = re.compile(r"\s+(?:and|&|\+)\s+|^and\s+", re.IGNORECASE)


def _lists(typed: str) -> tuple[tuple[Phrase, ...], ...]:
    """The text as several names: split at commas, semicolons and lines; then at each "and" too.

    Where few stand between "and", also at some of these alone: "Salt and Straw and Taco Town".
    """
    items = _ITEM.findall(typed)
    parts = [part for item in items for part in _split_at_and(item)]
    readings = [items, parts]
    if len(items) == 1 and FEWEST_JOINED <= len(parts) <= MOST_JOINED:
        readings += _joined(parts)
    lists = dict.fromkeys(tuple(filter(_is_asked, map(str.strip, each))) for each in readings)
    return tuple(tuple(map(phrase, names)) for names in lists if len(names) > 1)


def _split_at_and(item: str) -> list[str]:
    return [item] if _unquoted(item) else _AND.split(item)


def _joined(parts: list[str]) -> list[list[str]]:
    """The parts with some neighbours, not all, joined again by "and"; fewer names first."""
    if len(parts) == 1:
        return [parts]
    first, *rest = parts
    shorter = _joined(rest)
    joined = [[f"{first} and {head}", *tail] for head, *tail in shorter]
    return [*joined, *([first, *each] for each in shorter)]


def _is_asked(part: str) -> bool:
    """Whether a part of a list says more than "hi" or "please"."""
    return fold(part) not in _HELP and fold(part) not in ("", "please")


# Topics

_GREETINGS = {"hi", "hello", "hey", "good morning", "good afternoon", "good evening", "ok"}
_THANKS = {"thanks", "thank you"}
_HELP = _GREETINGS | _THANKS | {"help", "?", "wavepost", "what can you do", "what can i ask"}
_MINE = frozenset({"mine", "my customers", "my dates", "my schedule", "my list", "my locations"})
_NEXT = frozenset({"next", "next wave", "the next wave", "next one", "the next one"})
_WEEKS_AWAY = {"last week": -1, "this week": 0, "next week": 1}
_WEEK = re.compile(r"(?:the )?(?:(?:week|wave)(?: of| from| on)?(?: the)? )?")


def _subject(words: str, today: date) -> Subject | None:
    """What these words ask for, if it is no name."""
    plain = " ".join(words.lower().split())
    for topic, meaning in (
        (Topic.help, _HELP),
        (Topic.mine, _MINE),
        (Topic.next_wave, _NEXT),
    ):
        if plain in meaning:
            return Subject(topic, words)
    away = _WEEKS_AWAY.get(plain)
    named = _WEEK.sub("", plain, count=1)
    day = nearest_day(named, today) if away is None else today + timedelta(weeks=away)
    return Subject(Topic.wave, words, start_of_week(day)) if day else None
