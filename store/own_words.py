"""Words for announcements that an installation wrote itself: every version, and which could be used."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.driver import all_found, looked_up
from store.tables import Table, instant


class OwnWordsRow(Table, table=True):
    """A version of the file with an installation's own words, when it was found there last.

    An empty one stands for no file. One with a `problem` is not used; leads hear of it once.
    """

    __tablename__ = "own_words"

    digest: str = Field(primary_key=True, description="SHA-256")
    source: str
    problem: str | None = None
    seen_at: datetime = instant(now=True)
    told_at: datetime | None = instant(nullable=True)


NEWEST = "SELECT digest FROM own_words ORDER BY seen_at DESC LIMIT 1"
GOOD = """
    SELECT digest, source FROM own_words WHERE problem IS NULL ORDER BY seen_at DESC LIMIT $1
"""
SEE = text("""
    INSERT INTO own_words (digest, source, problem) VALUES (:digest, :source, :problem)
    ON CONFLICT (digest) DO UPDATE SET problem = excluded.problem, seen_at = clock_timestamp()
""")
BREAKS = text("UPDATE own_words SET problem = :problem WHERE digest = :digest")
UNTOLD = text("""
    UPDATE own_words SET told_at = now() WHERE problem IS NOT NULL AND told_at IS NULL
    RETURNING problem
""")
ANY_UNTOLD = "SELECT 1 FROM own_words WHERE problem IS NOT NULL AND told_at IS NULL LIMIT 1"


@dataclass(frozen=True, slots=True)
class Version:
    """A version that can be used."""

    digest: str
    source: str


class OwnWords:
    """Words for announcements that an installation wrote itself."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def newest(self) -> str | None:
        """The digest of what was found last, whether it can be used or not."""
        found = await looked_up(self._connection, NEWEST)
        return found["digest"] if found else None

    async def good(self, most: int) -> list[Version]:
        """The versions that can be used, the newest first; an empty one stands for Wavepost's words."""
        return [
            Version(row["digest"], row["source"])
            for row in await all_found(self._connection, GOOD, most)
        ]

    async def see(self, digest: str, source: str, *, problem: str | None) -> None:
        """Keep what was found, and why it cannot be used where that is so."""
        values = {"digest": digest, "source": source, "problem": problem}
        await self._connection.execute(SEE, values)

    async def breaks(self, digest: str, problem: str) -> None:
        """Note that a version cannot be used after all."""
        await self._connection.execute(BREAKS, {"digest": digest, "problem": problem})

    async def has_untold(self) -> bool:
        """Whether there is one that cannot be used, and that nobody was told of."""
        return await looked_up(self._connection, ANY_UNTOLD) is not None

    async def claim_untold(self) -> list[str]:
        """Why versions cannot be used of which nobody was told; nobody else is given these again."""
        return list((await self._connection.execute(UNTOLD)).scalars())
