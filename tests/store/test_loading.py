"""COPY out and in, and what differs between two frames."""

from datetime import date

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from store.copying import copied_in, copied_out
from store.loading import compare, put
from store.session import Store

FEATURES = "SELECT key, name, target_release_on, released_on FROM features ORDER BY key"
SCHEMA = {
    "key": pl.String(),
    "name": pl.String(),
    "target_release_on": pl.Date(),
    "released_on": pl.Date(),
}
AWKWARD = ['"', "a,b", "\\.", "\\N", "", " ", "NULL", "two\nlines", "{1,2}", "'", "é🍕", "\t"]
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
cells = st.none() | st.integers(0, 2)
tables = st.dictionaries(st.integers(0, 9), st.tuples(cells, cells), max_size=8)


def features(*rows: tuple[str, str, date | None]) -> pl.DataFrame:
    named = [(*row, None) for row in rows]
    return pl.DataFrame(named, schema=SCHEMA, orient="row")


async def test_awkward_texts_come_back_as_they_went_in(store: Store) -> None:
    rows = features(*((f"{at:02}", name, None) for at, name in enumerate(AWKWARD)))
    async with store.transaction(actor="test") as tx:
        await copied_in(tx.connection, "features", rows)
    async with store.reading() as reading:
        assert (await copied_out(reading.connection, FEATURES, SCHEMA)).equals(rows)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.lists(texts, min_size=1, max_size=20))
async def test_any_text_comes_back_after_a_change(store: Store, names: list[str]) -> None:
    keys = [f"{at:02}" for at in range(len(names))]
    old = features(*((key, "old", None) for key in keys))
    new = features(*((key, name, date(2022, 1, 3)) for key, name in zip(keys, names, strict=True)))
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(text("DELETE FROM features"))
        await put(tx.connection, "features", added=old, changed=new, key=["key"])
        assert (await copied_out(tx.connection, FEATURES, SCHEMA)).equals(new)


async def test_lists_become_arrays_both_when_new_and_when_changed(store: Store) -> None:
    needs = [["a", 'b"c'], ["d\\e,f"], []]
    rows = pl.DataFrame(
        {"id": ["1", "2", "3"], "name": ["x"] * 3, "customer_id": ["C"] * 3, "requires": needs},
        schema_overrides={"requires": pl.List(pl.String)},
    )
    customer = pl.DataFrame({"id": ["C"], "name": ["C"], "csa_email": ["a@x.de"]})
    query = text("SELECT requires FROM locations ORDER BY id")
    async with store.transaction(actor="test") as tx:
        await copied_in(tx.connection, "customers", customer)
        await copied_in(tx.connection, "locations", rows)
        assert list((await tx.connection.execute(query)).scalars()) == needs
        turned = rows.with_columns(pl.col("requires").reverse())
        await put(tx.connection, "locations", added=rows.clear(), changed=turned, key=["id"])
        assert list((await tx.connection.execute(query)).scalars()) == needs[::-1]


async def test_nothing_is_read_from_an_empty_table_with_its_types(store: Store) -> None:
    async with store.reading() as reading:
        found = await copied_out(reading.connection, FEATURES, SCHEMA)
    assert found.schema == pl.Schema(SCHEMA)
    assert found.is_empty()


async def test_progress_counts_every_row(store: Store) -> None:
    heard: list[int] = []
    rows = features(*((str(at), "x", None) for at in range(7)))
    async with store.transaction(actor="test") as tx:
        await put(
            tx.connection,
            "features",
            added=rows.head(5),
            changed=rows.head(5),
            key=["key"],
            progress=heard.append,
        )
    assert sum(heard) == 10


@given(there=tables, said=tables)
@settings(max_examples=60, deadline=None)
def test_every_row_is_added_changed_or_neither(
    there: dict[int, tuple[int | None, int | None]], said: dict[int, tuple[int | None, int | None]]
) -> None:
    def frame(table: dict[int, tuple[int | None, int | None]]) -> pl.DataFrame:
        rows = [(key, *values) for key, values in table.items()]
        return pl.DataFrame(rows, schema=dict.fromkeys("kab", pl.Int64), orient="row")

    found = compare(frame(said), frame(there), key=["k"])
    assert found.added["k"].to_list() == [key for key in said if key not in there]
    assert found.changed["k"].to_list() == [
        key for key in said if key in there and said[key] != there[key]
    ]
    # A first import compares with nothing: then there is nothing to vanish either.
    assert set(found.vanished["k"]) == set(there) - set(said)
    assert found.writes_something == bool(found.written.height)


async def test_a_row_that_breaks_a_constraint_is_not_kept(store: Store) -> None:
    row = features(("a", "A", None))
    with pytest.raises(Exception, match="duplicate key"):
        async with store.transaction(actor="test") as tx:
            await copied_in(tx.connection, "features", pl.concat([row, row]))
    async with store.reading() as reading:
        assert (await copied_out(reading.connection, FEATURES, SCHEMA)).is_empty()
