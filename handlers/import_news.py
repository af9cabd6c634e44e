"""What is new when sheets are imported: the roadmap's dates, and locations that came or went."""

from collections.abc import Iterator, Mapping, Sequence

import polars as pl

from handlers import feature_news
from handlers.digest_words import ADDED, OFFBOARDED
from rules.activity import OFFBOARDED as GONE
from rules.columns import Kind as Sheet
from rules.following import Kind, News, Subject
from store.loading import Comparison
from store.session import Reading


async def news_of(reading: Reading, found: Mapping[Sheet, Comparison]) -> list[News]:
    """The news of an import whose rows are written: of what was there before it, by its last word."""
    news: list[News] = []
    if Sheet.features in found:
        today = (await reading.clock.now()).date()
        news += await feature_news.news_of(reading, found[Sheet.features], today)
    if Sheet.master in found:
        news += _of_locations(found[Sheet.master], await reading.subscriptions.singled_out())
    return news


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
