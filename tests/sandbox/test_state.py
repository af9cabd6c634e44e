import json
import stat
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.manifest import ManifestError, read_manifest
from bot.sandbox.seed import ChannelSeed, UserSeed, Workspace, read_seed
from bot.sandbox.server import Sandbox
from bot.sandbox.state import StateFolder

from .forms import home, note
from .workspaces import manifest, workspace


def sandbox_in(folder: Path) -> Sandbox:
    return Sandbox(manifest=manifest(), workspace=workspace(), state=folder)


async def test_everything_survives_a_restart(tmp_path: Path) -> None:
    async with sandbox_in(tmp_path).running() as first:
        ana = await first.person("ana")
        client = AsyncWebClient(token=first.bot_token, base_url=first.api_address)
        said = await client.chat_postMessage(
            channel="#general",
            text="kept",
            metadata={"event_type": "sent", "event_payload": {"id": "17"}},
        )
        await ana.says("a reply", in_="#general", thread_ts=said["ts"])
        await client.views_publish(user_id=ana.id, view=home(note("her home")))
        first.people.hire(UserSeed("eve", real_name="Eve New"))
        first.people.create_channel("wave-5", by="bo")
        first.people.create_group("csas", "CSAs", ["ana"])
        before = await ana.workspace()

    async with sandbox_in(tmp_path).running() as second:
        ana = await second.person("ana")
        after = await ana.workspace()
        assert after == before
        assert second.bot_token == first.bot_token
        assert second.signing_secret == first.signing_secret
        assert await ana.reads("#general") == ["kept", "a reply"]
        assert await ana.sees("her home", in_="home")
        assert second.people.user("eve").real_name == "Eve New"
        client = AsyncWebClient(token=second.bot_token, base_url=second.api_address)
        history = await client.conversations_history(
            channel=said["channel"], include_all_metadata=True
        )
        (message,) = history["messages"]
        assert message["metadata"]["event_payload"] == {"id": "17"}
        assert message["reply_count"] == 1
        groups = (await client.usergroups_list())["usergroups"]
        assert {group["handle"] for group in groups} == {"leads", "csas"}
        again = await client.chat_postMessage(channel="#general", text="later")
        assert again["ts"] > said["ts"]


async def test_a_snapshot_is_written_while_it_runs(tmp_path: Path) -> None:
    async with sandbox_in(tmp_path).running() as sandbox:
        ana = await sandbox.person("ana")
        await ana.says("kept soon", in_="#general")
        StateFolder(tmp_path).save(sandbox.world)
        async with sandbox_in(tmp_path).running() as other:
            bo = await other.person("bo")
            assert await bo.sees("kept soon", in_="#general")


async def test_secrets_are_for_their_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    sandbox = sandbox_in(folder)
    path = folder / "credentials.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert json.loads(path.read_text("utf-8"))["bot_token"] == sandbox.bot_token
    assert sandbox.bot_token.startswith("xoxb-")
    assert sandbox.app_token.startswith("xapp-")


async def test_nothing_is_kept_without_a_folder() -> None:
    for _ in range(2):
        async with Sandbox(manifest=manifest(), workspace=workspace()).running() as sandbox:
            ana = await sandbox.person("ana")
            assert await ana.messages("#general") == []
            await ana.says("forgotten", in_="#general")


def test_a_manifest_is_read_from_yaml(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    path.write_text(yaml.safe_dump(manifest()), "utf-8")
    assert read_manifest(path) == read_manifest(manifest())


def test_a_manifest_without_anything_is_an_app_without_rights() -> None:
    read = read_manifest({})
    assert (read.scopes, read.commands, read.events) == (frozenset(), (), frozenset())


@pytest.mark.parametrize(
    ("scopes", "events", "words"),
    [
        ([], [], "needs the scope `commands`"),
        (["commands"], ["message.im"], "`message.im` needs the scope im:history"),
        (["commands"], ["member_joined_channel"], "channels:read or groups:read"),
        (["commands"], ["earthquake"], "does not know the event `earthquake`"),
    ],
)
def test_a_manifest_that_slack_would_refuse_says_what_to_change(
    scopes: list[str], events: list[str], words: str
) -> None:
    raw = manifest()
    raw["oauth_config"]["scopes"]["bot"] = scopes
    raw["settings"]["event_subscriptions"]["bot_events"] = events
    with pytest.raises(ManifestError, match=words):
        read_manifest(raw)


def test_a_seed_is_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    seed = {
        "team": {"name": "Bakery", "domain": "bakery"},
        "users": [{"key": "ana", "kind": "guest"}],
        "channels": [{"key": "general", "members": ["ana"], "app_is_member": True}],
    }
    path.write_text(json.dumps(seed), "utf-8")
    sandbox = Sandbox(manifest=manifest(), workspace=path)
    assert sandbox.people.user("ana").is_guest is True
    assert len(sandbox.people.channel("#general").members) == 2


def test_a_seed_with_a_mistake_says_where(tmp_path: Path) -> None:
    path = tmp_path / "workspace.json"
    path.write_text('{"users": [{"name": "ana"}]}', "utf-8")
    with pytest.raises(ValidationError, match=r"users\.0\.key"):
        read_seed(path)
    unknown = Workspace(channels=[ChannelSeed("general", members=["zoe"])])
    with pytest.raises(ValueError, match="names a member `zoe`"):
        Sandbox(manifest=manifest(), workspace=unknown)


async def test_a_port_in_use_is_said_at_once() -> None:
    async with Sandbox(manifest=manifest(), workspace=workspace()).running() as sandbox:
        port = int(sandbox.address.rpartition(":")[2])
        other = Sandbox(manifest=manifest(), workspace=workspace(), port=port)
        with pytest.raises(OSError, match="in use"):
            async with other.running():
                pass
