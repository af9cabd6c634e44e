"""A whole Wavepost in a process of its own, served on a port that several share, to be killed."""

import asyncio
import random
import signal
import socket
from multiprocessing.process import BaseProcess

import uvicorn

from bot import logs
from bot.assembly import running
from bot.settings import Settings
from tests.courier_process import processes


def shared_port() -> socket.socket:
    """A free port of this machine that replicas may share; kept for as long as the socket is open.

    The kernel hands each connection to one of those who listen, as a load balancer would.
    """
    reserved = socket.socket()
    reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    reserved.bind(("127.0.0.1", 0))
    return reserved


def replica(settings: Settings, port: int) -> BaseProcess:
    """A Wavepost that answers and delivers until it is ended."""
    process = processes.Process(target=_run, args=(settings, port))
    process.start()
    return process


class Replicas:
    """Two processes of Wavepost; one that is killed is replaced at once."""

    def __init__(self, settings: Settings, port: int) -> None:
        self._settings, self._port = settings, port
        self._running = [replica(settings, port) for _ in range(2)]

    async def kill_one(self, chance: random.Random) -> None:
        await self._kill(chance.randrange(len(self._running)))

    async def kill_both(self) -> None:
        """Kill those that run now, the longest running one first."""
        for _ in range(2):
            await self._kill(0)

    async def _kill(self, which: int) -> None:
        killed = self._running.pop(which)
        killed.kill()
        await asyncio.to_thread(killed.join)
        self._running.append(replica(self._settings, self._port))

    def end(self) -> None:
        for process in self._running:
            process.kill()
            process.join()


def _run(settings: Settings, port: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # As where it runs for good. The pages of a trace in colours took what a busy machine had left.
    logs.configure("WARNING")
    asyncio.run(_serve(settings, port))


async def _serve(settings: Settings, port: int) -> None:
    listening = shared_listener(port)
    async with running(settings) as wavepost:
        config = uvicorn.Config(wavepost.app, log_config=None, access_log=False, lifespan="off")
        await uvicorn.Server(config).serve(sockets=[listening])


def shared_listener(port: int) -> socket.socket:
    """A socket on a port that others listen on too."""
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    listening.bind(("127.0.0.1", port))
    return listening
