"""Slack to S3 next to boto3 alone: `python -m tests.benchmarks.bench_intake 1024`, in megabytes.

Each side runs in a process of its own, against the same S3 server and Slack's stand-in, which is a
process too. Each round takes the sides in another order, waits until the disk has what the one before
wrote, and removes it: the best of three rounds counts. The measured side is what brings a file that was
given in Slack: its SHA-256 is computed on the way, and the store checks that of each part. The bare
sides are `upload_fileobj` of boto3, as it comes, of the same bytes: from the same address in Slack,
and from a file on this machine's disk. Growth is the highest memory of the process while it streams,
over what it held before the first byte.

Exits with 1 where Wavepost has less than 0.8 of the throughput of boto3 from the same address in Slack,
or grows by more than 64 MB.
"""

import asyncio
import json
import os
import resource
import secrets
import subprocess
import sys
import time
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import psutil
from aiohttp import ClientSession
from botocore.config import Config
from slack_sdk.web.async_client import AsyncWebClient

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.files import File
from bot.sandbox.files_kinds import Kind
from bot.sandbox.server import Sandbox
from bot.slack_files import SlackFileDoor
from store.file_links import NEVER_SHOWN
from store.file_streams import MB, keep_stream
from store.files import Files
from tests.workspace import WORKSPACE

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
BUCKET = "bench"
KEY = "brought"
ROUNDS = 3
LEAST_RATIO = 0.8
"""Of the throughput of boto3 alone, which reads from Slack as well."""
MOST_GROWTH = 64
"""Megabytes of memory."""
NAME = "survey.bin"

Where = dict[str, Any]
"""What a side is told: where Slack and the store are, and what to bring."""


def main(megabytes: str = "1024") -> None:
    """Print seconds, megabytes a second, growth of memory, and the ratios; exit with 1 out of bounds."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedS3(Path(folder) / "s3") as server,
    ):
        server.create_bucket(BUCKET)
        source = Path(folder) / NAME
        _write(source, int(megabytes))
        stand_in = _begin("stand_in", {"path": str(source), "size": source.stat().st_size})
        try:
            assert stand_in.stdout
            where = json.loads(stand_in.stdout.readline()) | {
                "endpoint": server.endpoint,
                "access_key": server.access_key,
                "secret_key": server.secret_key,
                "path": str(source),
            }
            best = _rounds(where)
        finally:
            stand_in.terminate()
            stand_in.wait()
    _report(best, int(megabytes))
    if missed := _missed(best):
        raise SystemExit(f"out of bounds: {missed}")


def _rounds(where: Where) -> dict[str, list[dict[str, float]]]:
    found: dict[str, list[dict[str, float]]] = {name: [] for name in SIDES}
    order = deque(SIDES)
    for _ in range(ROUNDS):
        for name in order:
            os.sync()
            with _begin(name, where) as side:
                found[name].append(json.loads(side.communicate()[0]))
            _client(where).delete_object(Bucket=BUCKET, Key=KEY)
        order.rotate()
    return found


def _report(found: dict[str, list[dict[str, float]]], megabytes: int) -> None:
    seconds = {name: min(each["seconds"] for each in runs) for name, runs in found.items()}
    for name, runs in found.items():
        growth = max(each["growth"] for each in runs)
        sys.stdout.write(
            f"{name}: {megabytes} MB in {seconds[name]:.2f} s, "
            f"{megabytes / seconds[name]:.0f} MB/s, memory grew by {growth:.0f} MB\n"
        )
    for bare in ("boto3_from_slack", "boto3_from_disk"):
        sys.stdout.write(f"throughput over {bare}: {seconds[bare] / seconds['wavepost']:.2f}\n")


def _missed(found: dict[str, list[dict[str, float]]]) -> str:
    """Which bounds are not met; empty where all are."""
    seconds = {name: min(each["seconds"] for each in runs) for name, runs in found.items()}
    ratio = seconds["boto3_from_slack"] / seconds["wavepost"]
    growth = max(each["growth"] for each in found["wavepost"])
    missed = []
    if ratio < LEAST_RATIO:
        missed.append(f"{ratio:.2f} of boto3's throughput, at least {LEAST_RATIO} was due")
    if growth > MOST_GROWTH:
        missed.append(f"memory grew by {growth:.0f} MB, at most {MOST_GROWTH} MB may be")
    return "; ".join(missed)


def _write(path: Path, megabytes: int) -> None:
    with path.open("wb") as file:
        for _ in range(megabytes):
            file.write(secrets.token_bytes(MB))


def _begin(side: str, where: Where) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.benchmarks.bench_intake", side, json.dumps(where)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


async def _stand_in(where: Where) -> None:
    """Slack with one large file, until it is ended; says where it is."""
    async with Sandbox(manifest=MANIFEST, workspace=WORKSPACE, rates=None).running() as sandbox:
        files = sandbox.world.files
        file = File(
            id=files.new_id(),
            name=NAME,
            title=NAME,
            user=sandbox.people.user("ana").id,
            size=where["size"],
            created=0,
            kind=Kind("binary", "application/octet-stream", "Binary"),
            is_given_to_app=True,
        )
        files.add(file)
        files.path(file).symlink_to(where["path"])
        facts = {"api": sandbox.api_address, "token": sandbox.bot_token, "file": file.id}
        sys.stdout.write(json.dumps(facts) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


async def _wavepost(where: Where) -> dict[str, float]:
    files = Files(
        endpoint=where["endpoint"],
        region="us-east-1",
        bucket=BUCKET,
        access_key=where["access_key"],
        secret_key=where["secret_key"],
    )
    await files.reach()
    async with ClientSession() as session:
        client = AsyncWebClient(token=where["token"], base_url=where["api"], session=session)
        door = SlackFileDoor(client, session)
        await door.permalink(where["file"])
        held, began = _held(), time.perf_counter()
        async with door.incoming(where["file"]) as incoming:
            await keep_stream(
                files, KEY, incoming.chunks, content_type=NEVER_SHOWN, size=incoming.size
            )
    return _measured(began, held)


def _boto3_from_slack(where: Where) -> dict[str, float]:
    client = _client(where)
    asked = urllib.request.Request(  # noqa: S310 - the stand-in on this machine
        f"{where['api']}files.info?file={where['file']}",
        headers={"Authorization": f"Bearer {where['token']}"},
    )
    with urllib.request.urlopen(asked) as answer:  # noqa: S310 - as above
        address = json.load(answer)["file"]["url_private_download"]
    asked.full_url = address
    held, began = _held(), time.perf_counter()
    with urllib.request.urlopen(asked) as source:  # noqa: S310 - as above
        client.upload_fileobj(source, BUCKET, KEY)
    return _measured(began, held)


def _boto3_from_disk(where: Where) -> dict[str, float]:
    client = _client(where)
    held, began = _held(), time.perf_counter()
    with Path(where["path"]).open("rb") as source:
        client.upload_fileobj(source, BUCKET, KEY)
    return _measured(began, held)


def _client(where: Where) -> Any:
    client = boto3.client(
        "s3",
        endpoint_url=where["endpoint"],
        region_name="us-east-1",
        aws_access_key_id=where["access_key"],
        aws_secret_access_key=where["secret_key"],
        config=Config(s3={"addressing_style": "path"}),
    )
    client.head_bucket(Bucket=BUCKET)
    return client


def _held() -> float:
    return float(psutil.Process().memory_info().rss)


def _measured(began: float, held: float) -> dict[str, float]:
    seconds = time.perf_counter() - began
    highest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"seconds": seconds, "growth": (highest - held) / MB}


SIDES: dict[str, Callable[[Where], dict[str, float]]] = {
    "boto3_from_disk": _boto3_from_disk,
    "boto3_from_slack": _boto3_from_slack,
    "wavepost": lambda where: asyncio.run(_wavepost(where)),
}


def _as_side(name: str, where: Where) -> None:
    if name == "stand_in":
        asyncio.run(_stand_in(where))
    else:
        sys.stdout.write(json.dumps(SIDES[name](where)))


if __name__ == "__main__":
    match sys.argv[1:]:
        case [side, told]:
            _as_side(side, json.loads(told))
        case sizes:
            main(*sizes)
