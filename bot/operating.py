"""The commands of whoever runs Wavepost: `serve`, `migrate`, `import`, `plan`, `doctor` and others."""

import asyncio
import gc
from typing import Annotated

import typer
from sqlalchemy import make_url

from bot import logs
from bot.assembly import running
from bot.audit_command import audit
from bot.doctor_command import doctor
from bot.escalations_command import escalations
from bot.import_command import IMPORT_EXAMPLE, import_files
from bot.mark_command import MARK_EXAMPLE, mark, wave
from bot.offline_plan import PLAN_EXAMPLE
from bot.parameters_command import parameters
from bot.plan_command import plan_waves
from bot.reasons import NOT_MIGRATED, is_wrong_address, reason
from bot.roles_command import roles
from bot.rota_command import rota
from bot.serving import serving
from bot.settings import OwnerSettings, Settings
from bot.spaces_command import spaces
from bot.stopping import asked_to_stop
from bot.terminal import console, failures_as_words, give_up, read_settings, run
from bot.token_command import token
from bot.triage_command import triage
from store.migrate import is_current
from store.migrate import migrate as migrate_store
from store.session import Store, StoreUnavailable

NOTHING_FROM_SLACK = (
    "Neither WAVEPOST_SLACK_SIGNING_SECRET (for HTTP) nor WAVEPOST_SLACK_APP_TOKEN (for Socket Mode) "
    "is set, so nothing that Slack sends could be trusted. Both are at api.slack.com/apps, your app, "
    "Basic Information."
)

app = typer.Typer()
app.command("import", epilog=IMPORT_EXAMPLE)(import_files)
app.command("mark", epilog=MARK_EXAMPLE)(mark)
app.command("wave", epilog=MARK_EXAMPLE)(wave)
app.command("plan", epilog=PLAN_EXAMPLE)(plan_waves)
app.command("doctor")(doctor)
app.command("escalations")(escalations)
app.add_typer(audit, name="audit")
app.add_typer(roles, name="roles")
app.add_typer(parameters, name="parameters")
app.add_typer(triage, name="triage")
app.add_typer(rota, name="rota")
app.add_typer(token, name="token")
app.add_typer(spaces, name="spaces")


@app.command()
def serve() -> None:
    """Run Wavepost: Slack, web, courier and clock. Settings come from WAVEPOST_… variables."""
    settings = read_settings(Settings)
    if not (settings.slack_signing_secret or settings.slack_app_token):
        give_up(NOTHING_FROM_SLACK)
    logs.configure(settings.log_level)
    with failures_as_words():
        run(_serve(settings))


@app.command()
def migrate(
    application_role: Annotated[
        str | None, typer.Option(help="Who the application connects as; from its URL if not given.")
    ] = None,
) -> None:
    """Bring the database to this version's tables, as its owner."""
    settings = read_settings(OwnerSettings)
    role = application_role or _role_in(settings.database_url)
    if role is None:
        give_up(
            "Name the application's role with --application-role, or set WAVEPOST_DATABASE_URL, "
            "which names it."
        )
    logs.configure("WARNING")
    with failures_as_words("WAVEPOST_OWNER_URL"):
        run(migrate_store(settings.owner_url, application_role=role))
    console.print(f"The database has this version's tables, and {role} may use them.")


def _role_in(url: str | None) -> str | None:
    return make_url(url).username if url else None


async def _serve(settings: Settings) -> None:
    # Heard from the beginning: who is told that it serves may end it at once.
    asked = asyncio.create_task(asked_to_stop())
    await _check_database(settings)
    async with (
        running(settings) as wavepost,
        serving(wavepost.app, host=settings.host, port=settings.port) as address,
    ):
        console.print(f"Wavepost serves {address}")
        # What was loaded stays: looking through all of it again at each full collection made one
        # answer in a hundred wait for 0.1 s.
        gc.collect()
        gc.freeze()
        await asked


async def _check_database(settings: Settings) -> None:
    """Give up where waiting for the database would not help; one that is down is waited for."""
    store = Store(settings.database_url)
    try:
        async with store.reading() as reading:
            if not await reading.connection.run_sync(is_current):
                give_up(NOT_MIGRATED)
    except StoreUnavailable as trouble:
        if is_wrong_address(trouble):
            raise
        words = reason(trouble, url="WAVEPOST_DATABASE_URL")
        console.print(f"{words} Wavepost waits for it.", markup=False, soft_wrap=True)
    finally:
        await store.close()
