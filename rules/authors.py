"""Who is meant by what somebody typed as the author of a file."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from unicodedata import category

from rules.naming import fold, is_said

_MENTION = re.compile(r"<@([uw][a-z0-9]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>|:;,()\"]+@[^\s<>|:;,()\"]+")
_MAIL = re.compile(r"\bmailto:", re.IGNORECASE)
_ID = re.compile(r"\b[uw][a-z0-9]+\b", re.IGNORECASE)
_UNSEEN = "Cf"
"""Unicode's signs that only change how others are shown: none is part of a name."""
_TAKEN = " , "
"""What stands in a text for a name that was found in it: no word."""
_FULL = 2
"""Words of a name that is known again when others stand between them."""


class Unclear(StrEnum):
    """Why it is not clear who is meant."""

    same = "same"  # several are called exactly so
    part = "part"  # somebody's name has all these words, and more
    beside = "beside"  # it names somebody, and says more
    many = "many"  # it names more than one


class UnclearAuthor(ValueError):
    """It is not clear who is meant; `people` are the ids of who could be."""

    def __init__(self, why: Unclear, people: Collection[str] = ()) -> None:
        super().__init__(f"{why}: {len(people)} people could be meant.")
        self.why, self.people = why, tuple(people)


@dataclass(frozen=True, slots=True)
class Written:
    """What was typed, taken apart: Slack ids in capitals, addresses in lower case, other words."""

    mentions: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    rest: str = ""

    @property
    def ids(self) -> tuple[str, ...]:
        """What may be Slack ids among the words; many a name looks like one."""
        return tuple(dict.fromkeys(each.upper() for each in _ID.findall(self.rest)))


def seen(typed: str) -> str:
    r"""What people see of what was typed.

    >>> seen(" Be\u200bn Best ")
    'Ben Best'
    """
    return "".join(each for each in typed if category(each) != _UNSEEN).strip()


def taken_apart(typed: str) -> Written:
    """What was typed, by its parts.

    >>> taken_apart("<@u0ben|ben> and Zoe <Zoe@x.example>")
    Written(mentions=('U0BEN',), addresses=('zoe@x.example',), rest='and Zoe <>')
    """
    mentions = dict.fromkeys(each.upper() for each in _MENTION.findall(typed))
    rest = _MAIL.sub(" ", _MENTION.sub(" ", typed))
    addresses = dict.fromkeys(each.lower() for each in _ADDRESS.findall(rest))
    return Written(tuple(mentions), tuple(addresses), _ADDRESS.sub("", rest).strip())


def named(words: str, people: Mapping[str, str], pinned: Collection[str] = ()) -> str:
    """The id of the one who is named, of people with their names by id; empty where nobody is.

    `pinned` are those of whom an id or an address stands beside these words.

    >>> named("ben BEST", {"U1": "Ben Best", "U2": "Ben Adams"}), named("Zoe", {"U1": "Ben Best"})
    ('U1', '')

    Raises:
        UnclearAuthor: nobody is named alone, or somebody is in part.
    """
    called = defaultdict[str, list[str]](list)
    for person, name in people.items():
        called[fold(name)].append(person)
    text = f" {fold(words)} " if is_said(words) else ""
    all_words = frozenset(text.split())
    found = set(pinned)
    # The longest first: who is called "Ben" is not named by "Ben Best".
    for name in sorted(called, key=len, reverse=True):
        if not name or f" {name} " not in text:
            continue
        while f" {name} " in text:
            text = text.replace(f" {name} ", _TAKEN)
        if found.isdisjoint(called[name]):
            if len(called[name]) > 1:
                raise UnclearAuthor(Unclear.same, called[name])
            found.update(called[name])
    if len(found) > 1:
        raise UnclearAuthor(Unclear.many, sorted(found))
    left = set(text.split()) - {_TAKEN.strip()}
    for person in found:
        if not left <= set(fold(people.get(person, "")).split()):
            raise UnclearAuthor(Unclear.beside, [person])
        return person
    _check_alike(all_words, called)
    return ""


def _check_alike(words: Collection[str], called: Mapping[str, Collection[str]]) -> None:
    """Raises UnclearAuthor where somebody's name has all these words, or they have all of its."""
    wanted = frozenset(words)
    part, beside = list[str](), list[str]()
    for name, people in called.items():
        theirs = frozenset(name.split())
        if wanted and wanted <= theirs:
            part += people
        elif len(theirs) >= _FULL and theirs <= wanted:
            beside += people
    if part or beside:
        raise UnclearAuthor(Unclear.part if part else Unclear.beside, part or beside)
