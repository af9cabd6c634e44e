"""From the press of Download to the link: `python -m tests.benchmarks.bench_portal 100 10`.

So many presses a second, for so many seconds, of 50 recipients with sessions of their own; each is
decided, counted, noted, put into the audit and signed. The portal runs in a process of its own, over a
real PostgreSQL and the links of a real S3 server. Beside it is the least that a press can cost: an
empty handler of the same web framework, which signs a link and leads to it, in a process too.

Presses come when they are due, however long others take: what waits for its turn counts. Printed are
p50 and p99 of the answers, the processor's time for one press, and by how much the portal takes longer.
Exits with 1 where its p99 is over 50 ms.
"""

import asyncio
import gc
import multiprocessing
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

import psutil
from fastapi import FastAPI
from fastapi.responses import RedirectResponse

from bot import logs
from bot.cookies import PORTAL
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.page_door import csrf_of
from bot.serving import serving
from store.file_links import link_to
from store.files import Files
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.sides import say
from tests.handlers.files.portal_world import PortalWorld
from tests.mail_server import MailServer
from tests.store.parcels_given import MONTH

RECIPIENTS = 50
WARM, WARM_PER_SECOND = 50, 10
"""Presses that nothing is said of: those that open the connections to the database, say."""
MOST = 50
"""Milliseconds that 99 of 100 answers may take."""
BUCKET = "bench"

Where = tuple[str, str, str, str]
"""The database, and the store with its two keys."""


@dataclass(frozen=True, slots=True)
class Took:
    """Milliseconds: of half of the answers, of 99 in 100, and of a processor for each press."""

    p50: float
    p99: float
    processor: float


def main(per_second: str = "100", seconds: str = "10") -> None:
    """Print how long the answers took; exit with 1 where that is too long."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=True) as postgres,
        EmbeddedS3(Path(folder) / "s3") as s3,
    ):
        s3.create_bucket(BUCKET)
        where = (postgres.app_url, s3.endpoint, s3.access_key, s3.secret_key)
        asyncio.run(_measure(postgres.owner_url, where, int(per_second), int(seconds)))


async def _measure(owner_url: str, where: Where, per_second: int, seconds: int) -> None:
    await migrate(owner_url, application_role="wavepost_app")
    world = _world(where)
    expires_at = datetime.now(UTC) + MONTH
    presses = []
    for number in range(RECIPIENTS):
        recipient = await world.recipient(f"r{number}@acme.example")
        given = await world.given(recipient, data=b"menu", expires_at=expires_at)
        presses.append((f"{given.page}/download", await world.session(recipient)))
    await world.store.close()
    took = {}
    for name in ("bare", "portal"):
        async with _served(name, where) as (address, process):
            await _pressed(address, presses, WARM, WARM_PER_SECOND)
            before = _processor(process)
            times = sorted(await _pressed(address, presses, per_second * seconds, per_second))
            processor = (_processor(process) - before) / len(times)
        p50, p99 = (times[int(len(times) * share)] * 1e3 for share in (0.5, 0.99))
        took[name] = Took(p50, p99, processor * 1e3)
        say(
            f"{name}: {len(times):,} presses at {per_second}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
            f"{processor * 1e3:.2f} ms of a processor each"
        )
    portal, bare = took["portal"], took["bare"]
    say(
        f"the portal over bare: p50 {portal.p50 / bare.p50:.1f}, p99 {portal.p99 / bare.p99:.1f}, "
        f"processor {portal.processor / bare.processor:.1f}"
    )
    if portal.p99 > MOST:
        raise SystemExit(f"out of bounds: p99 is over {MOST} ms")


def _processor(process: psutil.Process) -> float:
    """The seconds of a processor that it has had."""
    had = process.cpu_times()
    return float(had.user + had.system)


def _world(where: Where) -> PortalWorld:
    return PortalWorld(Store(where[0]), _files(where), MailServer(port=25))


def _files(where: Where) -> Files:
    _, endpoint, access_key, secret_key = where
    return Files(
        endpoint=endpoint,
        region="us-east-1",
        bucket=BUCKET,
        access_key=access_key,
        secret_key=secret_key,
    )


@asynccontextmanager
async def _served(name: str, where: Where) -> AsyncIterator[tuple[str, psutil.Process]]:
    """One of `SERVED` in a process of its own: its address, and the process."""
    context = multiprocessing.get_context("spawn")
    told: Queue[str] = context.Queue()
    over = context.Event()
    process = context.Process(target=SERVED[name], args=(where, told, over))
    process.start()
    try:
        yield await asyncio.to_thread(told.get, timeout=60), psutil.Process(process.pid)
    finally:
        over.set()
        await asyncio.to_thread(process.join)


def _serve_portal(where: Where, told: "Queue[str]", over: Event) -> None:
    # As where it runs for good: traces in colours would take what a busy machine has left.
    logs.configure("WARNING")

    async def run() -> None:
        world = _world(where)
        await _serve(world.app(address=None), told, over)
        await world.store.close()

    asyncio.run(run())


def _serve_bare(where: Where, told: "Queue[str]", over: Event) -> None:
    files, app = _files(where), FastAPI()

    @app.post("/portal/files/{file}/download")
    async def download(file: str) -> RedirectResponse:
        return RedirectResponse(await link_to(files, file, version=None, name="menu.csv"), 303)

    asyncio.run(_serve(app, told, over))


async def _serve(app: FastAPI, told: "Queue[str]", over: Event) -> None:
    async with serving(app) as address:
        # As `wavepost serve` does: what was loaded stays.
        gc.collect()
        gc.freeze()
        told.put(address)
        await asyncio.to_thread(over.wait)


SERVED = {"bare": _serve_bare, "portal": _serve_portal}


async def _pressed(
    address: str, presses: list[tuple[str, str]], count: int, per_second: int
) -> list[float]:
    """Press so often, one when each is due; gives the seconds from then to the answer."""
    began = time.perf_counter()

    async def press(number: int) -> float:
        due = began + number / per_second
        await asyncio.sleep(max(due - time.perf_counter(), 0))
        path, session = presses[number % len(presses)]
        answer = await _post(address, path, session)
        assert re.search(rb"\r\nlocation: http://[^\r]+X-Amz-Signature=", answer), answer
        return time.perf_counter() - due

    return list(await asyncio.gather(*map(press, range(count))))


async def _post(address: str, path: str, session: str) -> bytes:
    """Send the form of one browser, over a connection of its own."""
    where = urlsplit(address)
    body = urlencode({"csrf": csrf_of(session)})
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {where.netloc}\r\nOrigin: {address}\r\n"
        f"Cookie: {PORTAL}={session}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    reader, writer = await asyncio.open_connection(where.hostname, where.port)
    writer.write((head + body).encode())
    answer = await reader.read()
    writer.close()
    return answer


if __name__ == "__main__":
    main(*sys.argv[1:])
