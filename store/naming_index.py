"""The index of names: what customers and locations are found by, right after each import."""

from dataclasses import dataclass

import polars as pl
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from rules.naming import folded
from store.copying import Progress, unheard
from store.loading import compare, put

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


@dataclass(frozen=True, eq=False)
class Renaming:
    """Names to write, the distinct words of these, and words that perhaps no name has any more."""

    added: pl.DataFrame
    changed: pl.DataFrame
    words: pl.Series
    gone: pl.Series


def renamed(names: pl.DataFrame, before: pl.DataFrame) -> Renaming:
    """The names that are new or other than before; both frames have NAME_COLUMNS. Long work."""
    found = compare(names.select(NAME_COLUMNS), before.select(NAME_COLUMNS), key=KEY)
    given_up = before.join(found.changed, on=list(KEY), how="semi")
    added, changed = _indexed(found.added), _indexed(found.changed)
    words = _distinct_words(pl.concat([added["folded"], changed["folded"]]))
    gone = _distinct_words(given_up.select(folded(pl.col("name")))["name"])
    return Renaming(added, changed, words, gone.filter(~gone.is_in(words.implode())))


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
    connection: AsyncConnection, names: Renaming, progress: Progress = unheard
) -> None:
    """Write names that `renamed` found; add their words, forget those that no name has any more."""
    await put(
        connection,
        "names",
        added=names.added,
        changed=names.changed,
        key=KEY,
        types={"words": "tsvector"},
        progress=progress,
    )
    if names.words.len():
        await connection.execute(ADD_WORDS, {"words": names.words.to_list()})
    if names.gone.len():
        queries = names.gone.to_frame("word").select(_quoted(pl.col("word")).alias("query"))
        await connection.execute(
            FORGET_WORDS, {"words": names.gone.to_list(), "queries": queries["query"].to_list()}
        )


def _distinct_words(plain: pl.Series) -> pl.Series:
    return plain.str.split(" ").explode().unique().sort()
