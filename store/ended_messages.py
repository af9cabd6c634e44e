"""Messages that ended long ago: they are forgotten where nothing remembers them any more."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

REMEMBERED_BY = (
    ("announcements", "message_id"),
    ("deliveries", "message_id"),
    ("escalation_posts", "message"),
    ("jobs", "message"),
    ("outbox", "thread_of"),
    ("posts", "message"),
    ("tidings", "message_id"),
    ("told_facts", "message_id"),
)
"""Tables and columns that name messages: to change them, to answer them, or to say that they arrived.

What replaces a message is not among them: it ends with it.
"""

_REMEMBERED = " UNION ALL ".join(
    f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL" for table, column in REMEMBERED_BY
)
FORGET = text(f"""
    WITH remembered (message) AS MATERIALIZED ({_REMEMBERED})
    DELETE FROM outbox AS said
    WHERE ended_at < now() - make_interval(days => :days)
      AND NOT EXISTS (SELECT FROM remembered WHERE message = said.id)
      AND NOT EXISTS (SELECT FROM remembered WHERE message = said.updates)
      AND NOT EXISTS (SELECT FROM outbox AS newer WHERE newer.updates = said.id)
""")


class EndedMessages:
    """What the outbox keeps of messages that need no courier any more."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def forget_older_than(self, days: int) -> int:
        """Forget those that ended so many days ago, if nothing remembers them; returns how many.

        One that was replaced stays until those that replaced it are forgotten; these stay as long
        as it is remembered, for one of them may be what stands in Slack.
        """
        return (await self._connection.execute(FORGET, {"days": days})).rowcount
