"""The stand-in by itself, for an app in any language: `wavepost sandbox --only`.

It imports nothing of Wavepost, so it starts at once.
"""

import asyncio
import json
import shlex
import shutil
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

import yaml
from pydantic import ValidationError

from bot.sandbox import starter
from bot.sandbox.claim import Claim, claimed, in_words
from bot.sandbox.credentials import write_private
from bot.sandbox.json_types import Json
from bot.sandbox.kept import KeptError
from bot.sandbox.manifest import EVENT_SCOPES, ManifestError, load_manifest, read_manifest
from bot.sandbox.seed import Workspace, read_seed
from bot.sandbox.server import Sandbox
from bot.sandbox.wishes import Wishes
from bot.stopping import asked_to_stop

CREDENTIALS = "credentials.json"
OWN = ("workspace.json", "files", "environment", CREDENTIALS)


class AloneError(Exception):
    """The stand-in cannot start; the words say which file is not right, and where."""


def run_alone(wishes: Wishes, say: Callable[[str], None]) -> None:
    """Run the stand-in until Ctrl-C.

    Raises AloneError for a file that cannot be read or is not right, TakenError when another run
    uses the folder, FolderError when it cannot be used.
    """
    asyncio.run(serve_alone(wishes, say, until=asked_to_stop))


async def serve_alone(
    wishes: Wishes, say: Callable[[str], None], *, until: Callable[[], Awaitable[None]]
) -> None:
    """Run the stand-in and say how to point an app at it.

    Raises AloneError for a file that cannot be read or is not right, TakenError when another run
    uses the folder, FolderError when it cannot be used.
    """
    with claimed(wishes.state, "--state", is_ours=is_a_stand_ins) as claim:
        try:
            await _serve(wishes, say, claim, until)
        except KeptError as error:
            raise AloneError(str(error)) from error


async def _serve(
    wishes: Wishes, say: Callable[[str], None], claim: Claim, until: Callable[[], Awaitable[None]]
) -> None:
    with in_words(wishes.state, "--state"):
        sandbox, unheard = _stand_in(wishes)
    async with sandbox.running():
        environment = wishes.state / "environment"
        with in_words(wishes.state, "--state"):
            write_private(environment, shell_file(sandbox))
            claim.tell(sandbox.address)
        for event in unheard:
            say(f"The app hears of no `{event}`: the stand-in does not send it.")
        say(instructions(sandbox, environment))
        await until()


def _stand_in(wishes: Wishes) -> tuple[Sandbox, list[str]]:
    """The stand-in that is asked for, and the events that it never sends."""
    manifest, unheard = _manifest(wishes)
    seed = _workspace(wishes.workspace)
    if wishes.fresh:
        forget_workspace(wishes.state)
    try:
        sandbox = Sandbox(
            manifest=manifest, workspace=seed, state=wishes.state, port=free_port(wishes.port)
        )
    except ValueError as error:
        raise AloneError(f"The workspace cannot be used.\n{error}") from None
    sandbox.request_url = wishes.request_url or sandbox.world.manifest.request_url
    return sandbox, unheard


def is_a_stand_ins(state: Path) -> bool:
    """Whether a folder without a mark holds nothing of somebody else's under a name of ours.

    Other files may stand beside: an app's manifest, say. A stand-in of an earlier version is known
    by its tokens.
    """
    if not any((state / name).exists() for name in OWN):
        return True
    try:
        return "bot_token" in json.loads((state / CREDENTIALS).read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def forget_workspace(state: Path) -> None:
    """Remove the workspace and its files; the app's manifest and tokens stay as they are."""
    (state / "workspace.json").unlink(missing_ok=True)
    shutil.rmtree(state / "files", ignore_errors=True)


def variables(sandbox: Sandbox) -> dict[str, str]:
    """What an app needs to know, by the names that Slack's own examples use.

    Not so the client's: where SLACK_CLIENT_ID is set, Bolt for Python waits to be installed.
    """
    known = sandbox.world.credentials
    return {
        "SLACK_API_URL": sandbox.api_address,
        "SLACK_BOT_TOKEN": known.bot_token,
        "SLACK_APP_TOKEN": known.app_token,
        "SLACK_SIGNING_SECRET": known.signing_secret,
        "SIGN_IN_CLIENT_ID": known.client_id,
        "SIGN_IN_CLIENT_SECRET": known.client_secret,
        "SLACK_PAGE": sandbox.address,
    }


def shell_file(sandbox: Sandbox) -> str:
    """The same, for a shell to read."""
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables(sandbox).items()]
    return "\n".join(lines) + "\n"


def instructions(sandbox: Sandbox, environment: Path) -> str:
    """What is printed at the start."""
    known = variables(sandbox)
    width = max(len(name) for name in known)
    listed = "\n".join(f"  {name:{width}}  {value}" for name, value in known.items())
    return f"""
The stand-in for Slack is ready: {sandbox.address}

{listed}

For your shell:  . {shlex.quote(str(environment))}

{_deliveries(sandbox)}

Point your app at it:
  Bolt for Python      App(client=WebClient(token=os.environ["SLACK_BOT_TOKEN"],
                                            base_url=os.environ["SLACK_API_URL"]))
  Bolt for JavaScript  new App({{ token, signingSecret,
                                 clientOptions: {{ slackApiUrl: process.env.SLACK_API_URL }} }})
  Bolt for Java        config = new SlackConfig();
                       config.setMethodsEndpointUrlPrefix(System.getenv("SLACK_API_URL"));
                       new App(AppConfig.builder().slack(Slack.getInstance(config)).build())

What it does as Slack does, and what proves it: {sandbox.address}/trust
Ctrl-C stops it; the workspace is kept for the next time.
"""


def free_port(wanted: int) -> int:
    """The wanted port, or 0 (any) where it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return 0
    return wanted


def _deliveries(sandbox: Sandbox) -> str:
    if sandbox.world.manifest.socket_mode:
        return "Commands, interactions and events go over Socket Mode, to the app that connects."
    if sandbox.request_url is None:
        return (
            "Commands, interactions and events go over Socket Mode. For HTTP, start again with\n"
            "--request-url, for example http://127.0.0.1:3000/slack/events."
        )
    return (
        f"Commands, interactions and events go to {sandbox.request_url},\n"
        "or over Socket Mode for as long as the app holds a connection."
    )


def _manifest(wishes: Wishes) -> tuple[Json, list[str]]:
    """The manifest, less the events that the stand-in never sends, and those events."""
    if wishes.manifest is None:
        path = wishes.state / "manifest.yml"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(yaml.safe_dump(starter.MANIFEST, sort_keys=False), "utf-8")
    else:
        path = wishes.manifest
    try:
        raw = load_manifest(path)
        unheard = _take_unheard(raw)
        read_manifest(raw)
    except OSError as error:
        raise AloneError(f"{path} cannot be read: {error.strerror}.") from None
    except ManifestError as error:
        raise AloneError(f"The manifest {path} cannot be used.\n{error}") from None
    return raw, unheard


def _take_unheard(raw: Json) -> list[str]:
    try:
        subscribed = raw["settings"]["event_subscriptions"]["bot_events"]
        unheard = [event for event in subscribed if event not in EVENT_SCOPES]
        kept = [event for event in subscribed if event in EVENT_SCOPES]
    except (KeyError, TypeError):  # not subscribed, or malformed, which read_manifest tells
        return []
    raw["settings"]["event_subscriptions"]["bot_events"] = kept
    return unheard


def _workspace(path: Path | None) -> Workspace:
    if path is None:
        return starter.workspace()
    try:
        return read_seed(path)
    except OSError as error:
        raise AloneError(f"{path} cannot be read: {error.strerror}.") from None
    except yaml.YAMLError as error:
        raise AloneError(f"The workspace {path} is neither JSON nor YAML.\n{error}") from None
    except ValidationError as error:
        problems = "\n".join(
            f"`{'.'.join(map(str, problem['loc']))}` is not right: {problem['msg']}."
            for problem in error.errors()
        )
        raise AloneError(f"The workspace {path} cannot be used.\n{problems}") from None
