"""The terminal asks for no more than a command needs, and says where to find what is missing."""

import asyncio
import logging
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.embedded_postgres import EmbeddedPostgres
from bot.terminal import console
from rules.roles import Kind
from store.audit import Change
from store.people import PersonRow
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
    assert "Not sealed yet" not in audited.output


def test_an_audit_without_a_bucket_says_that_the_copies_were_not_looked_at(
    run: Run, database_url: str
) -> None:
    said = run("audit", database_url=database_url, s3_bucket="")

    assert "copies in a bucket were not looked at" in said.output
    assert "WAVEPOST_S3_BUCKET is empty" in said.output


async def write_a_change(database_url: str) -> None:
    store = Store(database_url)
    async with store.transaction(actor="U1") as tx:
        tx.audit(Change("moved", "a"))
    await store.close()


def test_an_audit_says_what_is_not_sealed_yet(run: Run, database_url: str) -> None:
    asyncio.run(write_a_change(database_url))

    said = run("audit", database_url=database_url, s3_bucket="")

    assert re.search(
        r"Not sealed yet: 1 row, the oldest since \d{4}-\d\d-\d\d \d\d:\d\d UTC", said.output
    )


def test_an_audit_whose_bucket_cannot_be_read_says_why(run: Run, database_url: str) -> None:
    said = run("audit", database_url=database_url, s3_bucket="bad bucket!")

    assert said.exit_code == 2
    assert "The file store cannot be reached" in said.output
    assert "reference" not in said.output


def test_migrate_asks_for_the_role_where_nothing_names_it(run: Run) -> None:
    said = run("migrate", owner_url=NOWHERE)

    assert said.exit_code == 2
    assert "--application-role" in said.output
    assert "WAVEPOST_DATABASE_URL, which names it" in said.output


def test_a_setting_that_is_wrong_is_named_with_the_reason(run: Run) -> None:
    said = run("serve", database_url=NOWHERE, slack_token="xoxb-1", port="eighty")

    assert said.exit_code == 2
    assert "WAVEPOST_PORT is not right" in said.output


async def meet(database_url: str, name: str) -> None:
    store = Store(database_url)
    async with store.transaction(actor="U1") as tx:
        ana = PersonRow(id="U1", name=name, email="ana@example.com", kind=Kind.member)
        await tx.people.keep([ana])
    await store.close()


def test_a_name_with_brackets_is_shown_as_it_is(run: Run, database_url: str) -> None:
    asyncio.run(meet(database_url, "Ana [/Berlin] [red]"))

    given = run("roles", "give", "ana@example.com", "lead", database_url=database_url)
    listed = run("roles", "list", database_url=database_url)

    assert "Ana [/Berlin] [red] has the role lead." in given.output
    assert "Ana [/Berlin] [red]" in listed.output


PASSWORD = "s3cret"
ADDRESS = f"postgresql+asyncpg://wavepost_app:{PASSWORD}@127.0.0.1:1/wavepost"
SECRET = "0" * 32
WRONG = [
    ({"database_url": f"nonsense {PASSWORD}"}, "DATABASE_URL is not right: it cannot be read"),
    ({"database_url": ADDRESS.replace(":1/", ":one/")}, "DATABASE_URL is not right: it cannot be"),
    ({"database_url": ADDRESS.replace("+asyncpg", "")}, "must begin with postgresql+asyncpg://"),
    ({"database_url": ADDRESS.replace("wavepost_app:s3cret@", "")}, "names no role"),
    ({"database_url": ADDRESS.replace(":1/", ":99999/")}, "the highest is 65535"),
    ({"database_url": f"{ADDRESS}?sslmode=require"}, "end it with ?ssl=require"),
    ({"slack_token": ""}, "WAVEPOST_SLACK_TOKEN is not right: it is empty"),
    ({"port": "99999"}, "WAVEPOST_PORT is not right: Input should be less"),
    ({"log_level": "LOUD"}, "WAVEPOST_LOG_LEVEL is not right: Input should be 'DEBUG', 'INFO'"),
    ({"deadline": "-1"}, "WAVEPOST_DEADLINE is not right"),
    ({"deadline": "nan"}, "WAVEPOST_DEADLINE is not right"),
    ({"commands": "{"}, "WAVEPOST_COMMANDS is not right: it is no JSON"),
    ({"commands": '{"/nope": "/x"}'}, "there is no command /nope. There is /schedule"),
    ({"commands": '{"/schedule": "when"}'}, "begins with /, and 'when' does not"),
    ({"address": "http://wavepost.example.com"}, "it must begin with https://"),
    ({"address": "wavepost.example.com"}, "it must begin with https://"),
    ({"address": "https://wavepost.example.com/pages"}, "it is a host only"),
    ({"s3_encryption": "aes"}, "it is AES256, aws:kms, or aws:kms: with the id of a key"),
    ({"courier_lanes_at_once": "0"}, "WAVEPOST_COURIER_LANES_AT_ONCE is not right"),
    ({"courier_lease": "1"}, "WAVEPOST_COURIER_LEASE must be at least three times"),
    ({"courier": "{"}, "WAVEPOST_COURIER is not right"),
]


@pytest.mark.parametrize(("settings", "words"), WRONG, ids=[words for _, words in WRONG])
@pytest.mark.parametrize("command", ["serve", "doctor"])
def test_a_mistake_in_the_settings_is_a_sentence_that_names_the_whole_variable(
    command: str, settings: dict[str, str], words: str, run: Run
) -> None:
    rest = {"database_url": ADDRESS, "slack_token": "xoxb-1", "slack_signing_secret": SECRET}
    said = run(command, **rest | settings)

    assert said.exit_code == 2
    assert words in said.output
    assert PASSWORD not in said.output
    assert not re.search(r"WAVEPOST_\W", said.output.replace("WAVEPOST_…", ""))


@pytest.mark.parametrize("given", [{}, {"slack_signing_secret": "", "slack_app_token": ""}])
def test_serve_asks_for_what_lets_slack_be_trusted(given: dict[str, str], run: Run) -> None:
    said = run("serve", database_url=ADDRESS, slack_token="xoxb-1", **given)

    assert said.exit_code == 2
    assert "Neither WAVEPOST_SLACK_SIGNING_SECRET" in said.output


@pytest.fixture
def unmigrated(postgres_server: EmbeddedPostgres) -> str:
    """A database without tables, as the application."""
    return postgres_server.url("wavepost_app", "postgres")


COMMANDS = [["roles", "list"], ["plan"], ["audit"], ["serve"]]


@pytest.mark.parametrize("words", COMMANDS, ids=[words[0] for words in COMMANDS])
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("wavepost_app@", "nobody_here:s3cret@", 'role "nobody_here" does not exist'),
        ("/postgres?", "/nope?", 'database "nope" does not exist'),
        ("wavepost_app@", "wavepost_app@", "Run wavepost migrate"),
    ],
)
def test_a_database_that_is_not_the_right_one_is_told_with_the_reason(
    words: list[str],
    old: str,
    new: str,
    why: str,
    run: Run,
    unmigrated: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    said = run(
        *words,
        database_url=unmigrated.replace(old, new),
        slack_token="xoxb-1",
        slack_signing_secret=SECRET,
    )

    assert said.exit_code == 2
    assert why in said.output
    told = said.output + capfd.readouterr().err
    assert PASSWORD not in told
    assert "Traceback" not in told
    assert "{" not in told, "no line of a log either"


@pytest.mark.parametrize("words", [["roles", "list"], ["plan"], ["audit"], ["migrate"]])
def test_a_database_that_does_not_answer_is_told_with_the_reason(
    words: list[str], run: Run
) -> None:
    said = run(*words, database_url=ADDRESS, owner_url=ADDRESS, slack_token="xoxb-1")

    assert said.exit_code == 2
    variable = "WAVEPOST_OWNER_URL" if words == ["migrate"] else "WAVEPOST_DATABASE_URL"
    assert "cannot be reached (Connection refused), so nothing was changed" in said.output
    assert f"host and port in {variable}" in said.output


@pytest.mark.parametrize(
    ("role", "migrates", "why"),
    [
        ("wavepost_owner", "wavepost_owner", "it could rewrite the audit"),
        ("postgres", "wavepost_owner", "is a superuser"),
        ("nobody_here", "wavepost_owner", "has no role nobody_here"),
        ("wavepost_app", "wavepost_app", "the tables belong to wavepost_owner"),
        ("wavepost_app", "nobody_here", "Check the role and the password in WAVEPOST_OWNER_URL"),
    ],
)
def test_migrate_refuses_roles_that_cannot_be_right(
    role: str, migrates: str, why: str, run: Run, database_url: str
) -> None:
    owner_url = database_url.replace("wavepost_app@", f"{migrates}@")
    said = run("migrate", "--application-role", role, owner_url=owner_url)

    assert said.exit_code == 2
    assert why in said.output
    assert "Traceback" not in said.output


def test_serve_tells_of_a_port_that_is_taken(run: Run, database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = run(
            "serve",
            database_url=database_url,
            slack_token="xoxb-1",
            slack_signing_secret=SECRET,
            slack_address="http://127.0.0.1:9/api/",
            s3_bucket="",
            port=str(port),
        )

    assert said.exit_code == 2
    assert f"127.0.0.1:{port} (Address already in use)" in said.output


def test_serve_waits_for_a_database_that_is_down_until_it_is_told_to_end(run: Run) -> None:
    settings = {
        "DATABASE_URL": ADDRESS,
        "SLACK_TOKEN": "xoxb-1",
        "SLACK_SIGNING_SECRET": SECRET,
        "SLACK_ADDRESS": "http://127.0.0.1:9/api/",
        "S3_BUCKET": "",
        "PORT": "0",
    }
    with subprocess.Popen(
        [sys.executable, "-c", "from bot.cli import app; app()", "serve"],
        env=os.environ | {f"WAVEPOST_{name}": value for name, value in settings.items()},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as serve:
        assert serve.stdout is not None
        first, second = serve.stdout.readline(), serve.stdout.readline()
        serve.terminate()
        assert serve.wait() == 0

    assert "cannot be reached (Connection refused)" in first
    assert "Wavepost waits for it." in first
    assert second.startswith("Wavepost serves http://127.0.0.1:")


def test_help_shows_dates_as_one_types_them_and_an_example_of_an_import(run: Run) -> None:
    sandbox, imports = run("sandbox", "--help").output, run("import", "--help").output

    assert "YYYY-MM-DD" in sandbox
    assert "00:00" not in sandbox
    assert "wavepost import customers.xlsx orders.csv --dry-run" in imports
