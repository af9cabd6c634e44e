"""`wavepost audit export` and `verify`: a file of the audit in which no line can be changed unseen."""

import ast
import asyncio
import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import handlers.files
from bot.audit_command import audit
from bot.audit_file import CHAIN, COLUMNS, AuditFile, NotAnExport, verified
from bot.sealer import seal
from bot.terminal import console
from rules.linked_lines import START, linked
from store.audit import Change
from store.audit_lines import ABOUT_FILES
from store.session import Store

Command = Callable[..., Result]
CHANGES = [
    Change("file: release", "file 12", after={"spaces": ["Hop & Vine"], "note": "für Ö ☕\u202e"}),
    Change("role given", "U1", {"role": "lead"}, {"role": "admin"}, "=1+1, she said"),
    Change("file: revoke", "file 12", reason='\'twas the wrong\nprice list; "sorry"'),
    Change("joined a space", "0190d1f0", reason=""),
    Change("moved", "customer 3", {"week": None, "share": 0.1}, {"week": 3}),
]


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    async def begin() -> None:
        store = Store(database_url)
        async with store.transaction(actor="UAna") as tx:
            for change in CHANGES:
                tx.audit(change)
        await seal(store, None)
        await store.close()

    asyncio.run(begin())
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setenv("WAVEPOST_S3_BUCKET", "")
    monkeypatch.setattr(console, "width", 300)

    def run(*words: object) -> Result:
        return CliRunner().invoke(audit, [str(word) for word in words])

    return run


def lines_of(path: Path) -> list[dict[str, object]]:
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", ["audit.csv", "audit.jsonl"])
def test_what_was_exported_is_found_whole(run: Command, tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    exported = run("export", "--to", path)
    assert exported.exit_code == 0, exported.output
    assert "5 lines of the audit in " in exported.output
    assert len(lines_of(path)) == 6, "the last one is the export itself"
    found = run("verify", path)
    assert found.exit_code == 0, found.output
    assert "none of the 5 of the audit was changed" in found.output
    assert "its audit has an export with this fingerprint" in found.output
    assert run().exit_code == run("verify").exit_code == 0, "the audit itself"


def test_both_kinds_of_file_have_the_same_chain(run: Command, tmp_path: Path) -> None:
    kinds = tmp_path / "a.csv", tmp_path / "a.jsonl"
    run("export", "--to", kinds[0], "--files-only")
    run("export", "--to", kinds[1], "--files-only")
    in_sheet, in_json = ([line["chain"] for line in lines_of(path)][:-1] for path in kinds)
    assert in_sheet == in_json
    assert len(in_json) == 3, "two changes of a file, one of a space"


def actions_in(module: ast.Module) -> set[str]:
    """With what words the actions begin that a module writes into the audit."""
    named: dict[str, ast.expr] = {}
    actions: list[ast.expr] = []
    for node in ast.walk(module):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named[node.targets[0].id] = node.value
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Change":
            actions.append(node.args[0])
    told = [named[each.id] if isinstance(each, ast.Name) else each for each in actions]
    firsts = [each.values[0] if isinstance(each, ast.JoinedStr) else each for each in told]
    choices = [each.body if isinstance(each, ast.IfExp) else each for each in firsts]
    return {str(each.value) for each in choices if isinstance(each, ast.Constant)}


def test_whatever_is_done_with_files_is_in_the_export_of_files() -> None:
    patterns = [each.replace("%", "*") for each in ABOUT_FILES]
    modules = Path(handlers.files.__file__).parent.glob("*.py")
    found = [actions_in(ast.parse(each.read_text("utf-8"))) for each in modules]
    actions = set().union(*found)
    assert {"file: held", "joined a space", "space closed"} < actions
    assert [each for each in actions if not any(fnmatchcase(each, one) for one in patterns)] == []


def test_the_json_lines_hold_all_that_is_known(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    run("export", "--to", path)
    first, second, *_, last = lines_of(path)
    assert list(first) == [*COLUMNS, CHAIN]
    assert first["after"] == CHANGES[0].after
    assert first["actor"] == "UAna"
    assert first["seal"] == 1
    assert second["before"] == {"role": "lead"}
    assert last["action"] == "exported"
    assert last["after"] == {"lines": 5}


def test_no_text_of_the_sheet_is_run_as_a_formula(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    run("export", "--to", path)
    cells = [cell for line in lines_of(path) for cell in line.values()]
    assert "'=1+1, she said" in cells
    assert not [cell for cell in cells if str(cell).startswith(("=", "+", "-", "@"))]


def changes_of(content: str) -> dict[str, str]:
    """The ways in which a file may be changed, each as the file would then be."""
    lines = content.splitlines(keepends=True)
    return {
        "a word": content.replace("UAna", "UBob", 1),
        "a value": content.replace("lead", "csa", 1),
        "a line out": "".join(lines[:2] + lines[3:]),
        "two lines in another order": "".join([*lines[:1], lines[2], lines[1], *lines[3:]]),
        "a line twice": "".join([*lines[:2], lines[1], *lines[2:]]),
        "the end cut off": "".join(lines[:-1]),
        "half a line cut off": content[:-30],
        "nothing left": "",
    }


@pytest.mark.parametrize("name", ["audit.csv", "audit.jsonl"])
@pytest.mark.parametrize("change", changes_of("x\n" * 5))
def test_every_change_of_a_file_is_found(
    run: Command, tmp_path: Path, name: str, change: str
) -> None:
    path = tmp_path / name
    run("export", "--to", path)
    with path.open(encoding="utf-8", newline="") as file:
        content = file.read()
    changed = changes_of(content)[change]
    assert changed != content
    path.write_text(changed, encoding="utf-8", newline="")
    found = run("verify", path)
    assert found.exit_code == 1, found.output


def test_the_line_that_was_changed_is_named(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    run("export", "--to", path)
    path.write_text(path.read_text("utf-8").replace("wrong", "right"), encoding="utf-8")
    assert "Line 3, with the id 3, is not as it was exported" in run("verify", path).output


def test_of_a_name_that_comes_twice_in_a_line_none_is_believed(
    run: Command, tmp_path: Path
) -> None:
    path = tmp_path / "audit.jsonl"
    run("export", "--to", path)
    twice = path.read_text("utf-8").replace('"actor": "UAna"', '"actor": "UBob", "actor": "UAna"')
    path.write_text(twice, encoding="utf-8")
    with pytest.raises(NotAnExport, match="Line 1 cannot be read"):
        verified(path)


def made_anew(path: Path) -> None:
    """Change a line, and link all lines anew: each fits the one before it."""
    previous, lines = START, []
    for facts in lines_of(path):
        facts.pop(CHAIN)
        if facts["reason"]:
            facts["reason"] = "it was agreed"
        cells = [json.dumps(facts[name], sort_keys=True, ensure_ascii=False) for name in COLUMNS]
        previous = linked(previous, cells)
        lines.append(json.dumps(facts | {CHAIN: previous.hex()}, ensure_ascii=False) + "\n")
    path.write_text("".join(lines), encoding="utf-8")


def test_a_file_made_anew_as_a_whole_is_none_that_wavepost_wrote(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.jsonl"
    run("export", "--to", path)
    made_anew(path)
    found = run("verify", path)
    assert found.exit_code == 1
    assert "Wavepost never wrote a file with this fingerprint" in found.output
    monkeypatch.delenv("WAVEPOST_DATABASE_URL")
    alone = run("verify", path)
    assert alone.exit_code == 0
    assert "was not looked at, because WAVEPOST_DATABASE_URL is not set" in alone.output


def test_a_file_that_is_there_is_kept(run: Command, tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    path.write_text("mine")
    refused = run("export", "--to", path)
    assert refused.exit_code == 2
    assert "is there already, and was kept" in refused.output
    assert path.read_text() == "mine"
    assert run("export", "--to", tmp_path / "audit.txt").exit_code == 2
    assert run("export", "--to", tmp_path / "no" / "audit.csv").exit_code == 2


def test_a_file_that_does_not_become_whole_does_not_stay(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", "postgresql+asyncpg://a:b@127.0.0.1:9/c")
    path = tmp_path / "audit.csv"
    assert run("export", "--to", path).exit_code == 2
    assert not path.exists()


def test_an_audit_of_nothing_has_an_end_too(tmp_path: Path) -> None:
    path = tmp_path / "audit.csv"
    with path.open("x", encoding="utf-8", newline="") as file:
        AuditFile(file, ".csv").end(what="audit", at=datetime(2022, 1, 15, tzinfo=UTC), by="ana")
    assert verified(path).lines == 0
