"""A large file through the upload page and back: `python -m tests.benchmarks.bench_upload 5`, in gigabytes.

A real Chromium sends the file to a real S3 server, Wavepost puts it together, reads it anew and
releases it, and Chromium downloads it from its page. Printed are how long each took, whether what came
back has the SHA-256 of what went in, and the most memory that Wavepost held, and the browser.

Wavepost is `wavepost serve`, as it runs for good. Its memory is all that is resident of its process and
of those that it began (RSS), which is the most that can be said of it: libraries that other processes
have loaded as well are counted in full. What it holds for itself alone (USS) is printed beside it.

Exits with 1 where other bytes came back, or where Wavepost held more than 300 MB.
"""

import asyncio
import hashlib
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

import psutil
from playwright.async_api import Browser, Page, async_playwright

from bot.embedded_postgres import EmbeddedPostgres
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.server import Sandbox
from bot.trial import manifest_at
from rules.file_life import State
from store.bucket import set_up
from store.files import Files
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.sides import answers, free_port, say, serve, served_to
from tests.browser.uploads import SUE, arrived, fill_in, press_upload, spaces
from tests.browser.web import sign_in
from tests.chromium import QUIET, chromium
from tests.workspace import WORKSPACE

MB = 1024 * 1024
BUCKET = "bench"
SENT = 3_600_000
"""Milliseconds that a page may wait for a file to be sent."""
MOST_MEMORY = 300
"""Megabytes that Wavepost may hold."""


def main(gigabytes: str = "5") -> None:
    """Print seconds, whether the file is the same, and memory; exit with 1 out of bounds."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=True) as postgres,
        EmbeddedS3(Path(folder) / "s3") as s3,
    ):
        s3.create_bucket(BUCKET)
        asyncio.run(_measure(Path(folder), postgres, s3, int(float(gigabytes) * 1024)))


async def _measure(
    folder: Path, postgres: EmbeddedPostgres, s3: EmbeddedS3, megabytes: int
) -> None:
    await migrate(postgres.owner_url, application_role="wavepost_app")
    original = folder / "menus.bin"
    sha256 = await asyncio.to_thread(_write, original, megabytes)
    store = Store(postgres.app_url)
    async with _wavepost(postgres, s3) as (address, process), _browser(folder) as browser:
        await _known(store)
        await spaces(store)
        watching = asyncio.create_task(_most_memory(process))
        page = await browser.new_page()
        page.set_default_timeout(SENT)
        seconds = await _upload(page, address, original)
        say(f"uploaded {megabytes:,} MB in {seconds:.0f} s, {megabytes / seconds:.0f} MB/s")
        seconds = await _released(store, page)
        say(f"put together, read anew and released in {seconds:.0f} s")
        seconds, saved = await _download(page)
        say(f"downloaded in {seconds:.0f} s, {megabytes / seconds:.0f} MB/s")
        is_same = await asyncio.to_thread(_sha256, saved) == sha256
        say(f"the same SHA-256: {is_same}")
        watching.cancel()
        say(f"Wavepost held {_memory['held']:.0f} MB before and at most {_memory['most']:.0f} MB,")
        say(f"of which {_memory['alone']:.0f} MB at most for itself alone")
        say(f"the largest process of Chromium held at most {_memory['browser']:.0f} MB")
    await store.close()
    if not is_same or _memory["most"] > MOST_MEMORY:
        raise SystemExit(
            f"out of bounds: other bytes came back, or more than {MOST_MEMORY} MB held"
        )


_memory = {"held": 0.0, "most": 0.0, "alone": 0.0, "browser": 0.0}


async def _most_memory(process: psutil.Process) -> None:
    _memory["held"], _ = _of_wavepost(process)
    while True:
        held, alone = await asyncio.to_thread(_of_wavepost, process)
        _memory["most"] = max(_memory["most"], held)
        _memory["alone"] = max(_memory["alone"], alone)
        _memory["browser"] = max(_memory["browser"], *await asyncio.to_thread(_of_browser))
        await asyncio.sleep(0.5)


def _of_wavepost(process: psutil.Process) -> tuple[float, float]:
    """What it and those that it began hold, and how much of it for themselves alone, in megabytes."""
    held = [each.memory_full_info() for each in (process, *process.children(recursive=True))]
    return sum(each.rss for each in held) / MB, sum(each.uss for each in held) / MB


def _of_browser() -> list[float]:
    """What each process of Chromium holds."""
    held = [0.0]
    for each in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "chrom" in each.name():
                held.append(each.memory_info().rss / MB)
    return held


async def _upload(page: Page, address: str, original: Path) -> float:
    await page.goto(f"{address}/files/upload")
    await sign_in(page, "Sue Sender")
    await fill_in(page, original)
    began = time.perf_counter()
    await press_upload(page)
    await page.wait_for_url(lambda url: "/upload" not in url)
    seconds = time.perf_counter() - began
    await arrived(page)
    return seconds


async def _released(store: Store, page: Page) -> float:
    began, file_id = time.perf_counter(), UUID(page.url.rpartition("/")[2])
    while True:
        async with store.reading() as reading:
            file = await reading.shared_files.get(file_id)
        assert file
        if file.state is State.released:
            return time.perf_counter() - began
        assert file.state is State.scanning, file.last
        await asyncio.sleep(0.5)


async def _download(page: Page) -> tuple[float, Path]:
    await page.reload()
    began = time.perf_counter()
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download it to look at it").click()
    saved = await (await download.value).path()
    return time.perf_counter() - began, Path(saved)


@asynccontextmanager
async def _wavepost(
    postgres: EmbeddedPostgres, s3: EmbeddedS3
) -> AsyncIterator[tuple[str, psutil.Process]]:
    """Wavepost in a process of its own, with Slack's stand-in beside it."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    manifest = manifest_at(address)
    async with Sandbox(manifest=manifest, workspace=WORKSPACE, rates=None).running() as sandbox:
        sandbox.request_url = f"{address}/slack/events"
        await set_up(_files(s3), address=address)
        process = serve(_settings(postgres, s3, sandbox, address, port))
        try:
            await answers(port)
            yield address, psutil.Process(process.pid)
        finally:
            process.terminate()
            process.wait()


async def _known(store: Store) -> None:
    """Wait until the directory was read."""
    while True:
        async with store.reading() as reading:
            if await reading.people.by_email(SUE):
                return
        await asyncio.sleep(0.2)


def _settings(
    postgres: EmbeddedPostgres, s3: EmbeddedS3, sandbox: Sandbox, address: str, port: int
) -> dict[str, str]:
    return served_to(sandbox, postgres, port) | {
        "WAVEPOST_SLACK_CLIENT_ID": sandbox.world.credentials.client_id,
        "WAVEPOST_SLACK_CLIENT_SECRET": sandbox.world.credentials.client_secret,
        "WAVEPOST_ADDRESS": address,
        "WAVEPOST_S3_ENDPOINT": s3.endpoint,
        "WAVEPOST_S3_BUCKET": BUCKET,
        "WAVEPOST_S3_ACCESS_KEY": s3.access_key,
        "WAVEPOST_S3_SECRET_KEY": s3.secret_key,
    }


def _files(s3: EmbeddedS3) -> Files:
    return Files(
        endpoint=s3.endpoint,
        region="us-east-1",
        bucket=BUCKET,
        access_key=s3.access_key,
        secret_key=s3.secret_key,
    )


@asynccontextmanager
async def _browser(folder: Path) -> AsyncIterator[Browser]:
    downloads = folder / "downloads"
    downloads.mkdir()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium(), args=QUIET, downloads_path=downloads
        )
        yield browser
        await browser.close()


def _write(path: Path, megabytes: int) -> str:
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for _ in range(megabytes):
            chunk = os.urandom(MB)
            digest.update(chunk)
            file.write(chunk)
    return digest.hexdigest()


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


if __name__ == "__main__":
    main(*sys.argv[1:])
