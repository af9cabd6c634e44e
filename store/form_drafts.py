"""What people typed into forms that they did not send: kept for a day, in case the form is gone."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Interval, bindparam, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from store.tables import DOCUMENT, Table, instant

KEPT = timedelta(hours=24)


class FormDraftRow(Table, table=True):
    """What a person typed into a form, last."""

    __tablename__ = "form_drafts"

    person: str = Field(primary_key=True)
    form: str = Field(primary_key=True)
    values: dict[str, Any] = Field(sa_type=DOCUMENT)
    kept_at: datetime = instant(now=True)


KEEP = text("""
    INSERT INTO form_drafts (person, form, values) VALUES (:person, :form, :values)
    ON CONFLICT (person, form) DO UPDATE SET values = :values, kept_at = now()
""").bindparams(bindparam("values", type_=DOCUMENT))
OF = text("""
    SELECT values FROM form_drafts
    WHERE person = :person AND form = :form AND kept_at > now() - :kept
""").bindparams(bindparam("kept", type_=Interval))
DROP = text("DELETE FROM form_drafts WHERE person = :person AND form = :form")
FORGET = text("DELETE FROM form_drafts WHERE kept_at <= now() - :kept").bindparams(
    bindparam("kept", type_=Interval)
)


class FormDrafts:
    """What was typed and not sent."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def keep(self, person: str, form: str, values: dict[str, Any]) -> None:
        """Keep what a person typed into a form, in place of what was kept before."""
        kept = {"person": person, "form": form, "values": values}
        await self._connection.execute(KEEP, kept)

    async def of(self, person: str, form: str) -> dict[str, Any] | None:
        """What a person typed into a form within a day; None where there is nothing."""
        values = {"person": person, "form": form, "kept": KEPT}
        found: dict[str, Any] | None = (
            await self._connection.execute(OF, values)
        ).scalar_one_or_none()
        return found

    async def drop(self, person: str, form: str) -> None:
        """Forget it: the form was sent."""
        await self._connection.execute(DROP, {"person": person, "form": form})

    async def forget_old(self) -> int:
        """Delete what is older than a day; returns how many."""
        return (await self._connection.execute(FORGET, {"kept": KEPT})).rowcount
