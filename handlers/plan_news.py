"""What is new when a plan is published: promises that moved, and first dates."""

from collections.abc import Iterator, Sequence

import polars as pl

from handlers.digest_words import MOVED, PROMISED
from rules.following import Kind, News, Subject
from store.promises import Publication

BY = ("customer_id", "location", "promised", "week", "reason")


def news_of(new: Publication, singled_out: Sequence[str]) -> list[News]:
    """The news of a publication, moves first.

    The locations of a customer that go the same way are one piece of news, except those that are
    `singled_out` because somebody chose something about them: each of these is one of its own.
    """
    alone = pl.Series(singled_out, dtype=pl.String)
    is_alone = pl.col("location_id").is_in(alone.implode())
    dates = new.dates.with_columns(location=pl.when(is_alone).then("location_id"))
    moved = dates.filter(pl.col("reason").is_not_null())
    first = dates.filter(pl.col("promised").is_null() & pl.col("week").is_not_null())
    return [*_told(MOVED, moved), *_told(PROMISED, first)]


def _told(event: str, dates: pl.DataFrame) -> Iterator[News]:
    rows = dates.group_by(BY).agg(locations=pl.len()).sort(BY, nulls_last=True)
    for customer, location, was, week, reason, locations in rows.iter_rows():
        subjects = [Subject(Kind.customer, customer)]
        subjects += [Subject(Kind.location, location)] if location else []
        subjects += [Subject(Kind.wave, each.isoformat()) for each in (was, week) if each]
        facts = {
            "customer": customer,
            "location": location,
            "locations": locations,
            "from": was.isoformat() if was else None,
            "week": week.isoformat() if week else None,
            "reason": reason,
        }
        yield News(event, frozenset(subjects), facts)
