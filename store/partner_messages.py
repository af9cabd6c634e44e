"""What partners are told of a wave."""

from datetime import date

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.partner_message import Audience
from store.driver import looked_up
from store.partner_rows import PartnerMessageRow

CURRENT = """
    SELECT * FROM partner_messages WHERE week = $1 AND audience = $2 AND state = 'current'
"""


class PartnerMessages:
    """The messages of all waves and audiences."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def current(self, week: date, audience: Audience) -> PartnerMessageRow | None:
        """What an audience is told of a wave; None before anything is approved."""
        found = await looked_up(self._connection, CURRENT, week, str(audience))
        return PartnerMessageRow.model_validate(dict(found)) if found else None
