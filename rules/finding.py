"""Find customers and locations by what people type: ids, whole names, beginnings of words, typos."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

import numpy as np
import polars as pl
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.naming import fold, folded

MOST_MATCHES = 200
"""More than this is a question asked too widely; the person is told how many there are."""
MOST_WORDS = 8
LONGEST_WORD = 100
"""No word is that long; a longer one costs time and finds nothing more."""
MOST_SPELLINGS = 6
SHORT_WORD = 4
MOST_SLIPS = 2
PREFIX_LETTERS = 3
"""Fewer letters than this match half of all words; they are looked for at the start of names first."""
AND = "and"
LAST = "\U0010ffff"
NAMES = {"id": pl.String(), "customer_id": pl.String(), "name": pl.String()}

Numbers = NDArray[np.signedinteger]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Named:
    """A customer or location that was found."""

    kind: str
    id: str
    customer_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Matches:
    """What a text may mean, best first. `total` counts all there are of their kinds, also beyond the list."""

    found: tuple[Named, ...]
    total: int
    guessed: bool = False
    sure: bool = True

    @property
    def only(self) -> Named | None:
        """The one that is meant where there is no doubt: the only match, or the only customer of them."""
        if not self.sure:
            return None
        customers = [named for named in self.found if named.kind == "customer"]
        if len(self.found) == 1:
            return self.found[0]
        if len(customers) == 1 and all(n.customer_id == customers[0].id for n in self.found):
            return customers[0]
        return None


NOTHING = Matches((), 0)


class Vocabulary:
    """The distinct words of all names, in order."""

    def __init__(self, words: pl.Series) -> None:
        self._words = words

    def __len__(self) -> int:
        return len(self._words)

    def beginning(self, word: str) -> range:
        """The numbers of the words that begin with `word`."""
        return _span(self._words, word, word + LAST)

    def spellings(self, word: str) -> list[str]:
        """The words most like `word`: one slip away for short words, two for longer ones."""
        slips = 1 if len(word) <= SHORT_WORD else MOST_SLIPS
        lengths = range(len(word) - slips, len(word) + slips + 1)
        near = [spelling for length in lengths for spelling in self._by_length.get(length, ())]
        likely = process.extract(
            word, near, scorer=OSA.distance, score_cutoff=slips, limit=MOST_SPELLINGS
        )
        return [spelling for spelling, _, _ in likely]

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        """Words by how long they are: no slip makes a word of 4 letters one of 12."""
        words = sorted(self._words.to_list(), key=len)
        return {length: list(same) for length, same in groupby(words, len)}


class NameIndex:
    """All names of customers and locations as they were at one moment.

    An entry's number is its rank: customers before locations, shorter names before longer ones, so
    what is found in the order of numbers needs no sorting. A million names take about 0.2 GB.
    """

    def __init__(self, customers: pl.DataFrame, locations: pl.DataFrame) -> None:
        """Both frames have the columns of NAMES; a few seconds of work for a million names."""
        self._customers = customers.height
        entries = pl.concat([_ranked(customers), _ranked(locations)]).rechunk()
        self._size = entries.height
        self._columns = [entries[name] for name in NAMES]
        self._by_id, self._ids = _ordered(entries["id"])
        self._by_name, self._names = _ordered(entries["folded"])
        words = _words(entries["folded"])
        distinct = words["word"].unique().sort()
        self._vocabulary = Vocabulary(distinct)
        numbered = pl.DataFrame({"word": distinct}).with_row_index("code")
        coded = words.join(numbered, on="word", maintain_order="left").select("entry", "code")
        self._begins_with = coded.unique("entry", keep="first", maintain_order=True)[
            "code"
        ].to_numpy()
        by_word = coded.sort("code", "entry")
        self._having = by_word["entry"].cast(pl.Int32).to_numpy()
        self._from = by_word["code"].search_sorted(
            pl.Series(range(len(distinct) + 1), dtype=pl.UInt32)
        )

    def find(self, typed: str, *, most: int = MOST_MATCHES) -> Matches:
        """What `typed` may mean: an id or a whole name, else beginnings of words, else typos.

        Customers come before locations, names that begin with the first word before others, shorter
        ones before longer ones. An empty text finds nothing.
        """
        typed = typed.encode(errors="ignore").decode()  # half a character is none
        plain = fold(typed)
        words = list(dict.fromkeys(word[:LONGEST_WORD] for word in plain.split()))[:MOST_WORDS]
        if not words:
            return NOTHING
        exact = self._exact(typed.strip(), plain)
        if exact.size:
            return self._matches(self._of_one_kind(exact), most)
        if any(len(word) < PREFIX_LETTERS for word in words):
            begun = self._begun(plain)
            if begun.size:
                return self._matches(begun, most)
        matches = self._by_words([[word] for word in words], most)
        if matches.total or max(map(len, words)) < PREFIX_LETTERS:
            return matches
        spelled = self._by_spelling(words, most)
        # Who hears "Fish & Chips" may write the "and" that is not in the name.
        others = [word for word in words if word != AND]
        if spelled.total or not others or len(others) == len(words):
            return spelled
        return self._by_spelling(others, most)

    def _exact(self, id_: str, plain: str) -> Numbers:
        """Entries with this id, whatever its case, or with exactly this name."""
        ids = [
            _within(self._by_id, _span(self._ids, spelled, spelled))
            for spelled in dict.fromkeys((id_, id_.upper()))
        ]
        named = _within(self._by_name, _span(self._names, plain, plain))
        return np.unique(np.concatenate([*ids, named]))

    def _begun(self, plain: str) -> Numbers:
        """Entries whose name begins with the text, by name, customers first."""
        begun = _within(self._by_name, _span(self._names, plain, plain + LAST))
        customers = begun < self._customers
        return np.concatenate([begun[customers], begun[~customers]])

    def _by_words(self, spellings: Sequence[Sequence[str]], most: int) -> Matches:
        """Names in which each word begins as one of its spellings does."""
        marks = [self._marked(map(self._vocabulary.beginning, words)) for words in spellings]
        hits = self._of_one_kind(np.flatnonzero(np.logical_and.reduce(marks)))
        first = self._vocabulary.beginning(spellings[0][0])
        begins = (self._begins_with[hits] >= first.start) & (self._begins_with[hits] < first.stop)
        return self._matches(np.concatenate([hits[begins], hits[~begins]]), most)

    def _by_spelling(self, words: list[str], most: int) -> Matches:
        """Names that contain words much like those typed."""
        known = self._vocabulary
        spellings = [[word] if known.beginning(word) else known.spellings(word) for word in words]
        if not all(spellings):
            return NOTHING
        return _likeliest(" ".join(words), self._by_words(spellings, most))

    def _marked(self, spans: Iterable[range]) -> Marks:
        """For each entry, whether it has a word of these numbers."""
        marks = np.zeros(self._size, dtype=np.bool_)
        for words in spans:
            marks[self._having[self._from[words.start] : self._from[words.stop]]] = True
        return marks

    def _of_one_kind(self, hits: Numbers) -> Numbers:
        """The customers among these, or the locations where there are none."""
        customers = hits[: np.searchsorted(hits, self._customers)]
        return customers if customers.size else hits

    def _matches(self, hits: Numbers, most: int) -> Matches:
        """The first of these, customers before locations, and how many of their kinds there are."""
        shown = hits[:most]
        found = tuple(map(self._entry, shown.tolist()))
        of_customers = shown.size and shown[-1] < self._customers
        total = np.count_nonzero(hits < self._customers) if of_customers else hits.size
        return Matches(found, int(total))

    def _entry(self, number: int) -> Named:
        kind = "customer" if number < self._customers else "location"
        id_, customer_id, name = (column[number] for column in self._columns)
        return Named(kind, id_, customer_id, name)


def _ranked(names: pl.DataFrame) -> pl.DataFrame:
    return (
        names.select(*NAMES)
        .with_columns(folded(pl.col("name")).alias("folded"))
        .sort(pl.col("folded").str.len_chars(), "folded", "id")
    )


def _ordered(values: pl.Series) -> tuple[Numbers, pl.Series]:
    """The numbers of the values in their order, and the values in that order."""
    order = values.arg_sort()
    return order.cast(pl.Int32).to_numpy(), values.gather(order)


def _within(numbers: Numbers, span: range) -> Numbers:
    return numbers[span.start : span.stop]


def _words(names: pl.Series) -> pl.DataFrame:
    """Each word of each name: `entry`, `word`."""
    split = pl.DataFrame({"word": names.str.split(" ")}).with_row_index("entry")
    return split.explode("word").filter(pl.col("word") != "")


def _span(ordered: pl.Series, first: str, last: str) -> range:
    """Where the values from `first` to `last` stand.

    Polars would search in a thread of its own, and waking that takes longer than the search.
    """
    return range(bisect_left(ordered, first), bisect_right(ordered, last))


def _likeliest(typed: str, matches: Matches) -> Matches:
    """The one that is written most like what was typed, if it is near; else all, for the person to choose."""
    slips = [OSA.distance(typed, fold(named.name)) for named in matches.found]
    closest = [named for named, far in zip(matches.found, slips, strict=True) if far == min(slips)]
    if len(closest) == 1 and min(slips) <= MOST_SLIPS * len(typed.split()):
        return Matches(tuple(closest), 1, guessed=True)
    return Matches(matches.found, matches.total, guessed=True, sure=False)
