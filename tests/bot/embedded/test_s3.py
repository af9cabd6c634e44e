"""The embedded S3: for this machine alone, with keys of its own, and its files outlive a kill."""

import asyncio
import os
import socket
import stat
from pathlib import Path

import psutil

from bot.embedded_s3 import EmbeddedS3
from store.files import Files
from tests.bot.embedded.servers import kill


def test_the_s3_server_listens_on_this_machine_only(s3_server: EmbeddedS3) -> None:
    doors = psutil.Process(s3_server.server_pid).net_connections("inet")

    listening = {door.laddr.ip for door in doors if door.status == psutil.CONN_LISTEN}

    assert listening == {"127.0.0.1"}


def test_the_keys_of_the_s3_server_are_its_own_and_private(s3_server: EmbeddedS3) -> None:
    keys = s3_server.folder / "s3.json"

    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert s3_server.secret_key in keys.read_text()
    assert s3_server.secret_key not in s3_server.log.read_text()


async def test_files_outlive_a_stop_a_taken_port_and_a_kill(folder: Path) -> None:
    kept = {f"file {number}": os.urandom(1 + number * 20_000) for number in range(40)}
    async with EmbeddedS3(folder) as stopped:
        stopped.create_bucket("bucket")
        await at(stopped).put("first", b"data", content_type="text/plain")
        first, pid = stopped.endpoint, stopped.server_pid
    assert not psutil.pid_exists(pid)

    host, _, port = first.removeprefix("http://").partition(":")
    with socket.create_server((host, int(port))):
        async with EmbeddedS3(folder) as killed:
            assert killed.endpoint != first
            assert await at(killed).get("first") == b"data"
            files = at(killed)
            await asyncio.gather(
                *(files.put(key, data, content_type="text/plain") for key, data in kept.items())
            )
            second = killed.endpoint
            kill(killed)

    async with EmbeddedS3(folder) as server:
        assert server.endpoint == second
        files = at(server)
        assert {key: await files.get(key) for key in kept} == kept


def at(server: EmbeddedS3) -> Files:
    return Files(
        endpoint=server.endpoint,
        region="us-east-1",
        bucket="bucket",
        access_key=server.access_key,
        secret_key=server.secret_key,
    )
