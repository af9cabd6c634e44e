"""From the press of Download to the link: `python -m tests.benchmarks.bench_portal 100 10`.

So many presses a second, for so many seconds, of 50 recipients with sessions of their own; each is
decided, counted, noted, put into the audit and signed. The portal runs in a process of its own, over a
real PostgreSQL and the links of a real S3 server. Presses come when they are due, however long others
take: what waits for its turn counts. Exits with 1 where p99 is over 50 ms.
"""

import asyncio
import multiprocessing
import re
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Event
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode, urlsplit

from bot.cookies import PORTAL
from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.page_door import csrf_of
from bot.serving import serving
from store.files import Files
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.sides import say
from tests.handlers.files.portal_world import PortalWorld
from tests.mail_server import MailServer

RECIPIENTS = 50
WARM = 50
MOST = 50
"""Milliseconds that 99 of 100 answers may take."""
BUCKET = "bench"


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


async def _measure(
    owner_url: str, where: tuple[str, str, str, str], per_second: int, seconds: int
) -> None:
    await migrate(owner_url, application_role="wavepost_app")
    world = _world(where)
    presses = []
    for number in range(RECIPIENTS):
        recipient = await world.recipient(f"r{number}@acme.example")
        given = await world.given(recipient, data=b"menu")
        presses.append((f"{given.page}/download", await world.session(recipient)))
    await world.store.close()
    async with _served(where) as address:
        await _pressed(address, presses, WARM, per_second)
        times = await _pressed(address, presses, per_second * seconds, per_second)
    times.sort()
    p50, p99 = (times[int(len(times) * share)] * 1e3 for share in (0.5, 0.99))
    say(f"{len(times):,} presses at {per_second}/s: p50 {p50:.1f} ms, p99 {p99:.1f} ms")
    if p99 > MOST:
        raise SystemExit(f"out of bounds: p99 is over {MOST} ms")


def _world(where: tuple[str, str, str, str]) -> PortalWorld:
    url, endpoint, access_key, secret_key = where
    files = Files(
        endpoint=endpoint,
        region="us-east-1",
        bucket=BUCKET,
        access_key=access_key,
        secret_key=secret_key,
    )
    return PortalWorld(Store(url), files, MailServer(port=25))


@asynccontextmanager
async def _served(where: tuple[str, str, str, str]) -> AsyncIterator[str]:
    """The portal in a process of its own."""
    context = multiprocessing.get_context("spawn")
    told: Queue[str] = context.Queue()
    over = context.Event()
    process = context.Process(target=_serve, args=(where, told, over))
    process.start()
    try:
        yield await asyncio.to_thread(told.get, timeout=60)
    finally:
        over.set()
        await asyncio.to_thread(process.join)


def _serve(where: tuple[str, str, str, str], told: "Queue[str]", over: Event) -> None:
    async def run() -> None:
        world = _world(where)
        async with serving(world.app(address=None)) as address:
            told.put(address)
            await asyncio.to_thread(over.wait)
        await world.store.close()

    asyncio.run(run())


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
