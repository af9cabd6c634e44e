"""What is new when features get other dates or are released: who waits longer, and who can move now."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any

import polars as pl

from handlers.dates import short
from handlers.digest_words import DATED, ELIGIBLE, RELEASED, SLIPPED, SOONER
from handlers.drafting import ask_for_draft
from handlers.feature_announcing import ANNOUNCED, FeatureEvent, have_announced, readers
from rules.following import Kind, News, Subject
from store.features import waiting_for
from store.loading import Comparison
from store.roadmap import Eligible
from store.session import Reading, Transaction

Feature = dict[str, Any]
IN_SHORT = {
    RELEASED: "is released",
    SLIPPED: "comes later",
    SOONER: "comes sooner",
    DATED: "has a date",
}


async def news_of(
    reading: Reading, features: Comparison, today: date, *, why: str | None = None
) -> list[News]:
    """The news of features whose rows are written: of those that were there before.

    A feature's news concerns who follows it, and the customers that wait for it. Customers that
    wait for nothing else any more hear that they can move, instead. Who reads it in a channel need not
    hear that a feature was released or slipped.
    """
    changes = {each["key"]: each for each in _changed(features, why)}
    told = [key for key, each in changes.items() if each["event"] in ANNOUNCED]
    known = await readers(reading, told)
    waiting: dict[str, list[str]] = defaultdict(list)
    for feature, customer in await waiting_for(reading.connection, list(changes)):
        waiting[feature].append(customer)
    released = [key for key, each in changes.items() if each["event"] == RELEASED]
    alone = await reading.subscriptions.singled_out() if released else []
    eligible = await reading.roadmap.eligible(released, today, singled_out=alone)
    may_move = {each.customer_id for each in eligible}
    news = [_eligible(each) for each in eligible]
    for key, change in changes.items():
        others = [each for each in waiting[key] if key not in released or each not in may_move]
        known_to = known.get(key, frozenset())
        news += [_of_feature(change, customer, known_to) for customer in (None, *others)]
    return news


async def have_replanned(tx: Transaction, features: Comparison) -> str | None:
    """Ask for a draft of a new plan where features changed that somebody waits for; what to say of it.

    None where nobody does, or no plan is in force that they could have changed.
    """
    changes = list(_changed(features, None))
    waited_for = await waiting_for(tx.connection, [each["key"] for each in changes])
    if not waited_for or not await tx.plans.in_force():
        return None
    return await ask_for_draft(tx, asked_by=tx.actor, why=_in_short(features, changes))


async def tell_channels(
    tx: Transaction, features: Comparison, at: datetime, *, why: str | None = None
) -> None:
    """Have channels told of features that were released or slipped, by an import or by a lead."""
    await have_announced(
        tx,
        [
            FeatureEvent(
                each["key"],
                each["event"],
                at,
                was=each["from"],
                to=each["to"],
                on=each["on"],
                why=each["why"] or "",
            )
            for each in _changed(features, why)
        ],
    )


def _in_short(features: Comparison, changes: Sequence[Feature]) -> str:
    """What happened to the features, as the end of a sentence: "Kiosk comes later"."""
    if len(changes) > 1:
        return f"{len(changes):,} features have other dates"
    (change,) = changes
    name = features.changed.row(by_predicate=pl.col("key") == change["key"], named=True)["name"]
    return f"{short(name)} {IN_SHORT[change['event']]}"


def _changed(features: Comparison, why: str | None) -> Iterator[Feature]:
    """The features whose date or release is another than before, and what happened to them."""
    was = features.before.rename(lambda name: name if name == "key" else f"old_{name}")
    for row in features.changed.join(was, on="key").sort("key").iter_rows(named=True):
        target, old = row["target_release_on"], row["old_target_release_on"]
        if event := _event(target, old, row["released_on"], row["old_released_on"]):
            yield {
                "event": event,
                "key": row["key"],
                "from": old,
                "to": target,
                "on": row["released_on"],
                "why": why,
            }


def _event(
    target: date | None, old: date | None, released: date | None, old_released: date | None
) -> str | None:
    if released:
        return None if old_released else RELEASED
    if target == old:
        return None
    if old is None:
        return DATED
    return SOONER if target and target < old else SLIPPED


def _of_feature(change: Feature, customer: str | None, known_to: AbstractSet[str]) -> News:
    subjects = [Subject(Kind.feature, change["key"])]
    subjects += [Subject(Kind.customer, customer)] if customer else []
    facts = {
        "feature": change["key"],
        "customer": customer,
        "from": _written(change["from"]),
        "week": _written(change["to"]),
        "on": _written(change["on"]),
        "why": change["why"],
    }
    return News(change["event"], frozenset(subjects), facts, known_to)


def _eligible(found: Eligible) -> News:
    subjects = [Subject(Kind.customer, found.customer_id)]
    subjects += [Subject(Kind.location, found.location_id)] if found.location_id else []
    facts = {
        "customer": found.customer_id,
        "location": found.location_id,
        "locations": found.locations,
        "feature": found.feature,
        "on": found.released_on.isoformat(),
        "week": _written(found.week),
    }
    return News(ELIGIBLE, frozenset(subjects), facts)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None
