"""Wavepost put together from its settings. Nothing starts before `running` is entered."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import structlog
from fastapi import FastAPI
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.api_door import ApiDoor
from bot.calendar_door import calendar_routes
from bot.clock import clock
from bot.courier import Courier
from bot.directory import refresh
from bot.mail_carrier import MailCarrier
from bot.mailer import SmtpMailer, mailer
from bot.metrics import Metrics
from bot.pages import open_pages
from bot.published_list import look
from bot.scanner import Scanner
from bot.sealer import seal
from bot.settings import BucketSettings, Settings
from bot.slack import SlackDoor
from bot.slack_files import SlackFileDoor
from bot.web import Check, Readiness, web
from bot.worker import Worker
from handlers import (
    api,
    looks,
    own_words,
    register,
    register_jobs,
    wave_announcing,
    wave_minding,
    wave_reminding,
)
from handlers.announced_digests import tell_left
from handlers.announcing import announce_due
from handlers.digests import tell_due
from handlers.doors import Listeners
from handlers.escalation_knocks import end_what_is_due, knock
from handlers.files import file_days_knock, scanner_knock
from handlers.import_conversation import forget_unanswered
from handlers.parameter_preview import forget_undecided
from handlers.triage_loss import mind_channel
from handlers.triage_week import tell_of_week
from store.ended_messages import EndedMessages
from store.files import Files, FilesUnavailable
from store.migrate import is_current
from store.session import OutcomeUnknown, Store, StoreUnavailable

log = structlog.get_logger(__name__)

KEYS_KEPT_DAYS = 30
JOBS_KEPT_DAYS = 90
TOLD_KEPT_DAYS = 90
MESSAGES_KEPT_DAYS = 90
SECONDS_UNTIL_NEXT_TRY = 1


@dataclass(frozen=True, slots=True)
class Wavepost:
    """The parts of one running Wavepost."""

    settings: Settings
    store: Store
    files: Files | None
    client: AsyncWebClient
    listeners: Listeners
    metrics: Metrics
    slack: SlackDoor
    socket: AsyncSocketModeHandler | None
    courier: Courier
    worker: Worker
    mailer: SmtpMailer | None
    carrier: MailCarrier | None
    app: FastAPI
    directory_read: asyncio.Event
    """Set when the directory was read for the first time, or could not be."""


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Wavepost]:
    """All parts, connected to nothing yet; let go of at the end."""
    store = Store(settings.database_url, outside=settings.outside)
    timeout = aiohttp.ClientTimeout(total=settings.courier.http_timeout)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            token=settings.slack_token.get_secret_value(),
            base_url=settings.slack_address,
            session=session,
            retry_handlers=[],  # sending again is for the courier to decide
        )
        metrics = Metrics()
        listeners = register()
        slack = SlackDoor(settings, store, listeners, client, metrics)
        courier = Courier(
            store, client, settings.courier, metrics, leads_channel=settings.leads_channel
        )
        store.on_say = courier.wake
        bucket = files(settings)
        worker = Worker(
            store,
            register_jobs(),
            settings.worker,
            metrics,
            files=bucket,
            slack=SlackFileDoor(client, session),
            leads_channel=settings.leads_channel,
            scanner=_scanner(settings),
        )
        store.on_job = worker.wake
        post = mailer(settings.smtp)
        socket = _socket(settings, slack, client)
        checks: dict[str, Check] = {
            "database": lambda: _database(store),
            "names": lambda: _names(store),
            "Slack": lambda: _slack(client),
        }
        if socket:
            checks["Socket Mode"] = lambda: _listening(socket)
        readiness = Readiness(checks)
        token = settings.metrics_token.get_secret_value() if settings.metrics_token else None
        app = web(slack, store, metrics, readiness, token)
        open_pages(app, settings, store, bucket, client, session)
        app.include_router(calendar_routes(store))
        app.include_router(ApiDoor(store, api()).router())
        try:
            yield Wavepost(
                settings=settings,
                store=store,
                files=bucket,
                client=client,
                listeners=listeners,
                metrics=metrics,
                slack=slack,
                socket=socket,
                courier=courier,
                worker=worker,
                mailer=post,
                carrier=_carrier(settings, store, post, metrics),
                app=app,
                directory_read=asyncio.Event(),
            )
        finally:
            if socket:
                await socket.close_async()
            await store.close()


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Wavepost]:
    """Wavepost at work: courier, worker, clock and, where an app token is set, Socket Mode."""
    async with assembled(settings) as wavepost, asyncio.TaskGroup() as tasks:
        jobs = clock(
            seal=partial(seal, wavepost.store, wavepost.files),
            refresh_directory=partial(
                refresh,
                wavepost.store,
                wavepost.client,
                leads_channel=settings.leads_channel,
            ),
            tidy=partial(tidy, wavepost.store),
            tell=partial(tell, wavepost.store),
            mind_escalations=partial(mind_escalations, wavepost.store),
            mind_looks=partial(mind_looks, wavepost.store),
            mind_waves=partial(mind_waves, wavepost.store),
            mind_files=partial(mind_files, wavepost.store, wavepost.files, _scanner(settings)),
            announce=partial(
                announce,
                wavepost.store,
                leads_channel=settings.leads_channel,
                words_folder=settings.words_folder,
            ),
            close_questions=partial(close_questions, wavepost.store, wavepost.files),
            read_list=partial(
                look,
                wavepost.store,
                settings.escalated_stores,
                leads_channel=settings.leads_channel,
            ),
        )
        jobs.start()
        background = [
            tasks.create_task(wavepost.courier.run()),
            tasks.create_task(wavepost.worker.run()),
            tasks.create_task(_read_directory(wavepost)),
            tasks.create_task(_read_names(wavepost.store)),
        ]
        if wavepost.carrier:
            background.append(tasks.create_task(wavepost.carrier.run()))
        if wavepost.socket:
            # It tries until Slack answers; what is served meanwhile says that it does not listen.
            background.append(tasks.create_task(wavepost.socket.connect_async()))
        try:
            yield wavepost
        finally:
            jobs.shutdown(wait=False)
            for task in background:
                task.cancel()


def files(settings: BucketSettings) -> Files | None:
    """The S3 door; None where no bucket is set."""
    if not settings.s3_bucket:
        return None
    secret = settings.s3_secret_key
    return Files(
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        bucket=settings.s3_bucket,
        access_key=settings.s3_access_key,
        secret_key=secret.get_secret_value() if secret else None,
        public_endpoint=settings.s3_public_endpoint,
        encryption=settings.s3_encryption or "",
    )


def _carrier(
    settings: Settings, store: Store, post: SmtpMailer | None, metrics: Metrics
) -> MailCarrier | None:
    if post is None:
        return None
    return MailCarrier(
        store,
        post,
        metrics,
        longest_turn=settings.smtp.timeout,
        look_every=settings.courier.look_every,
        leads_channel=settings.leads_channel,
    )


def _scanner(settings: Settings) -> Scanner | None:
    """What looks into files; None where nothing does."""
    return Scanner(settings.scanner) if settings.scanner else None


def _socket(
    settings: Settings, slack: SlackDoor, client: AsyncWebClient
) -> AsyncSocketModeHandler | None:
    token = settings.slack_app_token
    if token is None:
        return None
    return AsyncSocketModeHandler(slack.bolt, token.get_secret_value(), web_client=client)


async def _read_directory(wavepost: Wavepost) -> None:
    leads_channel = wavepost.settings.leads_channel
    await refresh(wavepost.store, wavepost.client, leads_channel=leads_channel)
    wavepost.directory_read.set()


async def _read_names(store: Store) -> None:
    """Read the names before anybody asks for one, as soon as the database is there."""
    while not store.knows_names:
        try:
            await store.read_names()
        except StoreUnavailable:
            await asyncio.sleep(SECONDS_UNTIL_NEXT_TRY)


async def tidy(store: Store) -> None:
    """Forget what nobody will ask for again.

    Keys, jobs, what was told, sessions and links of the web and the portal, what was typed into
    forms, and messages and mails that all these name no more.
    """
    with contextlib.suppress(StoreUnavailable):
        async with store.transaction(actor="clock") as tx:
            await tx.interactions.forget_older_than(KEYS_KEPT_DAYS)
            await tx.jobs.forget_older_than(JOBS_KEPT_DAYS)
            await tx.tidings.forget_told_before(TOLD_KEPT_DAYS)
            told_since = await tx.clock.now() - timedelta(days=TOLD_KEPT_DAYS)
            await tx.told_facts.forget_before(told_since)
            await tx.web_sessions.forget_old()
            await tx.web_links.forget_old()
            await tx.portal.forget_old()
            await tx.form_drafts.forget_old()
            await tx.mails.forget_older_than(MESSAGES_KEPT_DAYS)
            await EndedMessages(tx.connection).forget_older_than(MESSAGES_KEPT_DAYS)


async def close_questions(store: Store, files: Files | None) -> None:
    """Close what nobody answered, and forget files that nobody needs any more."""
    with contextlib.suppress(StoreUnavailable, FilesUnavailable):
        await forget_unanswered(store, files)
        await forget_undecided(store)


async def tell(store: Store) -> None:
    """Tell people what is due of what they follow."""
    with contextlib.suppress(StoreUnavailable):
        await tell_left(store)
        await tell_due(store)


async def mind_escalations(store: Store) -> None:
    """Do what time asks for: remind, ask the next person, tell of what was lost, sum up the week."""
    with contextlib.suppress(StoreUnavailable):
        await mind_channel(store)
        await knock(store)
        await end_what_is_due(store)
        await tell_of_week(store)


async def mind_looks(store: Store) -> None:
    """Have all judged whose look is due."""
    with contextlib.suppress(StoreUnavailable):
        await looks.knock(store)


async def mind_waves(store: Store) -> None:
    """See to it that waves begin, and that somebody decides about pauses and does what is to be undone."""
    with contextlib.suppress(StoreUnavailable):
        await wave_announcing.knock(store)
        await wave_reminding.knock(store)
        await wave_minding.knock(store)


async def mind_files(store: Store, files: Files | None, scanner: Scanner | None) -> None:
    """Do what the days of files ask for: remind, let expire, remove; check what waited for the scanner."""
    with contextlib.suppress(StoreUnavailable, OutcomeUnknown):
        await file_days_knock.knock(store, files)
        await scanner_knock.knock(store, scanner)


async def announce(store: Store, *, leads_channel: str, words_folder: Path | None = None) -> None:
    """Announce what schedules have due, or keep why not, in the words that there are now."""
    with contextlib.suppress(StoreUnavailable, OutcomeUnknown):
        await own_words.knock(store, words_folder, leads_channel=leads_channel)
        await announce_due(store, leads_channel=leads_channel)


async def _database(store: Store) -> str | None:
    try:
        async with store.reading() as reading:
            if not await reading.connection.run_sync(is_current):
                return "its tables are not those of this version: run wavepost migrate"
    except StoreUnavailable as trouble:
        return str(trouble)
    return None


async def _names(store: Store) -> str | None:
    return None if store.knows_names else "are being read"


async def _slack(client: AsyncWebClient) -> str | None:
    try:
        await client.auth_test()
    except SlackApiError as error:
        return f"auth.test answers {error.response['error']}"
    except (aiohttp.ClientError, OSError):
        return "cannot be reached"
    return None


async def _listening(socket: AsyncSocketModeHandler) -> str | None:
    return None if await socket.client.is_connected() else "no connection is open"
