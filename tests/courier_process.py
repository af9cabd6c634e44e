"""Wavepost in a process of its own, to be stopped and killed."""

import asyncio
import multiprocessing
import signal
from multiprocessing.process import BaseProcess

from bot.assembly import running
from bot.settings import Settings

# Forked from one that has imported everything: a start takes a tenth of a second, not two.
processes = multiprocessing.get_context("forkserver")
processes.set_forkserver_preload(["bot.assembly"])


def started(settings: Settings) -> BaseProcess:
    """A process that delivers until it is ended."""
    process = processes.Process(target=_run, args=(settings,))
    process.start()
    return process


def _run(settings: Settings) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asyncio.run(_deliver(settings))


async def _deliver(settings: Settings) -> None:
    async with running(settings):
        await asyncio.Event().wait()
