"""Files of somebody's own that the stand-in cannot use: named with what is wrong, and left alone."""

import asyncio
import re
from pathlib import Path

import pytest
import yaml

from bot.sandbox.claim import MARK, FolderError
from bot.sandbox.command import AloneError, serve_alone
from bot.sandbox.json_types import Json
from bot.sandbox.wishes import Wishes
from tests.sandbox.alone.programs import WAVEPOST, at_once, ran, with_


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
        await serve_alone(Wishes(tmp_path, path), print, until=at_once)
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
        await serve_alone(Wishes(tmp_path, workspace=path), print, until=at_once)


@pytest.mark.parametrize("option", ["manifest", "workspace"])
async def test_a_file_that_is_not_there_is_named(tmp_path: Path, option: str) -> None:
    missing = tmp_path / "missing.yml"
    wishes = (
        Wishes(tmp_path, missing) if option == "manifest" else Wishes(tmp_path, workspace=missing)
    )
    with pytest.raises(AloneError, match=r"missing.yml cannot be read: No such file"):
        await serve_alone(wishes, print, until=at_once)


async def test_events_that_are_never_sent_are_named_and_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "manifest.yml"
    events = ["reaction_added", "message.channels"]
    path.write_text(yaml.safe_dump(with_("settings.event_subscriptions.bot_events", events)))
    said: list[str] = []
    await serve_alone(Wishes(tmp_path, path), said.append, until=at_once)
    assert said[0] == "The app hears of no `reaction_added`: the stand-in does not send it."
    assert "is ready" in said[1]


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


@pytest.mark.parametrize("fresh", [False, True])
def test_somebodys_files_under_our_names_are_left_alone(tmp_path: Path, *, fresh: bool) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "thesis.txt").write_text("all my work")
    (tmp_path / "credentials.json").write_text('{"installed": {}}')

    with pytest.raises(FolderError, match=r"credentials\.json, files\. Nothing was changed"):
        asyncio.run(serve_alone(Wishes(tmp_path, fresh=fresh), print, until=at_once))

    assert {entry.name for entry in tmp_path.iterdir()} == {"files", "credentials.json"}
    assert (tmp_path / "files" / "thesis.txt").read_text() == "all my work"


async def test_a_folder_of_an_earlier_version_is_known_by_its_tokens(tmp_path: Path) -> None:
    await serve_alone(Wishes(tmp_path), print, until=at_once)
    (tmp_path / MARK).unlink()

    said: list[str] = []
    await serve_alone(Wishes(tmp_path), said.append, until=at_once)

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
    await serve_alone(Wishes(tmp_path), print, until=at_once)
    (tmp_path / name).write_text(content)
    with pytest.raises(AloneError, match=rf"{name} is damaged and cannot be read\. .*{words}"):
        await serve_alone(Wishes(tmp_path), print, until=at_once)
