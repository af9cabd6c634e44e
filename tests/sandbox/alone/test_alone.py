"""`wavepost sandbox --only`: Slack alone, as a process of its own, for plain Bolt apps in others."""

import asyncio
import socket
import stat
import sys
from pathlib import Path

import pytest
import yaml

from bot.sandbox.command import AloneError, serve_alone
from bot.sandbox.ids import stable_id
from bot.sandbox.person import Person
from bot.sandbox.starter import MANIFEST
from bot.sandbox.wishes import Wishes
from tests.sandbox.alone.programs import WAVEPOST, alone, answered, app, at_once, ran, with_

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
    await serve_alone(wishes, said.append, until=at_once)
    assert words in said[0]


async def test_another_port_is_taken_where_one_is_in_use(tmp_path: Path) -> None:
    said: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as holder:
        taken = holder.getsockname()[1]
        await serve_alone(Wishes(tmp_path, port=taken), said.append, until=at_once)
    assert "is ready: http://127.0.0.1:" in said[0]
    assert f":{taken}\n" not in said[0]


def test_wavepost_itself_is_not_imported() -> None:
    listing = "import sys, bot.cli, bot.sandbox.command; print(*sys.modules)"
    modules = ran(sys.executable, "-c", listing).stdout.split()
    assert {module.partition(".")[0] for module in modules} & HEAVY == set()


def test_its_options_without_only_are_refused(tmp_path: Path) -> None:
    command = [*WAVEPOST, "sandbox", "--manifest", str(tmp_path / "manifest.yml")]
    refused = ran(*command)
    assert refused.returncode == 2
    assert "go with" in refused.stderr


async def test_a_folder_has_one_stand_in_at_a_time(tmp_path: Path) -> None:
    async with alone(tmp_path) as address:
        second = await asyncio.to_thread(ran, *WAVEPOST, "sandbox", "--only", f"--state={tmp_path}")
    assert (second.returncode, second.stderr) == (1, "")
    assert f"It runs already: {address} (process " in second.stdout
    assert "choose another folder with --state" in second.stdout


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


def _any_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
    return port
