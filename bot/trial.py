"""A trial: Wavepost with a database, files and a Slack of its own, and an example to play in."""

import asyncio
import shlex
import webbrowser
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, closing
from datetime import date
from pathlib import Path
from socket import socket
from typing import Any

from pydantic import SecretStr, TypeAdapter
from sqlalchemy import text

from bot.assembly import Wavepost, files, running
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.example.dates import TODAY
from bot.example.sheets import ESCALATED_FILE
from bot.example.workspace import roles, workspace
from bot.example.world import world
from bot.sandbox.claim import claimed, in_words
from bot.sandbox.command import free_port
from bot.sandbox.json_types import Json
from bot.sandbox.manifest import load_manifest
from bot.sandbox.seed import Workspace
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Link
from bot.serving import address_of, listen, serving
from bot.settings import Settings, SmtpSettings
from bot.slack_sign_in import CALLBACK
from bot.trial_clock_page import PATH as BUSINESS_TIME
from bot.trial_clock_page import business_time
from bot.trial_files import TrialFiles
from bot.trial_folder import (
    ENVIRONMENT,
    EXAMPLE,
    MAIL,
    OPTION,
    POSTGRES,
    S3,
    SLACK,
    ensure_room,
    forget,
    is_a_trials,
)
from bot.trial_mail import HOST as MAIL_HOST
from bot.trial_mail import Mailbox, post_office
from bot.trial_mailbox_page import PATH as MAILBOX
from bot.trial_mailbox_page import MailboxPage
from bot.trial_past import Past
from bot.trial_triage import begin_triage
from bot.trial_words import OlderTables, in_trial_words
from handlers.importing import import_sheets
from handlers.planning import publish_first_plan
from handlers.roles import give
from rules.roles import Role
from store.bucket import set_up
from store.migrate import is_as_described, migrate
from store.session import Reading, Store

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
BUCKET = "wavepost"
IMPORTER = "the example"
MAILS_FROM = "Wavepost <wavepost@northwind.example>"


class Trial:
    """Everything that `wavepost sandbox` runs, kept in one folder."""

    def __init__(
        self,
        folder: Path,
        *,
        port: int,
        say: Callable[[str], None],
        today: date | None = None,
        fresh: bool = False,
    ) -> None:
        """Nothing is started yet, and nothing touched.

        `today` is the business date to begin with; without one, a kept trial goes on where it was.
        `fresh` removes what earlier trials left.
        """
        self._folder = folder.expanduser().resolve()
        self._wished = today
        self._today = today or TODAY
        self._port = port
        self._say = say
        self._fresh = fresh

    async def play(
        self, *, until: Callable[[], Coroutine[Any, Any, None]], open_page: bool
    ) -> None:
        """Run until told to stop.

        Raises:
            TrialError: it cannot start, go on or end well.
            FolderError: the folder cannot be used.
            TakenError: another trial uses it.
        """
        with in_trial_words(self._folder):
            async with AsyncExitStack() as stack:
                claim = stack.enter_context(claimed(self._folder, OPTION, is_ours=is_a_trials))
                await asyncio.to_thread(self._make_room)
                postgres, s3 = await self._servers(stack)
                listening = stack.enter_context(closing(listen()))
                address = address_of(listening)
                sandbox = await stack.enter_async_context(self._slack(address).running())
                mailbox = await asyncio.to_thread(Mailbox, self._folder / MAIL)
                mail = await stack.enter_async_context(post_office(mailbox))
                chosen = settings(postgres, s3, sandbox, address, mail)
                if bucket := files(chosen):
                    await set_up(bucket, address=address)
                await self._wavepost(stack, chosen, sandbox, listening, mailbox)
                claim.tell(sandbox.address)
                self._welcome(sandbox.address, address)
                if open_page:
                    await asyncio.to_thread(webbrowser.open, sandbox.address)
                await _first_of(until(), postgres.watch(), s3.watch())

    async def _servers(self, stack: AsyncExitStack) -> tuple[EmbeddedPostgres, EmbeddedS3]:
        """A database of this version and a file store with a bucket, until the stack ends."""
        self._say("Starting a database and a file store …")
        postgres = EmbeddedPostgres(self._folder / POSTGRES)
        s3 = EmbeddedS3(self._folder / S3)
        with in_words(self._folder, OPTION):
            # Both are waited for: one that still started when the other failed would never stop.
            starts = (stack.enter_async_context(server) for server in (postgres, s3))
            for outcome in await asyncio.gather(*starts, return_exceptions=True):
                if isinstance(outcome, BaseException):
                    raise outcome
        await migrate(postgres.owner_url, application_role="wavepost_app")
        if not await is_as_described(postgres.owner_url):
            raise OlderTables
        await asyncio.to_thread(s3.create_bucket, BUCKET, object_lock=True)
        return postgres, s3

    async def _wavepost(
        self,
        stack: AsyncExitStack,
        chosen: Settings,
        sandbox: Sandbox,
        listening: socket,
        mailbox: Mailbox,
    ) -> None:
        """Wavepost with the example, until the stack ends."""
        with in_words(self._folder, OPTION):
            keep_environment(chosen, self._folder / ENVIRONMENT)
        wavepost = await stack.enter_async_context(running(chosen))
        address = await stack.enter_async_context(serving(wavepost.app, at=listening))
        self._today = await self._begin_today(wavepost.store)
        mails = MailboxPage(wavepost.store, mailbox, address=address, back=sandbox.address)
        wavepost.app.include_router(mails.router())
        beside = [Link("Wavepost on the web", address), Link("Mailbox", address + MAILBOX)]
        page = business_time(wavepost.app, wavepost.store, sandbox, address, beside=beside)
        await stack.enter_async_context(page)
        sandbox.request_url = f"{address}/slack/events"
        await self._furnish(wavepost)

    def _welcome(self, slack: str, web: str) -> None:
        self._say(f"\nWavepost is ready: {slack}\n")
        day = f"{self._today:%A} {self._today.day} {self._today:%B %Y}"
        self._say(f"It is {day} there. Type /schedule to see when customers move.")
        self._say(f"On the web, after a click to sign in: {web}")
        self._say(f"Move time on: {web}{BUSINESS_TIME}")
        self._say(f"Mails to people outside Slack: {web}{MAILBOX}")
        self._say("Ctrl-C stops everything; it is kept for the next time.")

    def _make_room(self) -> None:
        with in_words(self._folder, OPTION):
            if self._fresh:
                forget(self._folder)
            ensure_room(self._folder)

    def _slack(self, web: str) -> Sandbox:
        people = TypeAdapter(Workspace).validate_python(workspace(self._today))
        return Sandbox(
            manifest=manifest_at(web),
            workspace=people,
            state=self._folder / SLACK,
            port=free_port(self._port),
        )

    async def _begin_today(self, store: Store) -> date:
        """Go on where business time was left, or begin on the wished day; gives the business date."""
        async with store.reading() as reading:
            kept = (await reading.clock.now()).date()
            begun = await _has_customers(reading)
        if begun and self._wished is None:
            return kept
        if begun and kept > self._today:
            self._say(
                f"Business time goes back, from {kept} to {self._today}. What happened meanwhile "
                "stays, with later dates. Start without --today to go on where it was, or with "
                "--fresh to begin again."
            )
        await set_today(store, self._today)
        return self._today

    async def _furnish(self, wavepost: Wavepost) -> None:
        """Import and plan the example world, through the front door, unless it was before.

        All of it in one transaction: who is interrupted finds an empty house, not half of one.
        """
        async with wavepost.store.reading() as reading:
            if await _has_customers(reading):
                return
        self._say("Importing the example: 2,000 restaurants of 400 customers, and its past …")
        folder = self._folder / EXAMPLE
        folder.mkdir(exist_ok=True)
        places = await asyncio.to_thread(world, self._today)
        await wavepost.directory_read.wait()
        async with wavepost.store.transaction(actor=IMPORTER) as tx:
            for email, given in roles().items():
                for role in given:
                    await give(tx, email, Role(role))
            await Past(tx, folder, places).live()
            parameters = await tx.parameters.current()
            await publish_first_plan(tx, today=self._today, parameters=parameters)
            await begin_triage(tx, roles())
            await import_sheets(tx, [folder / ESCALATED_FILE], today=self._today)
            if wavepost.files:
                await TrialFiles(tx, wavepost.files).live()


def manifest_at(web: str, manifest: Json | None = None) -> Json:
    """The manifest of a Wavepost whose pages are at this address; it is read unless it is given."""
    manifest = manifest or load_manifest(MANIFEST)
    return manifest | {
        "oauth_config": manifest["oauth_config"] | {"redirect_urls": [web + CALLBACK]}
    }


def settings(
    postgres: EmbeddedPostgres, s3: EmbeddedS3, sandbox: Sandbox, web: str, mail: int
) -> Settings:
    """Wavepost's settings for servers of our own, `mail` the port of one; nothing is read from elsewhere."""
    known = sandbox.world.credentials
    return Settings(
        database_url=postgres.app_url,
        slack_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(sandbox.signing_secret),
        slack_app_token=None,
        slack_address=sandbox.api_address,
        slack_client_id=known.client_id,
        slack_client_secret=SecretStr(known.client_secret),
        address=web,
        smtp=SmtpSettings(host=MAIL_HOST, port=mail, security="none", sender=MAILS_FROM),
        s3_endpoint=s3.endpoint,
        s3_bucket=BUCKET,
        s3_access_key=s3.access_key,
        s3_secret_key=SecretStr(s3.secret_key),
    )


def keep_environment(settings: Settings, file: Path) -> None:
    """Write the settings as a file for a shell, so that other commands can join the trial."""
    left_out = {"courier", "worker", "escalated_stores", "commands", "smtp"}
    kept = settings.model_dump(exclude=left_out, exclude_none=True)
    kept |= {
        f"smtp_{name}": value for name, value in settings.smtp.model_dump(exclude_none=True).items()
    }
    lines = []
    for name, value in kept.items():
        plain = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
        lines.append(f"export WAVEPOST_{name.upper()}={shlex.quote(plain)}\n")
    file.touch(mode=0o600)
    file.write_text("".join(lines))


async def set_today(store: Store, today: date) -> None:
    """Let business time begin on this day."""
    async with store.transaction(actor="sandbox") as tx:
        await tx.clock.set_today(today)


async def _first_of(*waits: Coroutine[Any, Any, None]) -> None:
    """Wait for the first to end, as it ends; the others are called off."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    done, others = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for other in others:
        other.cancel()
    for first in done:
        first.result()


async def _has_customers(reading: Reading) -> bool:
    found = await reading.connection.execute(text("SELECT EXISTS (SELECT FROM customers)"))
    return bool(found.scalar_one())
