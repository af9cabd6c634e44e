"""Find customers and locations by what people type: ids, whole names, beginnings of words, typos."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA
from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.naming import fold

MOST_MATCHES = 200
"""More than this is a question asked too widely; the person is told how many there are."""
MOST_WORDS = 8
LONGEST_WORD = 100
"""PostgreSQL takes no word of more than 2,046 bytes in a search; so many letters are beginning enough."""
MOST_SPELLINGS = 6
SHORT_WORD = 4
MOST_SLIPS = 2
PREFIX_LETTERS = 3
"""Fewer letters than this match half of all words; they are looked for at the start of names first."""


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


class Vocabulary:
    """The distinct words of all names, kept in memory between searches and read again after an import."""

    def __init__(self) -> None:
        self.version = -1
        self.words: list[str] = []

    def knows_beginning(self, word: str) -> bool:
        """Whether any word begins with `word`."""
        at = bisect_left(self.words, word)
        return at < len(self.words) and self.words[at].startswith(word)

    def spellings(self, word: str) -> list[str]:
        """The words most like `word`: one slip away for short words, two for longer ones."""
        slips = 1 if len(word) <= SHORT_WORD else MOST_SLIPS
        likely = process.extract(
            word, self.words, scorer=OSA.distance, score_cutoff=slips, limit=MOST_SPELLINGS
        )
        return [spelling for spelling, _, _ in likely]


EXACT = text("""
    SELECT *, count(*) OVER (PARTITION BY kind) AS total FROM (
        SELECT kind, id, customer_id, name FROM names WHERE folded COLLATE "C" = :folded
        UNION SELECT kind, id, customer_id, name FROM names
        WHERE kind IN ('customer', 'location') AND id IN (CAST(:id AS text), upper(CAST(:id AS text)))
    ) AS exact ORDER BY kind, name, id LIMIT :most
""")
BEGINNING = text("""
    SELECT kind, id, customer_id, name, count(*) OVER (PARTITION BY kind) AS total FROM names
    WHERE folded COLLATE "C" >= :folded AND folded COLLATE "C" < :after
    ORDER BY kind, folded COLLATE "C", id LIMIT :most
""")
BY_WORDS = {
    kind: text(f"""
        SELECT kind, id, customer_id, name, count(*) OVER () AS total
        FROM names WHERE kind = '{kind}' AND words @@ CAST(:query AS tsquery)
        ORDER BY NOT starts_with(folded, :first), length(folded), folded, id LIMIT :most
    """)  # noqa: S608 - the kind is one of two words below; a parameter would hide the partial index
    for kind in ("customer", "location")
}
VERSION = text("SELECT coalesce(max(id), 0) FROM imports")
WORDS = text('SELECT word FROM words ORDER BY word COLLATE "C"')


class Names:
    """Customers and locations by what people call them."""

    def __init__(self, connection: AsyncConnection, vocabulary: Vocabulary) -> None:
        self._connection = connection
        self._vocabulary = vocabulary

    async def find(self, typed: str, *, most: int = MOST_MATCHES) -> Matches:
        """What `typed` may mean: an id or a whole name, else beginnings of words, else typos.

        Customers come before locations, names that begin with the first word before others, shorter
        ones before longer ones. An empty text finds nothing.
        """
        typed = typed.replace("\0", "")  # the one character that PostgreSQL does not take
        plain = fold(typed)
        words = list(dict.fromkeys(word[:LONGEST_WORD] for word in plain.split()))[:MOST_WORDS]
        if not words:
            return Matches((), 0)
        values = {"id": typed.strip(), "folded": plain, "most": most}
        exact = (await self._connection.execute(EXACT, values)).all()
        if exact:
            return _matches([row for row in exact if row.kind == exact[0].kind])
        if any(len(word) < PREFIX_LETTERS for word in words):
            begun = await self._begun(plain, most)
            if begun.total:
                return begun
        matches = await self._by_words([[word] for word in words], most)
        if matches.total or max(map(len, words)) < PREFIX_LETTERS:
            return matches
        return await self._by_spelling(words, most)

    async def _begun(self, plain: str, most: int) -> Matches:
        """Names that begin with the text, customers first."""
        values = {"folded": plain, "after": plain + "\U0010ffff", "most": most}
        return _matches((await self._connection.execute(BEGINNING, values)).all())

    async def _by_words(self, spellings: list[list[str]], most: int) -> Matches:
        """Names in which each word begins as one of its spellings does."""
        query = " & ".join(f"({' | '.join(map(_lexeme, words))})" for words in spellings)
        values = {"query": query, "first": spellings[0][0], "most": most}
        for kind in ("customer", "location"):
            rows = (await self._connection.execute(BY_WORDS[kind], values)).all()
            if rows:
                return _matches(rows)
        return Matches((), 0)

    async def _by_spelling(self, words: list[str], most: int) -> Matches:
        """Names that contain words much like those typed."""
        await self._read_vocabulary()
        known = self._vocabulary
        spellings = [
            [word] if known.knows_beginning(word) else known.spellings(word) for word in words
        ]
        if not all(spellings):
            return Matches((), 0)
        matches = await self._by_words(spellings, most)
        return _likeliest(" ".join(words), matches)

    async def _read_vocabulary(self) -> None:
        version = (await self._connection.execute(VERSION)).scalar_one()
        if version != self._vocabulary.version:
            words = list((await self._connection.execute(WORDS)).scalars())
            self._vocabulary.words, self._vocabulary.version = words, version


def _matches(rows: Sequence[Row[Any]]) -> Matches:
    found = tuple(Named(row.kind, row.id, row.customer_id, row.name) for row in rows)
    return Matches(found, sum({row.kind: row.total for row in rows}.values()))


def _likeliest(typed: str, matches: Matches) -> Matches:
    """The one that is written most like what was typed, if it is near; else all, for the person to choose."""
    slips = [OSA.distance(typed, fold(named.name)) for named in matches.found]
    closest = [named for named, far in zip(matches.found, slips, strict=True) if far == min(slips)]
    if len(closest) == 1 and min(slips) <= MOST_SLIPS * len(typed.split()):
        return Matches(tuple(closest), 1, guessed=True)
    return Matches(matches.found, matches.total, guessed=True, sure=False)


def _lexeme(word: str) -> str:
    """A word as a prefix in a tsquery; quoted, so that no letter of it is read as an operator."""
    quoted = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{quoted}':*"
