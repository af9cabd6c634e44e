"""Announcements: what was said in which channel, or why not, with all that was known then."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from asyncpg import Record
from sqlalchemy import Text, bindparam, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.carrying import Carries
from rules.catching_up import Kept
from store.advisory_locks import Lock
from store.announcement_rows import AnnouncementRow
from store.driver import all_found, looked_up
from store.outbox import Message, Outbox
from store.tables import DOCUMENT

TAKE_CHANNEL = "SELECT pg_try_advisory_xact_lock($1, hashtext($2)) AS is_ours"
ONE = "SELECT * FROM announcements WHERE id = $1"
KEPT = """
    SELECT kept.schedule_id, week, kept.due_at, decided_at, why IS NOT NULL AS is_skipped
    FROM unnest($1::integer[]) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT max(due_at) AS due_at FROM announcements
        WHERE schedule_id = wanted.id AND kind = 'weekly' AND due_at <= $2
          AND (why IS NULL OR decided_at <= $2)
    ) AS newest
    JOIN announcements AS kept ON kept.schedule_id = wanted.id AND kind = 'weekly'
        AND kept.due_at >= coalesce(newest.due_at, '-infinity')
"""
SAID_BEFORE = """
    SELECT * FROM announcements
    WHERE schedule_id = $1 AND due_at < $2 AND kind = 'weekly' AND content IS NOT NULL
    ORDER BY due_at DESC LIMIT 1
"""
CLAIM = text("""
    INSERT INTO announcements (key, kind, schedule_id, week, channel, topic, breadth, of, language,
        due_at, decided_at, why)
    VALUES (:key, :kind, :schedule_id, :week, :channel, :topic, :breadth, :of, :language,
        :due_at, :decided_at, :why)
    ON CONFLICT (key) DO UPDATE SET channel = excluded.channel, topic = excluded.topic,
        breadth = excluded.breadth, of = excluded.of, language = excluded.language,
        due_at = excluded.due_at, decided_at = excluded.decided_at, why = excluded.why
    WHERE announcements.why IS NOT NULL AND announcements.decided_at > excluded.decided_at
    RETURNING id
""")
CLAIMED = "SELECT key FROM announcements WHERE key = ANY($1)"
TELL = text("""
    UPDATE announcements SET carries = :carries, content = :content, note = :note,
        message_id = :message, said = :said, members = ARRAY(
            SELECT person_id FROM channel_members JOIN people ON people.id = person_id
            WHERE channel_id = channel AND active AND kind <> 'bot' ORDER BY person_id
        )
    WHERE id = :id RETURNING *
""").bindparams(bindparam("said", type_=DOCUMENT))
KEEP_CONTENT = text("""
    INSERT INTO announcement_contents (digest, content, facts) VALUES (:digest, :content, :facts)
    ON CONFLICT DO NOTHING
""").bindparams(bindparam("content", type_=DOCUMENT), bindparam("facts", type_=ARRAY(Text)))
WITHOUT_PICTURE = """
    SELECT announcements.*, outbox.fallback FROM announcements
    JOIN announcement_contents ON digest = announcements.content
    JOIN outbox ON outbox.id = message_id AND state NOT IN ('failed', 'uncertain')
    WHERE decided_at >= $2 AND announcement_contents.content -> 'picture' ->> 'digest' = $1
    AND NOT jsonb_path_exists(said, '$[*] ? (@.type == "image")')
    ORDER BY announcements.id
"""
SHOW = text("UPDATE announcements SET said = :said WHERE id = :id").bindparams(
    bindparam("said", type_=DOCUMENT)
)
HAS_SAID = text("""
    SELECT EXISTS (
        SELECT FROM announcements LEFT JOIN outbox ON outbox.id = message_id
        WHERE announcements.channel = :channel AND week = :week AND said = :said
          AND state IS DISTINCT FROM 'failed'
    )
""").bindparams(bindparam("said", type_=DOCUMENT))
INTERNAL = """
    FROM lanes JOIN outbox ON lane = lanes.channel AND number > done_number
    WHERE lane = ANY($1) AND state = 'waiting' AND cause = 'announcement' AND NOT EXISTS (
        SELECT FROM announcements WHERE message_id = outbox.id AND carries = 'partner message'
    )
"""
WAITING = f"SELECT lane, count(*) AS messages {INTERNAL} GROUP BY lane"
HOLD_BACK = f"""
    UPDATE outbox SET state = 'failed', problem = $2, ended_at = now()
    WHERE id IN (SELECT outbox.id {INTERNAL})
"""
HELD_BACK = "another organisation reads the channel by now"
"""What is kept of messages that were held back, where others have Slack's word for it."""
HAS_CONTENT = "SELECT FROM announcement_contents WHERE digest = $1"


@dataclass(frozen=True, slots=True)
class Telling:
    """What an announcement says in its channel: the message, and what is kept of it besides.

    `content` is the digest of what was kept; a partner message has none.
    """

    message: Message
    carries: Carries = Carries.announcement
    content: str | None = None
    note: str | None = None


class Announcements:
    """What was announced, and what was skipped."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_channel(self, channel: str) -> bool:
        """Whether it is ours until the commit to announce in a channel, and nobody else is at it."""
        taken = await looked_up(self._connection, TAKE_CHANNEL, Lock.announcing, channel)
        return bool(taken["is_ours"])

    async def get(self, id_: int) -> AnnouncementRow | None:
        """One of them."""
        return _row(await looked_up(self._connection, ONE, id_))

    async def kept(self, schedules: Collection[int], now: datetime) -> Mapping[int, list[Kept]]:
        """What was decided of the weeks of schedules, as far as `rules.catching_up` needs it."""
        kept: dict[int, list[Kept]] = defaultdict(list)
        for row in await all_found(self._connection, KEPT, list(schedules), now):
            kept[row["schedule_id"]].append(
                Kept(row["week"], row["due_at"], row["decided_at"], row["is_skipped"])
            )
        return kept

    async def said_before(self, schedule_id: int, due_at: datetime) -> AnnouncementRow | None:
        """The last weekly announcement of a schedule before an instant, with what was known then."""
        return _row(await looked_up(self._connection, SAID_BEFORE, schedule_id, due_at))

    async def claim(self, row: AnnouncementRow) -> AnnouncementRow | None:
        """Take it upon us to announce this, or to skip it: with its id, or None where another did.

        What was skipped at a time that has not come yet, by a clock that was set back since, is
        claimed anew.
        """
        claimed = (await self._connection.execute(CLAIM, row.model_dump())).scalar_one_or_none()
        return row.model_copy(update={"id": claimed}) if claimed else None

    async def claimed(self, keys: Collection[str]) -> set[str]:
        """Those of these keys that something was announced under, or skipped."""
        rows = await all_found(self._connection, CLAIMED, list(keys))
        return {row["key"] for row in rows}

    async def tell(self, row: AnnouncementRow, telling: Telling) -> AnnouncementRow:
        """Keep what a claimed one says, and who is in its channel now; gives it as it is kept."""
        values = {
            "id": row.id,
            "carries": telling.carries,
            "content": telling.content,
            "note": telling.note,
            "message": telling.message.id,
            "said": list(telling.message.blocks),
        }
        kept = (await self._connection.execute(TELL, values)).mappings().one()
        return AnnouncementRow.model_validate(dict(kept))

    async def keep_content(
        self, digest: str, content: Mapping[str, Any], facts: Iterable[str]
    ) -> None:
        """Keep what was known, unless somebody keeps the same at this moment."""
        values = {"digest": digest, "content": dict(content), "facts": list(facts)}
        await self._connection.execute(KEEP_CONTENT, values)

    async def has_content(self, digest: str) -> bool:
        """Whether what was known is kept already: another channel said the same."""
        return await looked_up(self._connection, HAS_CONTENT, digest) is not None

    async def content(self, digest: str) -> dict[str, Any] | None:
        """What was known, by its digest."""
        query = text("SELECT content FROM announcement_contents WHERE digest = :digest")
        found: dict[str, Any] | None = (
            await self._connection.execute(query.columns(content=DOCUMENT), {"digest": digest})
        ).scalar_one_or_none()
        return found

    async def without_picture(
        self, picture: str, *, since: datetime
    ) -> list[tuple[AnnouncementRow, str]]:
        """What was said since an instant and waits for a picture, by the picture's digest.

        Each with the line that notifications have of its message.
        """
        rows = await all_found(self._connection, WITHOUT_PICTURE, picture, since)
        return [(AnnouncementRow.model_validate(dict(row)), row["fallback"]) for row in rows]

    async def show(self, row: AnnouncementRow, blocks: Sequence[Mapping[str, Any]]) -> None:
        """Keep what its channel reads from now on."""
        await self._connection.execute(SHOW, {"id": row.id, "said": list(blocks)})

    async def has_said(self, channel: str, week: date, blocks: Sequence[Mapping[str, Any]]) -> bool:
        """Whether the very same was said of a week in a channel, or is on its way there."""
        values = {"channel": channel, "week": week, "said": list(blocks)}
        return bool((await self._connection.execute(HAS_SAID, values)).scalar_one())

    async def hold_back(
        self, channels: Sequence[str], *, lanes: Iterable[str] = ()
    ) -> dict[str, int]:
        """End what waits in these channels and is for our own people alone; how much that was in each.

        Messages to partners stay. `lanes` are held as well: those in which more is said of it then.
        """
        waiting = await all_found(self._connection, WAITING, channels)
        if not waiting:
            return {}
        outbox = Outbox(self._connection)
        held = [row["lane"] for row in waiting]
        await outbox.hold([*held, *lanes])
        # Looked at again: what was on its way to Slack meanwhile is not held back any more.
        waiting = await all_found(self._connection, WAITING, held)
        await all_found(self._connection, HOLD_BACK, held, HELD_BACK)
        await outbox.step_on(held)
        return {row["lane"]: row["messages"] for row in waiting}


def _row(found: Record | None) -> AnnouncementRow | None:
    return AnnouncementRow.model_validate(dict(found)) if found else None
