"""What differs in words between two versions of a text."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import chain, groupby
from typing import NamedTuple

_CHUNK = re.compile(r"\S+")
_OPENING = "([{<«“„‘\"'*_~`"
_CLOSING = ".,;:!?…)]}>»”’\"'*_~`"
AROUND = 6
MOST_PAIRS = 20_000
"""So many pairs of equal words are compared; a text of 500 words has about 3,000."""


class Kind(StrEnum):
    """What became of a run of words; those left out are the same in both and far from any change."""

    same = "same"
    gone = "gone"
    new = "new"
    left_out = "left out"


class Run(NamedTuple):
    """Words that stand together in a text, with the spaces and line breaks after them."""

    kind: Kind
    words: str


class _Words:
    """A text taken apart into words and the signs around them, each with the spaces that follow."""

    def __init__(self, text: str) -> None:
        begins = [begin for chunk in _CHUNK.finditer(text) for begin in _begins(chunk)]
        ends = [*begins[1:], len(text)] if begins else []
        self._text = text
        self._places = [0, *ends]
        self.keys = [text[begin:end].rstrip() for begin, end in zip(begins, ends, strict=True)]

    def between(self, first: int, end: int) -> str:
        """The words from one place to another as they stand in the text."""
        return self._text[self._places[first] : self._places[end]]


def word_difference(old: str, new: str) -> list[Run]:
    """How one text becomes another, in order: what is gone stands before what is new in its place.

    What is the same and what is new are the new text to the letter, what is the same and what is
    gone are the old one but for its spaces: these alone are no difference. The longest runs of words
    count first (Ratcliff and Obershelp 1988, as in `difflib`), which may take the third power of
    their number; where the same few words come hundreds of times, the old is gone and all is new.
    """
    before, after = _Words(old), _Words(new)
    runs = []
    for is_same, (a, b), (c, d) in _joined(before.keys, after.keys):
        if is_same:
            runs.append(Run(Kind.same, after.between(c, d)))
            continue
        changed = Run(Kind.gone, before.between(a, b)), Run(Kind.new, after.between(c, d))
        runs += [run for run in changed if run.words]
    return runs


def is_different(runs: Sequence[Run]) -> bool:
    """Whether any word is gone or new."""
    return any(run.kind in (Kind.gone, Kind.new) for run in runs)


def in_short(runs: Sequence[Run], around: int = AROUND) -> list[Run]:
    """The changes with so many words of what is around them; a run that is left out has no words."""
    last = len(runs) - 1
    return list(
        chain.from_iterable(
            _shortened(run, around if at else 0, around if at < last else 0)
            if run.kind is Kind.same
            else [run]
            for at, run in enumerate(runs)
        )
    )


def _shortened(run: Run, first: int, last: int) -> Iterator[Run]:
    """The first and last so many words of a run, where that leaves out more than one."""
    words = _Words(run.words)
    size = len(words.keys)
    if size <= first + last + 1:
        yield run
        return
    if first:
        yield Run(Kind.same, words.between(0, first))
    yield Run(Kind.left_out, "")
    if last:
        yield Run(Kind.same, words.between(size - last, size))


class _Part(NamedTuple):
    """Words that are the same in both or are not, by their places in the old text and in the new."""

    is_same: bool
    old: tuple[int, int]
    new: tuple[int, int]


def _joined(old: Sequence[str], new: Sequence[str]) -> list[_Part]:
    """The parts that are the same and those that differ, by turns.

    A sign that is the same between two changes is part of them: dates are read better whole.
    """
    parts = _parts(old, new)
    edges = (parts[0], parts[-1]) if parts else ()
    by_turns = groupby(
        parts,
        lambda part: (
            part.is_same and (part in edges or not all(map(_is_sign, new[slice(*part.new)])))
        ),
    )
    return [_whole(is_same, list(together)) for is_same, together in by_turns]


def _whole(is_same: bool, parts: Sequence[_Part]) -> _Part:  # noqa: FBT001 - groupby gives it so
    first, last = parts[0], parts[-1]
    return _Part(is_same, (first.old[0], last.old[1]), (first.new[0], last.new[1]))


def _parts(old: Sequence[str], new: Sequence[str]) -> list[_Part]:
    counts = Counter(new)
    if old != new and sum(counts[key] for key in old if not _is_sign(key)) > MOST_PAIRS:
        return [_Part(is_same=False, old=(0, len(old)), new=(0, len(new)))]
    codes = SequenceMatcher(_is_sign, old, new, autojunk=False).get_opcodes()
    return [_Part(code == "equal", (a, b), (c, d)) for code, a, b, c, d in codes]


def _is_sign(key: str) -> bool:
    return not any(letter.isalnum() for letter in key)


def _begins(chunk: re.Match[str]) -> Iterator[int]:
    """Where the word of a chunk without spaces begins, and each sign before and after it."""
    written = chunk[0]
    core = written.lstrip(_OPENING)
    before = len(written) - len(core)
    word = len(core.rstrip(_CLOSING))
    starts = [*range(before), *([before] if word else []), *range(before + word, len(written))]
    yield from (chunk.start() + start for start in starts)
