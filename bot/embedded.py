"""A server of our own in a folder: started when first held, stopped when last let go.

Several processes may hold the same folder at once and then share one server. Who holds it is a
lock of the operating system, so a killed process lets go too. Two lock files stand in the folder:
`holders` (shared, one per process that uses the server) and `keeper` (exclusive, for as long as
the server's keeper lives; see `bot.embedded_keeper`).
"""

import asyncio
import contextlib
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, NoReturn, Self

import psutil

from bot.embedded_keeper import clear

KEEPER = Path(__file__).with_name("embedded_keeper.py")
LOOK_EVERY = 0.02
WATCH_EVERY = 0.5
TOLD = {"keeper", "server", "leaves"}


class EmbeddedError(Exception):
    """The embedded server cannot run here; the words say what to do."""


class DamagedError(EmbeddedError):
    """A file of the folder cannot be read as what it should be."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is damaged, so the server there cannot be started.")


@dataclass(frozen=True)
class Order:
    """What the keeper is to run, and how to stop it.

    `facts` are told to everyone who joins, `grace` is in seconds, `leaves` are the sockets outside
    the folder that go when the server goes.
    """

    command: list[str]
    environment: dict[str, str]
    facts: dict[str, Any]
    stop_signal: int
    grace: float
    run_as: int | None = None
    leaves: list[str] = field(default_factory=list)


class Embedded(ABC):
    """A server in a folder, as a context manager (`with`, or `async with` beside a busy loop)."""

    name: str
    starts_within: float = 30.0
    stops_within: float = 30.0
    attempts = 3

    def __init__(self, folder: Path) -> None:
        self.folder = folder.expanduser().resolve()
        self._holders: int | None = None
        self._facts: dict[str, Any] = {}

    @abstractmethod
    def _prepare(self) -> Order:
        """Make the folder ready for a start and say how to start."""

    @abstractmethod
    def _ready(self, facts: dict[str, Any]) -> bool:
        """Whether the server described by these facts answers."""

    def start(self) -> None:
        """Hold the folder and return once its server answers, starting it when nobody has.

        Raises EmbeddedError, holding nothing, when the server cannot start.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        deadline = time.monotonic() + self.starts_within
        self._hold(deadline)
        try:
            self._start_or_join(deadline)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Let go of the folder; the last to do so returns when the server has stopped."""
        if self._holders is None:
            return
        holders, self._holders = self._holders, None
        try:
            if _locked(holders, fcntl.LOCK_EX):
                self._end_keeper()
        finally:
            os.close(holders)
            self._facts = {}

    def vacate(self) -> None:
        """Return once no server runs in the folder, so that it may be removed.

        The keeper of a program that was killed needs a moment to stop its server.

        Raises EmbeddedError when another program goes on using the folder.
        """
        if not self.folder.exists():
            return
        deadline = time.monotonic() + self.stops_within
        while True:
            with self._keepership() as keepership:
                if keepership is not None:
                    # What a damaged note would have told goes with the folder.
                    with contextlib.suppress(DamagedError):
                        self._end_orphans()
                    return
            self._wait(deadline, "another program to stop using it")

    async def watch(self) -> NoReturn:
        """Look after the running server until it has ended without being asked to.

        Raises EmbeddedError then.
        """
        server = psutil.Process(self.server_pid)
        while server.is_running():  # noqa: ASYNC110 - another process sets no event
            await asyncio.sleep(WATCH_EVERY)
        raise EmbeddedError(
            self._trouble(
                "has ended, and nobody here asked it to. What was kept stays: start again to go on"
            )
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Self:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    @property
    def server_pid(self) -> int:
        """The process id of the running server."""
        return int(self._fact("server"))

    @property
    def log(self) -> Path:
        """Where the server writes what happens to it."""
        return self.folder / "server.log"

    def _fact(self, name: str) -> Any:  # noqa: ANN401 - a fact is whatever JSON holds
        if not self._facts:
            raise EmbeddedError(f"The embedded {self.name} is not started. Start it, then ask.")
        return self._facts[name]

    @property
    def _note(self) -> Path:
        return self.folder / "running.json"

    def _hold(self, deadline: float) -> None:
        lock = os.open(self.folder / "holders.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Only a keeper that is stopping its server, or a last holder who waits for that,
            # stands in the way, and not for long.
            while not _locked(lock, fcntl.LOCK_SH):
                self._wait(deadline, "the server that ran here before to stop")
        except BaseException:
            os.close(lock)
            raise
        self._holders = lock

    def _start_or_join(self, deadline: float) -> None:
        launches = 0
        while True:
            # First, because what was told is worth nothing once its keeper is gone.
            with self._keepership() as keepership:
                if keepership is not None:
                    if launches == self.attempts:
                        raise EmbeddedError(self._trouble("did not start"))
                    self._launch(keepership)
                    launches += 1
            facts = self._told()
            if facts and self._ready(facts):
                self._facts = facts
                return
            self._wait(deadline, "it to answer")

    def _launch(self, keepership: int) -> None:
        self._end_orphans()
        self._note.unlink(missing_ok=True)
        order = asdict(self._prepare()) | {
            "folder": str(self.folder),
            "log": str(self.log),
            "note": str(self._note),
            "holders": str(self.folder / "holders.lock"),
        }
        with self.log.open("ab") as log:
            subprocess.run(  # noqa: S603 - our own script, run by our own interpreter
                [sys.executable, "-I", "-S", str(KEEPER), json.dumps(order)],
                check=True,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                # Inheriting this descriptor is how the keeper takes over the lock.
                pass_fds=[keepership],
                # Ctrl-C in the terminal is for the program, which then stops its server.
                start_new_session=True,
            )

    @contextlib.contextmanager
    def _keepership(self) -> Iterator[int | None]:
        """The right to launch, while nobody else has it."""
        lock = os.open(self.folder / "keeper.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            yield lock if _locked(lock, fcntl.LOCK_EX) else None
        finally:
            os.close(lock)

    def _told(self) -> dict[str, Any]:
        try:
            text = self._note.read_text()
            told: Any = json.loads(text) if text else {}
        except FileNotFoundError:
            return {}
        except ValueError:
            raise DamagedError(self._note) from None
        if told and not (isinstance(told, dict) and told.keys() >= TOLD):
            raise DamagedError(self._note)
        return dict(told)

    def _end_keeper(self) -> None:
        """Have the server stopped, and wait for it; nobody can join meanwhile."""
        deadline = time.monotonic() + self.stops_within
        asked: int | None = None
        while True:
            with self._keepership() as keepership:
                if keepership is not None:
                    return
            keeper = self._told().get("keeper")
            if keeper is not None and keeper != asked:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(keeper, signal.SIGTERM)
                asked = keeper
            self._wait(deadline, "it to stop")

    def _end_orphans(self) -> None:
        """End a server of this folder whose keeper was killed."""
        facts = self._told()
        if facts:
            self._end_orphan(facts["server"])
            clear(facts["leaves"])

    def _end_orphan(self, pid: int) -> None:
        # The number may belong to another program by now: only one that names our folder is ours.
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            process = psutil.Process(pid)
            if any(str(self.folder) in word for word in process.cmdline()):
                process.send_signal(signal.SIGINT)
                _end_within(process, seconds=3)

    def _wait(self, deadline: float, what: str) -> None:
        if time.monotonic() > deadline:
            raise EmbeddedError(self._trouble(f"took too long: we stopped waiting for {what}"))
        time.sleep(LOOK_EVERY)

    def _trouble(self, what: str) -> str:
        last = self.log.read_text(errors="replace").splitlines()[-5:] if self.log.exists() else []
        return "\n".join([f"The embedded {self.name} {what}. The whole log: {self.log}", *last])


def _locked(lock: int, kind: int) -> bool:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_within(process: psutil.Process, seconds: float) -> None:
    try:
        process.wait(seconds)
    except psutil.TimeoutExpired:
        process.kill()
        process.wait(seconds)
