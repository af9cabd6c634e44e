"""The index of names: what customers and locations are found by, right after each import."""

import asyncio

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.naming import folded
from store.loading import Comparison, Progress, compare, put, unheard

KEY = ("kind", "id")
NAME_COLUMNS = ("kind", "id", "customer_id", "name")

ADD_WORDS = text("""
    INSERT INTO words (word) SELECT unnest(CAST(:words AS text[])) ON CONFLICT DO NOTHING
""")
FORGET_WORDS = text("""
    DELETE FROM words USING unnest(CAST(:words AS text[]), CAST(:queries AS text[]))
        AS gone (word, query)
    WHERE words.word = gone.word
    AND NOT EXISTS (
        SELECT FROM names WHERE kind = 'customer' AND words @@ CAST(gone.query AS tsquery))
    AND NOT EXISTS (
        SELECT FROM names WHERE kind = 'location' AND words @@ CAST(gone.query AS tsquery))
""")


def renamed(names: pl.DataFrame, before: pl.DataFrame) -> Comparison:
    """Names that are new or other than before; both frames have NAME_COLUMNS. Long work."""
    found = compare(names.select(NAME_COLUMNS), before.select(NAME_COLUMNS), key=KEY)
    gone = before.join(found.changed, on=list(KEY), how="semi")
    return Comparison(
        added=_indexed(found.added),
        changed=_indexed(found.changed),
        vanished=found.vanished,
        before=gone.with_columns(folded(pl.col("name")).alias("folded")),
    )


def _indexed(names: pl.DataFrame) -> pl.DataFrame:
    """Names with what they are found by, in the order in which the index takes them fastest."""
    return (
        names.with_columns(folded(pl.col("name")).alias("folded"))
        .with_columns(_vector("folded").alias("words"))
        .sort(KEY)
    )


def _vector(name: str) -> pl.Expr:
    """The distinct words as PostgreSQL writes a tsvector, each in quotes."""
    return pl.col(name).str.split(" ").list.unique().list.eval(_quoted(pl.element())).list.join(" ")


def _quoted(words: pl.Expr) -> pl.Expr:
    return pl.lit("'") + words.str.replace_all(r"['\\]", "${0}${0}") + pl.lit("'")


async def keep_names(
    connection: AsyncConnection, found: Comparison, progress: Progress = unheard
) -> None:
    """Write names that `renamed` found, and the words that are new or that no name has any more."""
    await put(
        connection,
        "names",
        added=found.added,
        changed=found.changed,
        key=KEY,
        types={"words": "tsvector"},
        progress=progress,
    )
    new = await asyncio.to_thread(_distinct_words, found.written)
    if new.len():
        await connection.execute(ADD_WORDS, {"words": new.to_list()})
    gone = _distinct_words(found.before)
    gone = gone.filter(~gone.is_in(new.implode()))
    if gone.len():
        queries = gone.to_frame("word").select(_quoted(pl.col("word")))["literal"]
        await connection.execute(
            FORGET_WORDS, {"words": gone.to_list(), "queries": queries.to_list()}
        )


def _distinct_words(names: pl.DataFrame) -> pl.Series:
    return names["folded"].str.split(" ").explode().unique().sort()
