"""`wavepost import` as somebody at a terminal meets it."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.import_command import import_files
from bot.terminal import console
from store.session import Store

MASTER = (
    "location_id,customer_id,customer_name,csa_email,orders_28d,missed_orders_28d,last_order_on"
)
GOOD = f"{MASTER}\n1,C1,Joe,ana@x.de,5,1,2022-01-14\n"
A_PROGRAM = "import typer; from bot.import_command import import_files; typer.run(import_files)"

app = typer.Typer()
app.command()(import_files)

Import = Callable[..., Result]


@pytest.fixture
def on_15_january(database_url: str) -> str:
    async def begin() -> None:
        store = Store(database_url)
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_today(date(2022, 1, 15))
        await store.close()

    asyncio.run(begin())
    return database_url


@pytest.fixture
def run(on_15_january: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Import:
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", on_15_january)
    monkeypatch.setenv("WAVEPOST_SLACK_TOKEN", "xoxb-test")
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    def run(*words: object) -> Result:
        return CliRunner().invoke(app, [str(word) for word in words])

    return run


def locations(url: str) -> int:
    async def count() -> int:
        store = Store(url)
        async with store.reading() as reading:
            found = await reading.connection.execute(text("SELECT count(*) FROM locations"))
        await store.close()
        return int(found.scalar_one())

    return asyncio.run(count())


def test_a_sheet_comes_in_and_again_changes_nothing(
    run: Import, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    first = run(tmp_path / "a.csv")
    assert first.exit_code == 0
    assert "Imported: 1 location new." in first.output
    assert locations(database_url) == 1
    again = run(tmp_path / "a.csv")
    assert again.exit_code == 0
    assert "All of this was there already: nothing changed." in again.output


@pytest.mark.parametrize(
    ("rows", "outcome"),
    [
        ("1,,Joe,ana@x.de,5,1,\n", "No row could be taken: 1 was left out."),
        ("1,,Joe,,5,1,\n2,,Joe,ana@x.de,5,1,\n", "No row could be taken: 2 were left out."),
        ("", "There are no rows to import below the header: nothing changed."),
        ("Total,,,,5,1,\n", "There are no rows to import below the header: nothing changed."),
    ],
)
def test_a_sheet_of_which_nothing_can_be_taken_says_so(
    run: Import, tmp_path: Path, rows: str, outcome: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{MASTER}\n{rows}")
    said = run(tmp_path / "a.csv").output
    assert outcome in said
    assert "there already" not in said


def test_rejected_rows_are_not_said_to_be_there_already(run: Import, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    run(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_text(GOOD + "2,,Joe,ana@x.de,5,1,\n")
    said = run(tmp_path / "a.csv").output
    assert "The other rows were there already: nothing changed." in said


def test_the_mapping_is_shown(run: Import, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(
        "Store ID;Account;Account name;CSA;[bold]\n1;C1;Joe;ana@x.de;x\n"
    )
    shown = run(tmp_path / "a.csv", "--dry-run").output
    assert "a.csv is the master sheet" in shown
    assert re.search(r"Store ID\s+│ location id", shown)
    assert re.search(r"\[bold\]\s+│ not used", shown)


def test_nothing_in_a_sheet_or_its_name_commands_the_terminal(run: Import, tmp_path: Path) -> None:
    sheet = tmp_path / "a\x1b]0;x\x07[red].csv"
    sheet.write_text(f"{MASTER},c\x1b[2J\n2,C\x00\x1b[31m,[bold]J\u202eoe,ana\x9b@x.de,5,1,,\n")
    said = run(sheet, "--dry-run").output
    assert not set(said) & set("\x00\x07\x1b\x9b\u202e")
    assert "a␛]0;x␇[red].csv" in said
    assert "c␛[2J" in said
    assert "C␀␛[31m" in said
    assert r"ana\x9b@x.de" in said


def test_the_name_of_a_refused_file_commands_nothing(run: Import, tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"a\xff.csv")).write_text(GOOD)
    said = " ".join(run(*tmp_path.iterdir(), tmp_path / "gone\x1b.csv").output.split())
    assert "gone␛.csv: It cannot be opened" in said
    assert r"a\udcff.csv: The name of this file is not text in UTF-8. Rename it." in said


def test_a_dry_run_writes_nothing_but_the_rejects(
    run: Import, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "2,C1,Joe,ana@x.de,5,9,2022-01-14\n")
    result = run(tmp_path / "a.csv", "--dry-run")
    assert result.exit_code == 1
    assert "This was a dry run: nothing was imported." in result.output
    assert locations(database_url) == 0
    rejects = (tmp_path / "a-rejects.csv").read_text("utf-8-sig").splitlines()
    assert rejects[0] == f"{MASTER},problem"
    assert rejects[1].startswith("2,C1,Joe,ana@x.de,5,9,2022-01-14,")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2,,Joe,ana@x.de,5,1,2022-01-14", "It is empty."),
        ("2,C1,Joe,ana@x.de,-5,1,2022-01-14", ""),
        ("2,C1,Joe,ana@x.de,999999999999,1,2022-01-14", ""),
        ("2,C1,Joe,ana@x.de,5,1,2022-02-30", "This is not a date"),
        ("2,C1,Joe,ana@x.de,5,1,2022-01-16", ""),
        ("2,C1,Joe,not an address,5,1,2022-01-14", "This is not one e-mail address"),
    ],
)
def test_a_bad_row_is_rejected_and_the_good_ones_come_in(
    run: Import, database_url: str, tmp_path: Path, row: str, why: str
) -> None:
    (tmp_path / "a.csv").write_text(f"{GOOD}{row}\n")
    result = run(tmp_path / "a.csv", "--rejects", tmp_path / "b.csv")
    assert result.exit_code == 1
    assert "1 rejected row with the reasons: " in result.output
    assert why in (tmp_path / "b.csv").read_text("utf-8-sig")
    assert locations(database_url) == 1


def test_ids_that_are_there_twice_with_other_words_are_rejected(
    run: Import, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "1,C1,Joe,ana@x.de,6,1,2022-01-14\n")
    result = run(tmp_path / "a.csv")
    assert result.exit_code == 1
    assert "have the same location_id and say different things" in result.output
    assert locations(database_url) == 0


def test_ambiguous_dates_are_not_guessed(run: Import, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"{MASTER}\n1,C1,Joe,ana@x.de,5,1,03/04/2021\n")
    result = run(tmp_path / "a.csv")
    assert result.exit_code == 1
    assert locations(database_url) == 0


def test_a_formula_as_a_name_stays_a_name_and_runs_nowhere(run: Import, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.worksheets[0]
    page.append(["location_id", "customer_id", "customer_name", "csa_email"])
    page.append(["1", "C1", "x", "ana@x.de"])
    page.append(["2", "", "x", "ana@x.de"])
    for row in (2, 3):
        page.cell(row, 3).value = '=HYPERLINK("http://x")'
        page.cell(row, 3).data_type = "s"
    book.save(tmp_path / "a.xlsx")
    result = run(tmp_path / "a.xlsx", "--rejects", tmp_path / "b.csv")
    assert "1 location new" in result.output
    assert "'=HYPERLINK" in (tmp_path / "b.csv").read_text("utf-8-sig")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"%PDF-1.4", "This is a PDF."),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "This workbook is password protected.",
        ),
        (b"", "This file is empty."),
        (b"location_id,customer_id,customer_name,region\n1,C1,Joe,us\n", "no column for csa_email"),
        (b"email,key\n1,2\n", "Say what it is"),
        (b"foo,bar\n1,2\n", "Its first rows hold no headers that we know"),
        (b"1,C1,Joe,ana@x.de\n2,C2,Store,ana@x.de\n", "hold no headers that we know: put a row"),
    ],
)
def test_an_unreadable_file_keeps_all_files_out(
    run: Import, database_url: str, tmp_path: Path, content: bytes, words: str
) -> None:
    (tmp_path / "bad.csv").write_bytes(content)
    (tmp_path / "good.csv").write_text(GOOD)
    result = run(tmp_path / "good.csv", tmp_path / "bad.csv")
    assert result.exit_code == 2
    said = " ".join(result.output.split())
    assert "bad.csv: " in said
    assert words in said
    assert "Nothing was imported, also not from 1 other file." in said
    assert locations(database_url) == 0


def test_a_file_that_is_not_there_is_named(run: Import, tmp_path: Path) -> None:
    result = run(tmp_path / "gone.csv")
    assert result.exit_code == 2
    assert "gone.csv: It cannot be opened (No such file or directory)." in result.output


def test_two_sheets_with_rejects_have_a_file_each(run: Import, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "2,,Joe,ana@x.de,5,1,\n")
    (tmp_path / "c.csv").write_text("email,name,weekly_capacity\nana,Ana,5\n")
    result = run(tmp_path / "a.csv", tmp_path / "c.csv", "--rejects", tmp_path / "r.csv")
    assert result.exit_code == 1
    assert sorted(path.name for path in tmp_path.glob("r*")) == ["r-a.csv", "r-c.csv"]


def test_rejects_never_take_the_place_of_the_sheet_itself(run: Import, tmp_path: Path) -> None:
    sheet = tmp_path / "a.csv"
    sheet.write_text(GOOD + "2,,Joe,ana@x.de,5,1,\n")
    before = sheet.read_bytes()
    result = run(sheet, "--rejects", sheet)
    assert "a-2.csv (a.csv was there before and was kept)" in result.output
    assert sheet.read_bytes() == before


def test_rejects_that_somebody_corrected_are_kept(run: Import, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "2,,Joe,ana@x.de,5,1,\n")
    run(tmp_path / "a.csv")
    corrected = tmp_path / "a-rejects.csv"
    corrected.write_text(corrected.read_text("utf-8-sig").replace("2,,Joe", "2,C1,Joe"))
    before = corrected.read_bytes()
    result = run(tmp_path / "a.csv")
    assert "a-rejects-2.csv (a-rejects.csv was there before and was kept)" in result.output
    assert corrected.read_bytes() == before


def test_rejects_that_cannot_be_written_do_not_hide_what_came_in(
    run: Import, database_url: str, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text(GOOD + "2,,Joe,ana@x.de,5,1,\n")
    result = run(tmp_path / "a.csv", "--rejects", tmp_path / "no folder" / "b.csv")
    assert result.exit_code == 1
    assert "Imported: 1 location new" in result.output
    assert "Name another place with --rejects." in result.output
    assert locations(database_url) == 1


def test_a_database_that_is_away_is_told_with_the_reason_and_what_to_do(
    run: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", f"postgresql+asyncpg://x@/x?host={tmp_path}")
    (tmp_path / "a.csv").write_text(GOOD)
    result = run(tmp_path / "a.csv")
    assert result.exit_code == 2
    said = " ".join(result.stdout.split())
    assert said.startswith(
        "The database cannot be reached (No such file or directory), so nothing was changed."
    )
    assert "WAVEPOST_DATABASE_URL" in said


@pytest.mark.parametrize(("answer", "there"), [("y", 1), ("n", 0)])
def test_at_a_terminal_the_question_is_asked_first(
    on_15_january: str, tmp_path: Path, answer: str, there: int
) -> None:
    (tmp_path / "a.csv").write_text(GOOD)
    ours, theirs = os.openpty()
    os.write(ours, f"{answer}\n".encode())
    done = subprocess.run(
        [sys.executable, "-c", A_PROGRAM, str(tmp_path / "a.csv")],
        stdin=theirs,
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={"WAVEPOST_DATABASE_URL": on_15_january, "WAVEPOST_SLACK_TOKEN": "xoxb-test"},
    )
    os.close(theirs)
    os.close(ours)
    assert "Import this?" in done.stdout
    assert ("Nothing was imported." in done.stdout) is not bool(there)
    assert locations(on_15_january) == there
