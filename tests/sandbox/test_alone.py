"""`wavepost sandbox --only`: Slack alone, as a process of its own, for plain Bolt apps in others."""

import asyncio
import re
import signal
import socket
import stat
import subprocess
import sys
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import yaml

from bot.sandbox.claim import MARK, FolderError
from bot.sandbox.command import AloneError, serve_alone
from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.starter import MANIFEST
from bot.sandbox.wishes import Wishes

WAVEPOST = [sys.executable, "-c", "from bot.cli import app; app()"]
PATIENCE = 30
# What Wavepost takes its time to import, and the stand-in has no use for.
HEAVY = {"handlers", "store", "rules", "templates", "sqlalchemy", "polars", "numpy", "fastapi"}

ASYNCHRONOUS = """
import os
import sys
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

client = AsyncWebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = AsyncApp(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

@app.command("/hello")
async def hello(ack, command, say):
    await ack(f"Hello {command['text']}")

@app.event("message")
async def echo(event, say):
    await say(f"You said {event['text']}")

app.start(int(sys.argv[1]))
"""

SYNCHRONOUS = """
import os
import sys
from slack_bolt import App
from slack_sdk import WebClient

client = WebClient(token=os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"])
app = App(client=client, signing_secret=os.environ["SLACK_SIGNING_SECRET"])

@app.command("/hello")
def hello(ack, command):
    ack(f"Hello {command['text']}")

@app.event("message")
def echo(event, say):
    say(f"You said {event['text']}")

app.start(int(sys.argv[1]))
"""

OVER_A_SOCKET = """
import os
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

app = App(client=WebClient(os.environ["SLACK_BOT_TOKEN"], base_url=os.environ["SLACK_API_URL"]))

@app.command("/hello")
def hello(ack, command):
    ack(f"Hello {command['text']}")

@app.event("message")
def echo(event, say):
    say(f"You said {event['text']}")

SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
"""


@asynccontextmanager
async def alone(state: Path, *options: str) -> AsyncIterator[str]:
    """The stand-in at work; gives the address of its page. Ended as Ctrl-C ends it."""
    command = [*WAVEPOST, "sandbox", "--only", "--port", "0", "--state", str(state), *options]
    program = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=STDOUT)
    try:
        yield await said(program, r"is ready: (http://\S+)")
    finally:
        program.send_signal(signal.SIGINT)
        async with asyncio.timeout(PATIENCE):
            await program.communicate()
    assert program.returncode == 0


async def said(program: Process, pattern: str) -> str:
    """What the pattern found in what the program says."""
    assert program.stdout is not None
    heard = ""
    async with asyncio.timeout(PATIENCE):
        async for line in program.stdout:
            heard += line.decode()
            if found := re.search(pattern, heard):
                return found[1]
    raise AssertionError(heard)


@asynccontextmanager
async def app(source: str, state: Path, port: int) -> AsyncIterator[None]:
    """A Bolt app in a process of its own that knows nothing but the stand-in's shell file."""
    shell = '. "$1" && exec "$2" -c "$3" "$4"'
    arguments = [str(state / "environment"), sys.executable, source, str(port)]
    program = await asyncio.create_subprocess_exec("/bin/sh", "-c", shell, "sh", *arguments)
    try:
        yield
    finally:
        program.kill()
        await program.wait()


async def answered(person: Person, line: str) -> str:
    """The answer to a command, asked again until the app is up."""
    async with asyncio.timeout(PATIENCE):
        while not (answer := await person.command(line, in_="#general")).ok:
            await person.reads("#general")
    return answer.text


@pytest.mark.parametrize("source", [ASYNCHRONOUS, SYNCHRONOUS], ids=["async", "sync"])
async def test_a_bolt_app_answers_over_http(tmp_path: Path, source: str) -> None:
    port = _any_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    async with (
        alone(tmp_path, "--request-url", url) as address,
        app(source, tmp_path, port),
        Person(address, stable_id("U", "ana")) as ana,
    ):
        assert await answered(ana, "/hello there") == "Hello there"
        await ana.says("good morning", in_="#general")
        assert await ana.sees("You said good morning", in_="#general")


async def test_a_bolt_app_answers_over_a_socket(tmp_path: Path) -> None:
    async with (
        alone(tmp_path) as address,
        app(OVER_A_SOCKET, tmp_path, 0),
        Person(address, stable_id("U", "ana")) as ana,
    ):
        assert await answered(ana, "/hello there") == "Hello there"
        await ana.says("good morning", in_="#general")
        assert await ana.sees("You said good morning", in_="#general")


async def test_tokens_and_what_was_said_are_kept_and_are_their_owners_alone(
    tmp_path: Path,
) -> None:
    tokens: list[set[str]] = []
    heard: list[str] = []
    for _ in range(2):
        async with alone(tmp_path) as address, Person(address, stable_id("U", "ana")) as ana:
            await ana.says("again", in_="#general")
            lines = (tmp_path / "environment").read_text().splitlines()
            tokens.append({line for line in lines if "http" not in line})
            assert lines[0] == f"export SLACK_API_URL={address}/api/"
            heard = await ana.reads("#general")
    assert tokens[0] == tokens[1]
    assert len(tokens[0]) == 5
    assert heard == ["again", "again"]
    async with alone(tmp_path, "--fresh") as address, Person(address, stable_id("U", "ana")) as ana:
        assert await ana.reads("#general") == []
    assert stat.S_IMODE((tmp_path / "environment").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600


async def test_an_app_and_a_workspace_of_ones_own(tmp_path: Path) -> None:
    manifest = MANIFEST | {"features": {"slash_commands": [{"command": "/lunch"}]}}
    own = {
        "users": [{"key": "eve", "real_name": "Eve Stone"}],
        "channels": [{"key": "kitchen", "members": ["eve"]}],
    }
    (tmp_path / "app.json").write_text(yaml.safe_dump(manifest))
    (tmp_path / "people.yml").write_text(yaml.safe_dump(own))
    options = (
        "--manifest",
        str(tmp_path / "app.json"),
        "--workspace",
        str(tmp_path / "people.yml"),
    )
    async with (
        alone(tmp_path / "state", *options) as address,
        Person(address, stable_id("U", "eve")) as eve,
    ):
        seen = await eve.workspace()
    assert [command["command"] for command in seen["commands"]] == ["/lunch"]
    assert "kitchen" in [conversation["name"] for conversation in seen["conversations"]]


def with_(place: str, value: object) -> Json:
    """The starter's manifest with one field changed."""
    manifest: Json = yaml.safe_load(yaml.safe_dump(MANIFEST))
    *way, last = place.split(".")
    section = manifest
    for step in way:
        section = section[step]
    section[last] = value
    return manifest


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("a: [", "neither YAML nor JSON, line 1"),
        ("just words", "It has no fields"),
        (with_("features.slash_commands", [{}]), "`features.slash_commands.0.command` is not"),
        (
            with_("features.slash_commands", [{"command": "hello"}]),
            "`features.slash_commands.0.command` is not right: a command begins with a slash",
        ),
        (with_("settings.socket_mode_enabled", "perhaps"), "`settings.socket_mode_enabled` is not"),
        (with_("oauth_config.scopes", ["chat:write"]), "`oauth_config.scopes` is not right"),
        (with_("oauth_config.scopes.bot", []), "it needs the scope `commands`"),
    ],
)
async def test_a_wrong_manifest_names_the_field(
    tmp_path: Path, written: str | Json, words: str
) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(written if isinstance(written, str) else yaml.safe_dump(written))
    with pytest.raises(AloneError, match=re.escape(words)) as refused:
        await serve_alone(Wishes(tmp_path, path), print, until=_at_once)
    assert str(path) in str(refused.value)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("a: [", "neither JSON nor YAML"),
        ("users: [{name: ana}]", "`users.0.key` is not right"),
        ("channels: [{key: general, members: [zoe]}]", "names a member `zoe`"),
    ],
)
async def test_a_wrong_workspace_names_the_field(tmp_path: Path, written: str, words: str) -> None:
    path = tmp_path / "people.yml"
    path.write_text(written)
    with pytest.raises(AloneError, match=words):
        await serve_alone(Wishes(tmp_path, workspace=path), print, until=_at_once)


@pytest.mark.parametrize("option", ["manifest", "workspace"])
async def test_a_file_that_is_not_there_is_named(tmp_path: Path, option: str) -> None:
    missing = tmp_path / "missing.yml"
    wishes = (
        Wishes(tmp_path, missing) if option == "manifest" else Wishes(tmp_path, workspace=missing)
    )
    with pytest.raises(AloneError, match=r"missing.yml cannot be read: No such file"):
        await serve_alone(wishes, print, until=_at_once)


async def test_events_that_are_never_sent_are_named_and_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    events = ["reaction_added", "message.channels"]
    path.write_text(yaml.safe_dump(with_("settings.event_subscriptions.bot_events", events)))
    said: list[str] = []
    await serve_alone(Wishes(tmp_path, path), said.append, until=_at_once)
    assert said[0] == "The app hears of no `reaction_added`: the stand-in does not send it."
    assert "is ready" in said[1]


@pytest.mark.parametrize(
    ("place", "value", "request_url", "words"),
    [
        ("display_information.name", "x", None, "over Socket Mode. For HTTP"),
        ("display_information.name", "x", "http://127.0.0.1:1/x", "go to http://127.0.0.1:1/x"),
        ("settings.interactivity", {"request_url": "http://a.test/b"}, None, "http://a.test/b"),
        ("settings.socket_mode_enabled", True, "http://127.0.0.1:1/x", "to the app that connects"),
    ],
)
async def test_it_says_where_deliveries_go(
    tmp_path: Path, place: str, value: object, request_url: str | None, words: str
) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(with_(place, value)))
    said: list[str] = []
    wishes = Wishes(tmp_path, path, request_url=request_url)
    await serve_alone(wishes, said.append, until=_at_once)
    assert words in said[0]


async def test_another_port_is_taken_where_one_is_in_use(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        await serve_alone(Wishes(tmp_path, port=taken), said.append, until=_at_once)
    assert "is ready: http://127.0.0.1:" in said[0]
    assert f":{taken}\n" not in said[0]


def ran(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_wavepost_itself_is_not_imported() -> None:
    listing = "import sys, bot.cli, bot.sandbox.command; print(*sys.modules)"
    modules = ran(sys.executable, "-c", listing).stdout.split()
    assert {module.partition(".")[0] for module in modules} & HEAVY == set()


def test_its_options_without_only_are_refused(tmp_path: Path) -> None:
    command = [*WAVEPOST, "sandbox", "--manifest", str(tmp_path / "manifest.yml")]
    refused = ran(*command)
    assert refused.returncode == 2
    assert "go with" in refused.stderr


def test_a_wrong_manifest_ends_the_program_with_words(tmp_path: Path) -> None:
    command = [
        *WAVEPOST,
        "sandbox",
        "--only",
        "--state",
        str(tmp_path),
        "--manifest",
        "missing.yml",
    ]
    refused = ran(*command)
    assert (refused.returncode, refused.stderr) == (2, "")
    assert refused.stdout == "missing.yml cannot be read: No such file or directory.\n"


async def test_a_folder_has_one_stand_in_at_a_time(tmp_path: Path) -> None:
    async with alone(tmp_path) as address:
        second = await asyncio.to_thread(ran, *WAVEPOST, "sandbox", "--only", f"--state={tmp_path}")
    assert (second.returncode, second.stderr) == (1, "")
    assert f"It runs already: {address} (process " in second.stdout
    assert "choose another folder with --state" in second.stdout


@pytest.mark.parametrize("fresh", [False, True])
def test_somebodys_files_under_our_names_are_left_alone(tmp_path: Path, *, fresh: bool) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "thesis.txt").write_text("all my work")
    (tmp_path / "credentials.json").write_text('{"installed": {}}')

    with pytest.raises(FolderError, match=r"credentials\.json, files\. Nothing was changed"):
        asyncio.run(serve_alone(Wishes(tmp_path, fresh=fresh), print, until=_at_once))

    assert {entry.name for entry in tmp_path.iterdir()} == {"files", "credentials.json"}
    assert (tmp_path / "files" / "thesis.txt").read_text() == "all my work"


async def test_a_folder_of_an_earlier_version_is_known_by_its_tokens(tmp_path: Path) -> None:
    await serve_alone(Wishes(tmp_path), print, until=_at_once)
    (tmp_path / MARK).unlink()

    said: list[str] = []
    await serve_alone(Wishes(tmp_path), said.append, until=_at_once)

    assert "is ready" in said[0]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("workspace.json", "{", "start with --fresh"),
        ("credentials.json", "{", "Remove it to get new tokens"),
        ("credentials.json", '{"token": "x"}', "Remove it to get new tokens"),
    ],
)
async def test_a_damaged_file_is_named(tmp_path: Path, name: str, content: str, words: str) -> None:
    await serve_alone(Wishes(tmp_path), print, until=_at_once)
    (tmp_path / name).write_text(content)
    with pytest.raises(AloneError, match=rf"{name} is damaged and cannot be read\. .*{words}"):
        await serve_alone(Wishes(tmp_path), print, until=_at_once)


async def test_what_cannot_be_kept_is_said_at_the_end(tmp_path: Path) -> None:
    async def until() -> None:
        (tmp_path / "workspace.new").mkdir()

    with pytest.raises(AloneError, match=r"not kept: .*workspace\.json cannot be written"):
        await serve_alone(Wishes(tmp_path), print, until=until)


@pytest.mark.parametrize("option", ["--port=99999", "--port=-1"])
def test_a_port_that_cannot_be_is_refused(tmp_path: Path, option: str) -> None:
    wrong = ran(*WAVEPOST, "sandbox", "--only", f"--state={tmp_path}", option)
    assert wrong.returncode == 2
    assert "'--port'" in wrong.stderr
    assert "or equal to" in wrong.stderr


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_a_day_far_from_ours_is_refused(tmp_path: Path, day: str) -> None:
    wrong = ran(*WAVEPOST, "sandbox", f"--folder={tmp_path}", f"--today={day}")
    assert wrong.returncode == 2
    assert "choose a day from 2000 to 2099" in wrong.stderr


async def _at_once() -> None:
    return


def _any_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
