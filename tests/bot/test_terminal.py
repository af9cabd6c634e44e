"""The terminal asks for no more than a command needs, and says where to find what is missing."""

import logging
import os
import re
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.terminal import console
from store.session import Store

Run = Callable[..., Result]
NOWHERE = "postgresql+asyncpg://wavepost_app@127.0.0.1:1/wavepost"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """The program in an environment with these settings of WAVEPOST_…, and no others."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    monkeypatch.setattr(console, "width", 300)
    for name in list(os.environ):
        if name.startswith("WAVEPOST_"):
            monkeypatch.delenv(name)

    def run(*words: str, **settings: str) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(f"WAVEPOST_{name.upper()}", value)
        return CliRunner().invoke(app, words)

    yield run
    root.handlers, root.level = handlers, level


NEEDS = [
    (["migrate"], {"OWNER_URL"}),
    (["audit"], {"DATABASE_URL"}),
    (["plan"], {"DATABASE_URL"}),
    (["import", "sheet.csv"], {"DATABASE_URL"}),
    (["roles", "list"], {"DATABASE_URL"}),
    (["serve"], {"DATABASE_URL", "SLACK_TOKEN"}),
    (["doctor"], {"DATABASE_URL", "SLACK_TOKEN"}),
]


@pytest.mark.parametrize(("words", "needed"), NEEDS, ids=[words[0] for words, _ in NEEDS])
def test_a_command_names_what_it_needs_and_nothing_else(
    words: list[str], needed: set[str], run: Run
) -> None:
    said = run(*words)

    assert said.exit_code == 2
    assert set(re.findall(r"WAVEPOST_(\w+) is not set", said.output)) == needed
    assert "docs/operating.md" in said.output
    assert ".sandbox/environment" in said.output


def test_what_is_missing_says_where_it_comes_from(run: Run) -> None:
    said = run("serve", database_url=NOWHERE).output

    assert "WAVEPOST_SLACK_TOKEN is not set" in said
    assert "api.slack.com/apps, your app, OAuth & Permissions" in said


def test_a_database_and_no_slack_is_enough_to_look_into_it(
    run: Run, database_url: str, store: Store
) -> None:
    said = run("roles", "list", database_url=database_url)
    audited = run("audit", database_url=database_url, s3_bucket="")

    assert said.exit_code == audited.exit_code == 0
    assert "Given by" in said.output
    assert "Every seal holds" in audited.output


def test_migrate_asks_for_the_role_where_nothing_names_it(run: Run) -> None:
    said = run("migrate", owner_url=NOWHERE)

    assert said.exit_code == 2
    assert "--application-role" in said.output
    assert "WAVEPOST_DATABASE_URL, which names it" in said.output


def test_a_setting_that_is_wrong_is_named_with_the_reason(run: Run) -> None:
    said = run("serve", database_url=NOWHERE, slack_token="xoxb-1", port="eighty")

    assert said.exit_code == 2
    assert "WAVEPOST_PORT is not right" in said.output


def test_help_shows_dates_as_one_types_them_and_an_example_of_an_import(run: Run) -> None:
    sandbox, imports = run("sandbox", "--help").output, run("import", "--help").output

    assert "YYYY-MM-DD" in sandbox
    assert "00:00" not in sandbox
    assert "wavepost import customers.xlsx orders.csv --dry-run" in imports
