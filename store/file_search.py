"""Looking for files for customers: by words that begin so, and by tags, spaces and senders."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from rules.file_life import State
from rules.share_search import Search
from store.driver import all_found
from store.shared_file_rows import LONGEST_WORD

SLACK_ID = re.compile(r"<@(\w+)(?:\|[^>]*)?>")

CALLED = """
    SELECT id FROM people, unnest($1::text[]) AS typed (name)
    WHERE lower(people.name) = typed.name OR starts_with(lower(people.name), typed.name || ' ')
"""
HAS_WORDS = "array_to_tsvector(words) @@ {}::text::tsquery"
HAS_TAG = "tag_words && {}"
IN_SPACE = """
    id IN (SELECT file_id FROM file_spaces JOIN spaces ON spaces.id = space_id
        JOIN organisations ON organisations.id = organisation_id,
        (SELECT {}::text[] AS typed) AS wanted
        WHERE spaces.folded = ANY (typed) OR organisations.folded = ANY (typed)
            OR organisations.folded || ' ' || spaces.folded = ANY (typed))
"""
FROM = "(uploaded_by = ANY ({0}) OR lower(author) = ANY ({0}))"
THEIRS = """
    id IN (
        SELECT id FROM shared_files WHERE uploaded_by = {0}
        UNION ALL SELECT id FROM shared_files WHERE lower(author) = lower({0})
        UNION ALL SELECT deliveries.file_id FROM recipients
            JOIN deliveries ON recipient_id = recipients.id
            JOIN file_spaces AS sent ON sent.file_id = deliveries.file_id
            JOIN spaces ON spaces.id = sent.space_id AND closed_at IS NULL
            JOIN space_members AS member ON member.space_id = sent.space_id
                AND member.recipient_id = recipients.id AND removed_at IS NULL
            WHERE person_id = {0}
    )
"""
RELEASED_OR_THEIRS = f"(released_at IS NOT NULL OR {THEIRS})"


class Order(StrEnum):
    """In which order files are listed."""

    newest = "newest"
    titled = "title"
    released = "released"  # the last first, and at the end what never was
    expires = "expires"  # what can be had, the next to expire first, then all that cannot


SORTED = {
    Order.newest: "number DESC",
    Order.titled: "lower(title), number DESC",
    Order.released: "released_at DESC NULLS LAST, number DESC",
    Order.expires: "state <> 'released', expires_at, number DESC",
}
"""The columns of each order. Nobody's words come into a statement but through these."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks for files, and what they may know of besides what they sent, wrote or were sent.

    Who reviews knows of all, who sends of all that was ever released.
    """

    person: str
    reviews: bool = False
    sends: bool = False


async def found(
    connection: AsyncConnection,
    search: Search,
    viewer: Viewer,
    *,
    most: int,
    skip: int,
    state: State | None = None,
    order: Order = Order.newest,
) -> tuple[list[UUID], int]:
    """A page of the files that are looked for, in one state or all; and how many there are."""
    wanted: list[tuple[str, object]] = []
    if search.words:
        wanted.append((HAS_WORDS, _prefixes(search.words)))
    if search.tags:
        wanted.append((HAS_TAG, list(search.tags)))
    if search.spaces:
        wanted.append((IN_SPACE, list(search.spaces)))
    if search.senders:
        wanted.append((FROM, await _senders(connection, search.senders)))
    if state:
        wanted.append(("state = {}", state))
    if not viewer.reviews:
        wanted.append((RELEASED_OR_THEIRS if viewer.sends else THEIRS, viewer.person))
    # Only what is asked for is in the statement: the planner keeps one plan for each.
    conditions = [text.format(f"${place}") for place, (text, _) in enumerate(wanted, 3)]
    query = f"""
        SELECT id, count(*) OVER () AS total FROM shared_files
        WHERE {" AND ".join(conditions) or "true"} ORDER BY {SORTED[order]} LIMIT $1 OFFSET $2
    """
    values = [value for _, value in wanted]
    rows = await all_found(connection, query, most, skip, *values)
    return [row["id"] for row in rows], rows[0]["total"] if rows else 0


def _prefixes(words: Sequence[str]) -> str:
    r"""Words as PostgreSQL looks for others that begin so; each whole, whatever signs it has."""
    quoted = (word[:LONGEST_WORD].replace("\\", "\\\\").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted)


async def _senders(connection: AsyncConnection, typed: Sequence[str]) -> list[str]:
    """The ids of people as Slack writes them, or who are called as was typed, and that itself."""
    names = [
        as_slack[1] if (as_slack := SLACK_ID.fullmatch(each)) else each.removeprefix("@")
        for each in typed
    ]
    lower = [name.lower() for name in names]
    called = [row["id"] for row in await all_found(connection, CALLED, lower)]
    return [*names, *lower, *called, *(each.lower() for each in called)]
