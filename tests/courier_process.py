"""Wavepost in a process of its own, to be stopped and killed."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Coroutine
from multiprocessing.process import BaseProcess

from bot.assembly import mind_escalations, running, tell
from bot.settings import Settings
from store.session import Store

# Forked from one that has imported everything: a start takes a tenth of a second, not two.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["bot.assembly"])


def started(settings: Settings) -> BaseProcess:
    """A process that delivers until it is ended."""
    return _started(_deliver, settings)


def telling(settings: Settings) -> BaseProcess:
    """A process that tells people what they follow, all the time, and delivers."""
    return _started(_tell, settings)


def minding(settings: Settings) -> BaseProcess:
    """A process that looks at the clocks of escalations, all the time, and delivers nothing."""
    return _started(_mind, settings)


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


async def _tell(settings: Settings) -> None:
    async with running(settings) as wavepost:
        while True:
            await tell(wavepost.store)
            await asyncio.sleep(settings.courier.look_every)


async def _mind(settings: Settings) -> None:
    store = Store(settings.database_url)
    while True:
        await mind_escalations(store)
        await asyncio.sleep(settings.courier.look_every)
