"""`wavepost plan --from … --to …` as somebody at a terminal meets it, without any database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import typer
from typer.testing import CliRunner, Result

from bot.plan_command import plan_waves
from bot.terminal import console

HEAD = "location_id,customer_id,customer_name,csa_email,region,requires"
MASTER = f"""{HEAD}
L1,C1,Joe,ana@x.de,EU,
L2,C1,Joe,ana@x.de,EU,
L3,C2,Bay,ana@x.de,US,kds
L4,C3,Cod,ben@x.de,US,
"""
FEATURES = "key,name,target_release_on\nkds,Kitchen,2022-03-01\n"

app = typer.Typer()
app.command()(plan_waves)

Run = Callable[..., Result]
Page = list[tuple[Any, ...]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.delenv("WAVEPOST_DATABASE_URL", raising=False)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken
    monkeypatch.chdir(tmp_path)

    def run(*words: str, **files: str) -> Result:
        for name, content in files.items():
            Path(f"{name}.csv").write_text(content)
        named = [word for name in files for word in ("--from", f"{name}.csv")]
        return CliRunner().invoke(
            app, [*named, "--to", "plan.xlsx", "--today", "2022-01-15", *words]
        )

    return run


def pages() -> dict[str, Page]:
    book = openpyxl.load_workbook("plan.xlsx")
    return {sheet.title: list(sheet.iter_rows(min_row=2, values_only=True)) for sheet in book}


def summary() -> dict[str, str]:
    return {row[0]: row[1] for row in pages()["Summary"]}


def test_sheets_become_a_workbook_with_every_date_and_why(run: Run) -> None:
    done = run(master=MASTER, features=FEATURES)
    assert done.exit_code == 0, done.output
    assert "The plan is in plan.xlsx." in done.output
    book = pages()
    assert list(book) == [
        "Summary",
        "Waves",
        "Customers",
        "Locations",
        "Without a date",
        "Load",
        "Parameters",
        "Left out",
    ]
    weeks = {row[1]: f"{row[0]:%Y-%m-%d}" for row in book["Locations"]}
    assert weeks.keys() == {"L1", "L2", "L3", "L4"}
    assert weeks["L3"] == "2022-03-07"
    [bay] = [row for row in book["Customers"] if row[0] == "Bay"]
    assert bay[-1] == "A feature it needs is not released before."
    assert sum(row[1] for row in book["Waves"]) == 4
    assert sum(row[2] for row in book["Load"]) == 4
    assert {row[3] for row in book["Load"]} == {20}


@pytest.mark.usefixtures("run")
def test_an_old_export_is_planned_as_of_its_newest_order() -> None:
    rows = [f"L{n},C{n},Joe {n},ana@x.de,EU,,2022-01-{n:02},90" for n in range(10, 15)]
    head = f"{HEAD},last_order_on,orders_28d"
    Path("old.csv").write_text("\n".join([head, *rows]))
    done = CliRunner().invoke(app, ["--from", "old.csv", "--to", "plan.xlsx"])
    assert done.exit_code == 0, done.output
    told = "Planned as of Fri 14 Jan 2022, the day of the newest order in the sheets; --today"
    assert told in done.output
    assert len(pages()["Locations"]) == 5, "nobody counts as gone"


@pytest.mark.parametrize("day", ["9999-12-31", "1999-12-31"])
def test_a_day_that_no_plan_begins_at_is_refused(run: Run, day: str) -> None:
    done = run("--today", day, master=MASTER)
    assert done.exit_code == 2
    assert f"--today is a day from 2000 to 2099, not {day}." in done.output


def test_a_file_that_is_named_twice_is_refused(run: Run) -> None:
    done = run("--from", "./master.csv", master=MASTER)
    assert done.exit_code == 2
    assert "master.csv is named twice. Name each file once; nothing was planned." in done.output


def test_the_defaults_that_were_assumed_are_named(run: Run) -> None:
    done = run(master=MASTER)
    words = "There is no list of CSAs: 20 locations a week for each CSA, and no leave."
    assert words in done.output
    assert words in [row[1] for row in pages()["Summary"]]
    assert ("Usual capacity", "default_capacity", "20") in [
        row[:3] for row in pages()["Parameters"]
    ]


def test_how_good_the_plan_is_is_said_in_words(run: Run) -> None:
    run(master=MASTER, features=FEATURES)
    said = summary()
    assert said["Best possible"].startswith("No plan of these sheets costs less than")
    assert said["How good it is"].endswith("above the best possible.")


def test_capacity_leave_and_blackouts_count(run: Run) -> None:
    done = run(
        master=MASTER,
        csas="email,weekly_capacity,leave_weeks\nana@x.de,1,2022-02-07\nben@x.de,5,\n",
        blackouts="region,from,to,why\n*,2022-01-17,2022-01-23,holiday\n",
        features="key,released_on\nkds,2022-01-10\n",
    )
    assert done.exit_code == 0, done.output
    weeks = [row[0] for row in pages()["Waves"]]
    assert min(f"{week:%Y-%m-%d}" for week in weeks) == "2022-01-24"
    load = {(row[0], f"{row[1]:%Y-%m-%d}"): row[2:] for row in pages()["Load"]}
    assert load["ana@x.de", "2022-02-07"] == (0, 0)
    assert all(locations <= capacity for locations, capacity in load.values())


def test_who_has_no_date_is_told_why(run: Run) -> None:
    run(master=MASTER, features="key,name\nkds,Kitchen\n")
    [bay] = pages()["Without a date"]
    assert bay == (
        "L3",
        "Bay L3",
        "Bay",
        "ana@x.de",
        "It waits for kds, which has no release date.",
    )


@pytest.mark.parametrize(
    ("files", "why"),
    [
        (
            {"csas": "email,weekly_capacity\nana@x.de,0\nben@x.de,0\n"},
            "No room left with their CSA.",
        ),
        (
            {"blackouts": "region,from,to\n*,2022-01-01,2024-01-01\n"},
            "Nobody moves in the weeks that are left.",
        ),
    ],
)
def test_a_plan_that_can_place_nobody_says_so(run: Run, files: dict[str, str], why: str) -> None:
    done = run(master=MASTER.replace("kds", ""), **files)
    assert done.exit_code == 0, done.output
    assert [row[-1] for row in pages()["Without a date"]] == [why] * 4
    assert pages()["Waves"] == []


def test_a_customer_larger_than_its_csas_year_has_no_date_and_the_others_have(run: Run) -> None:
    giant = "".join(f"G{number},G,Giant,ana@x.de,EU,\n" for number in range(60))
    master = MASTER.replace("kds", "") + giant
    done = run(master=master, csas="email,weekly_capacity\nana@x.de,1\n")
    assert done.exit_code == 0, done.output
    assert {row[2] for row in pages()["Without a date"]} == {"Giant"}
    assert len(pages()["Locations"]) == 4


def test_one_customer_is_planned(run: Run) -> None:
    assert run(master=f"{HEAD}\nL1,C1,Joe,ana@x.de,,\n").exit_code == 0
    assert len(pages()["Locations"]) == 1


def test_history_and_a_second_master_sheet_are_laid_over(run: Run) -> None:
    done = run(
        master=MASTER,
        more=f"{HEAD}\nL1,C1,Joe's,ana@x.de,EU,\n",
        history="location_id,week_start,orders\nL1,2022-01-03,70\nL9,2022-01-03,70\n",
    )
    assert done.exit_code == 1, done.output
    assert {row[0] for row in pages()["Customers"]} == {"Joe's", "Bay", "Cod"}
    [left_out] = pages()["Left out"]
    assert left_out[:2] == ("history.csv", 3)


def test_rows_that_cannot_be_used_are_named_and_the_others_planned(run: Run) -> None:
    done = run(master=f"{MASTER}L5,,Eve,ana@x.de,EU,\n")
    assert done.exit_code == 1
    assert "1 row left out" in done.output
    [row] = pages()["Left out"]
    assert row == ("master.csv", 6, "customer_id", None, "It is empty.")


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"features": FEATURES}, "There is no master sheet among these files"),
        ({"master": f"{HEAD}\n,C1,Joe,ana@x.de,,\n"}, "there is nothing to plan"),
        ({"master": "location_id,customer_name\nL1,Joe\n"}, "no column for"),
        ({"master": ""}, "master.csv"),
    ],
)
def test_what_cannot_be_planned_is_refused_in_words(
    run: Run, files: dict[str, str], words: str
) -> None:
    done = run(**files)
    assert done.exit_code == 2
    assert words in done.output
    assert not Path("plan.xlsx").exists()


def test_a_workbook_that_is_there_is_never_written_over(run: Run) -> None:
    Path("plan.xlsx").write_text("mine")
    done = run(master=MASTER)
    assert done.exit_code == 2
    assert "plan.xlsx is there already and stays as it is." in done.output
    assert Path("plan.xlsx").read_text() == "mine"


@pytest.mark.parametrize(
    ("place", "words"),
    [("plan.csv", "ends in .xlsx"), ("nowhere/plan.xlsx", "There is no folder nowhere")],
)
def test_a_place_it_cannot_be_written_to_is_refused_at_once(
    run: Run, place: str, words: str
) -> None:
    done = run("--to", place, master=MASTER)
    assert done.exit_code == 2
    assert words in done.output


def test_sheets_without_a_workbook_are_refused(run: Run) -> None:
    done = CliRunner().invoke(app, ["--from", "master.csv"])
    assert done.exit_code == 2
    assert "--from and --to go together" in done.output


def test_several_sheets_may_follow_one_from(run: Run) -> None:
    Path("features.csv").write_text(FEATURES)
    done = run("features.csv", master=MASTER)
    assert done.exit_code == 0, done.output
    assert len(pages()["Locations"]) == 4


def test_text_that_looks_like_a_formula_stays_text(run: Run) -> None:
    run(master=f"{HEAD}\nL1,C1,=SUM(A1),ana@x.de,,\n")
    assert pages()["Customers"][0][0] == "=SUM(A1)"
