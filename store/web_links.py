"""One-time links from Slack to the web: each signs one person in, once, within ten minutes."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import Table, instant
from store.tokens import hashed, new_token

MINUTES = 10
GOOD = f"used_at IS NULL AND made_at > now() - interval '{MINUTES} minutes'"


class WebLinkRow(Table, table=True):
    """A link that was given to a person; of its token only a hash is kept."""

    __tablename__ = "web_links"

    token_hash: bytes = Field(primary_key=True)
    person_id: str
    path: str = Field(description="where it leads, on our own pages")
    made_at: datetime = instant(now=True)
    used_at: datetime | None = instant(nullable=True)


@dataclass(frozen=True, slots=True)
class WebLink:
    """Whom a good link signs in, and where it leads."""

    person_id: str
    path: str


MAKE = text("INSERT INTO web_links (token_hash, person_id, path) VALUES (:hash, :person, :path)")
LOOK = text(f"SELECT person_id, path FROM web_links WHERE token_hash = :hash AND {GOOD}")
USE = text(f"""
    UPDATE web_links SET used_at = now() WHERE token_hash = :hash AND {GOOD}
    RETURNING person_id, path
""")
FORGET = text(f"DELETE FROM web_links WHERE made_at < now() - interval '{MINUTES} minutes'")


class WebLinks:
    """One-time links. All times are the database's."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def make(self, person_id: str, path: str) -> str:
        """A new link's token, which is nowhere else."""
        token = new_token()
        values = {"hash": hashed(token), "person": person_id, "path": path}
        await self._connection.execute(MAKE, values)
        return token

    async def look(self, token: str) -> WebLink | None:
        """Whom a link would sign in; it can still be used then. None where it is not good any more."""
        row = (await self._connection.execute(LOOK, {"hash": hashed(token)})).first()
        return WebLink(row.person_id, row.path) if row else None

    async def use(self, token: str) -> WebLink | None:
        """Use a link up; None where it is not good any more. Of two at once, one gets it."""
        row = (await self._connection.execute(USE, {"hash": hashed(token)})).first()
        return WebLink(row.person_id, row.path) if row else None

    async def forget_old(self) -> None:
        """Delete the links that are of no use any more."""
        await self._connection.execute(FORGET)
