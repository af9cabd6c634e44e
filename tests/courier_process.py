"""Wavepost in a process of its own, to be stopped and killed."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Coroutine
from datetime import date
from multiprocessing.process import BaseProcess

from bot.assembly import announce, assembled, mind_escalations, running, tell
from bot.settings import Settings
from handlers.running import take_steps
from handlers.wave_turn import Wish
from rules.location_life import State as Location
from rules.location_life import Step, Who
from rules.wave_life import State
from store.session import Store, Transaction

FAILS = "U0FAILS"
"""Who marks what a process marks."""

# Forked from one that has imported everything: a start takes a tenth of a second, not two.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["bot.assembly"])


def started(settings: Settings) -> BaseProcess:
    """A process that delivers until it is ended."""
    return _started(_deliver, settings)


def carrying(settings: Settings) -> BaseProcess:
    """A courier and nothing else: whom it delivers to is in the directory already."""
    return _started(_carry, settings)


def mailing(settings: Settings) -> BaseProcess:
    """A mail carrier and nothing else."""
    return _started(_mail, settings)


def telling(settings: Settings) -> BaseProcess:
    """A process that tells people what they follow, all the time, and delivers."""
    return _started(_tell, settings)


def announcing(settings: Settings) -> BaseProcess:
    """A process that announces what is due, looking all the time, and does all else of Wavepost."""
    return _started(_announce, settings)


def minding(settings: Settings) -> BaseProcess:
    """A process that looks at the clocks of escalations, all the time, and delivers nothing."""
    return _started(_mind, settings)


def failing(settings: Settings) -> BaseProcess:
    """A process that marks locations of running waves failed, one after the other, all the time."""
    return _started(_fail, settings)


def _started(
    work: Callable[[Settings], Coroutine[None, None, None]], settings: Settings
) -> BaseProcess:
    process = processes.Process(target=_run, args=(work, settings))
    process.start()
    return process


def _run(work: Callable[[Settings], Coroutine[None, None, None]], settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(work(settings))


async def _deliver(settings: Settings) -> None:
    async with running(settings):
        await asyncio.Event().wait()


async def _carry(settings: Settings) -> None:
    async with assembled(settings) as wavepost:
        await wavepost.courier.run()


async def _mail(settings: Settings) -> None:
    async with assembled(settings) as wavepost:
        assert wavepost.carrier
        await wavepost.carrier.run()


async def _tell(settings: Settings) -> None:
    async with running(settings) as wavepost:
        while True:
            await tell(wavepost.store)
            await asyncio.sleep(settings.courier.look_every)


async def _announce(settings: Settings) -> None:
    async with running(settings) as wavepost:
        while True:
            await announce(wavepost.store, leads_channel=settings.leads_channel)
            await asyncio.sleep(settings.courier.look_every)


async def _mind(settings: Settings) -> None:
    store = Store(settings.database_url)
    while True:
        await mind_escalations(store)
        await asyncio.sleep(settings.courier.look_every)


async def _fail(settings: Settings) -> None:
    store = Store(settings.database_url)
    while True:
        async with store.reading() as reading:
            waves = [row.week for row in await reading.waves.all() if row.state == State.running]
        for week in waves:
            async with store.transaction(actor=FAILS) as tx:
                await _fail_one(tx, week)
        await asyncio.sleep(settings.courier.look_every)


async def _fail_one(tx: Transaction, week: date) -> None:
    left = [row for row in await tx.wave_locations.of(week) if row.state == Location.planned]
    if left:
        wish = Wish(left[0].location_id, Step.fail, "The menu stopped")
        await take_steps(tx, week, [wish], by=FAILS, who=Who.csa)
