"""People outside as they are pasted: an address a line, with a name or without, each read for itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rules.seen_words import seen

LONGEST_ADDRESS = 254
LONGEST_NAME = 100
_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@(?:{_LABEL}\.)+(?=[^.]*[A-Za-z]){_LABEL}")
_NAMED = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
_MAILTO = "mailto:"
LONGEST_LOCAL = 64


class Problem(StrEnum):
    """Why a line names nobody."""

    no_address = "no address"
    several = "several"
    not_plain = "not plain"


@dataclass(frozen=True, slots=True)
class Line:
    """One line that was pasted, counted from 1: whom it names, or what is wrong with it.

    `name` is the address where the line has none.
    """

    number: int
    typed: str
    email: str = ""
    name: str = ""
    problem: Problem | None = None


def read_lines(pasted: str) -> Iterator[Line]:
    r"""Each line that is not empty; an address is given in lower case.

    >>> [(line.email, line.name) for line in read_lines('"Reyes, Ana" <Ana@Shop.example>;')]
    [('ana@shop.example', 'Reyes, Ana')]
    >>> [(line.number, str(line.problem)) for line in read_lines("a@b.example\n\nnobody")][1]
    (3, 'no address')
    """
    for number, whole in enumerate(pasted.splitlines(), 1):
        if typed := whole.strip(" \t,;\ufeff\N{NO-BREAK SPACE}"):
            yield _read(number, typed)


def _read(number: int, typed: str) -> Line:
    named = _NAMED.fullmatch(typed)
    name = named["name"].strip(" \t'\"") if named else ""
    address = (named["address"] if named else typed).strip().removeprefix(_MAILTO)
    if address.count("@") > 1:
        return Line(number, typed, problem=Problem.several)
    if not address.isascii() and "@" in address:
        return Line(number, typed, problem=Problem.not_plain)
    found = _ADDRESS.fullmatch(address)
    if not found or len(address) > LONGEST_ADDRESS or len(found["local"]) > LONGEST_LOCAL:
        return Line(number, typed, problem=Problem.no_address)
    email = address.lower()
    return Line(number, typed, email, seen(name)[:LONGEST_NAME] or email)
