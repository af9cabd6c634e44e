"""What is new when a plan is published: promises that moved, and first dates."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from handlers.digest_words import MOVED, PROMISED
from rules.following import Kind, News, Subject
from store.plans import MoveReason
from store.promises import Publication
from store.slip_reasons import Slipped

BY = ("customer_id", "location", "promised", "week", "reason", "feature", "why")


def news_of(
    new: Publication, singled_out: Sequence[str], slipped: Mapping[str, Slipped] | None = None
) -> list[News]:
    """The news of a publication, moves first.

    The locations of a customer that go the same way are one piece of news, except those that are
    `singled_out` because somebody chose something about them: each of these is one of its own.
    `slipped` has the features that those of `waiting_longer` wait for.
    """
    named = slipped or {}
    alone = pl.Series(singled_out, dtype=pl.String)
    is_alone = pl.col("location_id").is_in(alone.implode())
    features = pl.DataFrame(
        {
            "location_id": list(named),
            "feature": [each.feature for each in named.values()],
            "why": [each.why for each in named.values()],
        },
        schema=dict.fromkeys(("location_id", "feature", "why"), pl.String),
    )
    dates = new.dates.with_columns(location=pl.when(is_alone).then("location_id")).join(
        features, on="location_id", how="left"
    )
    moved = dates.filter(pl.col("reason").is_not_null())
    first = dates.filter(pl.col("promised").is_null() & pl.col("week").is_not_null())
    return [*_told(MOVED, moved), *_told(PROMISED, first)]


def waiting_longer(new: Publication) -> list[str]:
    """The locations that lose their week because a feature that they need comes later."""
    why = pl.col("reason") == MoveReason.feature_slipped.value
    return new.dates.filter(why)["location_id"].to_list()


def _told(event: str, dates: pl.DataFrame) -> Iterator[News]:
    rows = dates.group_by(BY).agg(locations=pl.len()).sort(BY, nulls_last=True)
    for customer, location, was, week, reason, feature, why, locations in rows.iter_rows():
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
            **({"feature": feature, "why": why} if feature else {}),
        }
        yield News(event, frozenset(subjects), facts)
