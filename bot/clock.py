"""The clock only knocks: fixed jobs in every replica; the database decides who acts."""

import zoneinfo
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Job = Callable[[], Awaitable[None]]


def clock(*, seal: Job, refresh_directory: Job, tidy: Job) -> AsyncIOScheduler:
    """The scheduler with Wavepost's jobs, not yet started.

    A job that is late by up to an hour (a machine asleep, say) still runs, once.
    """
    scheduler = AsyncIOScheduler(
        timezone=zoneinfo.ZoneInfo("UTC"),
        job_defaults={"misfire_grace_time": 3_600, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(seal, IntervalTrigger(minutes=1), id="seal the audit")
    nightly = CronTrigger(hour=3, minute=17, jitter=600, timezone="UTC")
    scheduler.add_job(refresh_directory, nightly, id="refresh the directory")
    scheduler.add_job(tidy, CronTrigger(hour=4, minute=41, timezone="UTC"), id="forget old keys")
    return scheduler
