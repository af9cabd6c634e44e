"""The clock only knocks: fixed jobs in every replica; the database decides who acts."""

import zoneinfo
from collections.abc import Awaitable, Callable

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger
from apscheduler.util import iscoroutinefunction_partial

Job = Callable[[], Awaitable[None]]


def clock(  # noqa: PLR0913 - each of its jobs
    *,
    seal: Job,
    refresh_directory: Job,
    tidy: Job,
    tell: Job,
    mind_escalations: Job,
    mind_looks: Job,
    mind_waves: Job,
    mind_files: Job,
    announce: Job,
    close_questions: Job,
    read_list: Job,
) -> AsyncIOScheduler:
    """The scheduler with Wavepost's jobs, not yet started.

    The jobs are coroutine functions (or partials of them): anything else that returns a coroutine,
    a lambda say, would be called in a thread and never awaited.

    A job that is late by up to an hour (a machine asleep, say) still runs, once.
    """
    for job in (
        seal,
        refresh_directory,
        tidy,
        tell,
        mind_escalations,
        mind_looks,
        mind_waves,
        mind_files,
        announce,
        close_questions,
        read_list,
    ):
        if not iscoroutinefunction_partial(job):
            raise TypeError(f"{job} is not a coroutine function, so the clock could not await it")
    scheduler = AsyncIOScheduler(
        timezone=zoneinfo.ZoneInfo("UTC"),
        job_defaults={"misfire_grace_time": 3_600, "coalesce": True, "max_instances": 1},
    )
    scheduler.add_job(seal, IntervalTrigger(minutes=1), id="seal the audit")
    scheduler.add_job(tell, IntervalTrigger(seconds=15), id="tell what is due")
    every_while = IntervalTrigger(seconds=15)
    scheduler.add_job(mind_escalations, every_while, id="mind the clocks of escalations")
    scheduler.add_job(mind_looks, every_while, id="mind the looks at what moved")
    scheduler.add_job(mind_waves, every_while, id="mind waves")
    scheduler.add_job(mind_files, every_while, id="mind files for customers")
    scheduler.add_job(announce, every_while, id="announce what is due")
    scheduler.add_job(read_list, IntervalTrigger(minutes=1), id="look at the published list")
    nightly = CronTrigger(hour=3, minute=17, jitter=600, timezone="UTC")
    scheduler.add_job(refresh_directory, nightly, id="refresh the directory")
    scheduler.add_job(tidy, CronTrigger(hour=4, minute=41, timezone="UTC"), id="forget old keys")
    every_hour = IntervalTrigger(hours=1, jitter=600)
    scheduler.add_job(close_questions, every_hour, id="close questions that nobody answers")
    return scheduler
