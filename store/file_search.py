"""Looking for files for customers: by words that begin so, and by tags, spaces and senders."""

import re
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.share_search import Search
from store.driver import all_found
from store.shared_file_rows import LONGEST_WORD

SLACK_ID = re.compile(r"<@(\w+)(?:\|[^>]*)?>")

FIND = """
    SELECT id, count(*) OVER () AS total FROM shared_files AS file
    WHERE ($1::text IS NULL OR array_to_tsvector(words) @@ $1::tsquery)
      AND ($2::text[] IS NULL OR tag_words && $2)
      AND ($3::text[] IS NULL OR EXISTS (
        SELECT FROM file_spaces JOIN spaces ON spaces.id = space_id
            JOIN organisations ON organisations.id = organisation_id
        WHERE file_id = file.id AND (spaces.folded = ANY ($3) OR organisations.folded = ANY ($3)
            OR organisations.folded || ' ' || spaces.folded = ANY ($3))
      ))
      AND ($4::text[] IS NULL OR uploaded_by = ANY ($4) OR author = ANY ($4) OR EXISTS (
        SELECT FROM people WHERE people.id IN (uploaded_by, author) AND lower(name) = ANY ($5)
      ))
      AND ($6 OR uploaded_by = $8 OR author = $8 OR ($7 AND released_at IS NOT NULL) OR EXISTS (
        SELECT FROM deliveries JOIN recipients ON recipients.id = recipient_id
            JOIN file_spaces AS sent ON sent.file_id = deliveries.file_id
            JOIN spaces ON spaces.id = sent.space_id AND closed_at IS NULL
            JOIN space_members AS member ON member.space_id = sent.space_id
                AND member.recipient_id = deliveries.recipient_id AND removed_at IS NULL
        WHERE deliveries.file_id = file.id AND person_id = $8
      ))
    ORDER BY number DESC LIMIT $9 OFFSET $10
"""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks for files, and what they may know of besides what they sent, wrote or were sent.

    Who reviews knows of all, who sends of all that was ever released.
    """

    person: str
    reviews: bool = False
    sends: bool = False


async def found(
    connection: AsyncConnection, search: Search, viewer: Viewer, *, most: int, skip: int
) -> tuple[list[UUID], int]:
    """A page of the files that are looked for, the newest first; and how many there are."""
    senders = [_sender(each) for each in search.senders]
    rows = await all_found(
        connection,
        FIND,
        _prefixes(search.words),
        list(search.tags) or None,
        list(search.spaces) or None,
        senders or None,
        [each.lower() for each in senders],
        viewer.reviews,
        viewer.sends,
        viewer.person,
        most,
        skip,
    )
    return [row["id"] for row in rows], rows[0]["total"] if rows else 0


def _prefixes(words: tuple[str, ...]) -> str | None:
    r"""Words as PostgreSQL looks for others that begin so; each whole, whatever signs it has."""
    quoted = (word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted) or None


def _sender(typed: str) -> str:
    """A person as Slack writes them, by their id; otherwise by the name that was typed."""
    as_slack = SLACK_ID.fullmatch(typed)
    return as_slack[1] if as_slack else typed.removeprefix("@")
