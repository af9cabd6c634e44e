"""What is new when sheets are imported: the roadmap's dates, and locations that came or went."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from handlers.digest_words import ADDED, OFFBOARDED, RELEASED, SLIPPED, SOONER
from rules.activity import OFFBOARDED as GONE
from rules.columns import Kind as Sheet
from rules.following import Kind, News, Subject
from store.features import waiting_for
from store.loading import Comparison
from store.session import Reading

Feature = dict[str, Any]


async def news_of(reading: Reading, found: Mapping[Sheet, Comparison]) -> list[News]:
    """The news of an import whose rows are written: of what was there before it, by its last word.

    A feature's news concerns who follows it, and the customers that wait for it.
    """
    news: list[News] = []
    if Sheet.features in found:
        changes = {each["key"]: each for each in _changed(found[Sheet.features])}
        waiting: dict[str, list[str]] = defaultdict(list)
        for feature, customer in await waiting_for(reading.connection, list(changes)):
            waiting[feature].append(customer)
        for key, change in changes.items():
            news += [_of_feature(change, customer) for customer in (None, *waiting[key])]
    if Sheet.master in found:
        news += _of_locations(found[Sheet.master], await reading.subscriptions.singled_out())
    return news


def _changed(features: Comparison) -> Iterator[Feature]:
    """The features whose date or release is another than before, and what happened to them."""
    was = features.before.rename(lambda name: name if name == "key" else f"old_{name}")
    for row in features.changed.join(was, on="key").sort("key").iter_rows(named=True):
        target, old = row["target_release_on"], row["old_target_release_on"]
        if row["released_on"]:
            if not row["old_released_on"]:
                yield {"event": RELEASED, "key": row["key"], "from": old, "to": target}
        elif old and target != old:
            event = SOONER if target and target < old else SLIPPED
            yield {"event": event, "key": row["key"], "from": old, "to": target}


def _of_feature(change: Feature, customer: str | None) -> News:
    subjects = [Subject(Kind.feature, change["key"])]
    subjects += [Subject(Kind.customer, customer)] if customer else []
    facts = {
        "feature": change["key"],
        "customer": customer,
        "from": change["from"].isoformat() if change["from"] else None,
        "week": change["to"].isoformat() if change["to"] else None,
    }
    return News(change["event"], frozenset(subjects), facts)


def _of_locations(found: Comparison, singled_out: Sequence[str]) -> Iterator[News]:
    """Locations that came to a customer that had some, and those that are offboarded now."""
    if found.before.is_empty():
        return
    came = found.added.join(found.before, on="customer_id", how="semi")
    stayed = found.before.filter(pl.col("status") != GONE)
    went = found.changed.filter(pl.col("status") == GONE).join(stayed, on="location_id", how="semi")
    alone = pl.Series(singled_out, dtype=pl.String).implode()
    location = pl.when(pl.col("location_id").is_in(alone)).then("location_id").alias("location")
    for event, rows in ((ADDED, came), (OFFBOARDED, went)):
        counted = rows.group_by("customer_id", location).agg(pl.len()).sort(pl.all())
        for customer, one, locations in counted.iter_rows():
            subjects = [Subject(Kind.customer, customer)]
            subjects += [Subject(Kind.location, one)] if one else []
            facts = {"customer": customer, "location": one, "locations": locations}
            yield News(event, frozenset(subjects), facts)
