"""Receipts of a file as a sheet, read back as programs read it: what is proven, and nothing that runs."""

import csv
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from handlers.files.receipt_lines import lines_of
from handlers.files.receipts_sheet import COLUMNS, sheet, sheet_name
from rules.receipts import Kind, Refusal
from store.session import Store, Transaction
from store.shared_file_rows import SharedFileRow
from tests.store.parcels_given import NOW, delivered, member, released, space

ODD = (
    "../../etc/passwd",
    '=HYPERLINK("https://evil.example","Menus")',
    "@SUM(A1)",
    "\t=1+1",
    "Ann\u202egpj.exe",
    'say "hello", twice;\nin two lines',
    "m" * 300,
    "Menus 🍕👩\u200d🍳",
)


async def read_back(tx: Transaction, row: SharedFileRow) -> list[dict[str, str]]:
    found = await tx.shared_files.get(row.id)
    assert found
    written = sheet(found, await lines_of(tx, found)).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(written, newline="")))


def proven(of: Mapping[str, str], *columns: str) -> list[str]:
    return [of[column] for column in columns]


async def test_each_recipient_has_a_row_with_what_is_proven_and_when(store: Store) -> None:
    opened_at = NOW + timedelta(hours=1)
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        row = await released(tx, at, title="Menus", file_name="menus.csv", sha256="ab" * 32)
        dana, ed = [await member(tx, at, f"{who}@acme.example") for who in ("dana", "ed")]
        of_dana, of_ed = await delivered(tx, row, at, dana, ed)
        await tx.evidence.note(of_dana.id, Kind.notified, NOW)
        await tx.evidence.note(of_dana.id, Kind.opened, opened_at, by=dana.id)
        await tx.evidence.note(of_dana.id, Kind.opened, opened_at, by=ed.id)
        await tx.evidence.note(of_ed.id, Kind.undelivered, NOW)
        await tx.evidence.note(
            of_ed.id, Kind.refused, opened_at, by=ed.id, why=Refusal.limit_reached
        )
        of_ed_row, of_dana_row = await read_back(tx, row)
    assert tuple(of_ed_row) == COLUMNS
    said = ("recipient", "e-mail", "organisation", "space", "still a member", "file name")
    assert proven(of_dana_row, *said) == [
        *("dana", "dana@acme.example", "Acme", "reports", "yes", "menus.csv")
    ]
    graded = ("what is proven", "has opened it", "could be reached")
    assert proven(of_dana_row, *graded) == ["opened it", "yes", "yes"]
    assert proven(of_ed_row, *graded) == ["not reached yet", "no", "no"]
    assert of_dana_row["others by the same link"] == "ed: opened it"
    assert of_ed_row["why refused last"] == "limit reached"
    assert of_ed_row["opened at"] == ""
    for told in (of_dana_row["opened at"], of_ed_row["last refused at"]):
        assert told == "2022-01-15T13:00:00+00:00"
        assert datetime.fromisoformat(told) == opened_at.astimezone(UTC)


async def test_odd_names_come_back_in_one_cell_each_and_run_nothing(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        for odd in ODD:
            row = await released(tx, at, title=odd, file_name=odd, sha256="ab" * 32)
            dana = await member(tx, at, "dana@acme.example")
            await delivered(tx, row, at, dana)
            [read] = await read_back(tx, row)
            assert read["title"].removeprefix("'") == odd
            assert not read["title"].startswith(("=", "+", "-", "@", "\t"))
            assert not read["file name"].startswith(("=", "+", "-", "@", "\t"))
            assert "/" not in read["file name"]
            assert "\u202e" not in read["file name"]
            assert read["recipient"] == "dana"


async def test_it_is_saved_under_a_name_that_says_what_it_is(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        for title, said in (
            ("Menus for June", "Menus for June"),
            ("../a\u202eb", ".._ab"),
            ("m" * 300, "m" * 79 + "…"),
        ):
            row = await released(tx, at, title=title)
            found = await tx.shared_files.get(row.id)
            assert found
            assert sheet_name(found) == f"Receipts of file {row.number}, {said}.csv"
