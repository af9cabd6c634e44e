"""The `wavepost` command."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from typer.core import TyperGroup

from bot.sandbox.claim import FolderError, TakenError
from bot.sandbox.wishes import Wishes
from bot.stopping import asked_to_stop

if TYPE_CHECKING:
    from typer._click import Command, Context

YEARS = range(2000, 2100)

# Imported by each command for itself: the stand-in alone starts in a fraction of the time that
# Wavepost takes, and what only a trial needs is not installed in production.


class Commands(TyperGroup):
    """The sandbox, and the commands of `bot/operating.py`, imported when one is asked for."""

    def get_command(self, ctx: "Context", cmd_name: str) -> "Command | None":
        """The command of that name."""
        return super().get_command(ctx, cmd_name) or _operating().get_command(ctx, cmd_name)

    def list_commands(self, ctx: "Context") -> list[str]:
        """The names of all commands."""
        return [*_operating().list_commands(ctx), *super().list_commands(ctx)]


def _operating() -> TyperGroup:
    from bot.operating import app as operating

    return typer.main.get_group(operating)


def _near_our_time(day: datetime | None) -> datetime | None:
    """The day, if weeks and years around it can be reckoned with as usual."""
    if day and day.year not in YEARS:
        raise typer.BadParameter(f"choose a day from {YEARS[0]} to {YEARS[-1]}.")
    return day


app = typer.Typer(
    cls=Commands,
    help="Move customers to a new system in waves, and keep everyone informed in Slack.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,
)


@app.callback()
def wavepost() -> None:
    """Move customers to a new system in waves, and keep everyone informed in Slack."""


@app.command()
def sandbox(  # noqa: PLR0913 - one argument per option
    *,
    folder: Annotated[Path, typer.Option(help="Where everything is kept between runs.")] = Path(
        ".sandbox"
    ),
    fresh: Annotated[bool, typer.Option("--fresh", help="Start over.")] = False,
    today: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"],
            metavar="YYYY-MM-DD",
            callback=_near_our_time,
            show_default=False,
            help="The business date; if not given, where it was left, or 2022-01-15.",
        ),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Of the page; another one if it is taken.")
    ] = 8055,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page.")] = True,
    only: Annotated[
        bool, typer.Option("--only", help="Slack alone, for any app, without Wavepost.")
    ] = False,
    manifest: Annotated[
        Path | None, typer.Option(help="With --only: the app's manifest, YAML or JSON.")
    ] = None,
    workspace: Annotated[
        Path | None, typer.Option(help="With --only: people and channels, YAML or JSON.")
    ] = None,
    request_url: Annotated[
        str | None, typer.Option(help="With --only: where the app listens, if not over a socket.")
    ] = None,
    state: Annotated[
        Path | None,
        typer.Option(help="With --only: where it is kept, if not in FOLDER/slack-only."),
    ] = None,
) -> None:
    """Try Wavepost here: its own database, files and Slack, with an example to play in."""
    if only:
        kept = state or folder / "slack-only"
        _play_slack_only(Wishes(kept, manifest, workspace, port, request_url, fresh))
        return
    if manifest or workspace or request_url or state:
        raise typer.BadParameter(
            "--manifest, --workspace, --request-url and --state go with --only: "
            "the sandbox has Wavepost's own."
        )

    from bot import logs
    from bot.terminal import console, run
    from bot.trial import Trial
    from bot.trial_words import TrialError

    logs.configure("WARNING")
    begin = today.date() if today else None
    trial = Trial(folder, today=begin, port=port, say=console.print, fresh=fresh)
    try:
        run(trial.play(until=asked_to_stop, open_page=open_page))
    except (FolderError, TrialError) as error:
        _give_up(error)


def _play_slack_only(wishes: Wishes) -> None:
    from bot.sandbox.command import AloneError, run_alone

    try:
        run_alone(wishes, typer.echo)
    except (AloneError, FolderError) as error:
        _give_up(error)


def _give_up(error: Exception) -> NoReturn:
    """Say why nothing runs; exit code 1 when it runs already, else 2."""
    typer.echo(str(error))
    raise typer.Exit(1 if isinstance(error, TakenError) else 2) from error
