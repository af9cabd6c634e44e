"""The stand-in for Slack, ready to run inside a program or a test."""

import asyncio
import secrets
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import uvicorn

from bot.sandbox import files_sharing
from bot.sandbox.app import web_app
from bot.sandbox.clock import Clock
from bot.sandbox.credentials import credentials
from bot.sandbox.delivery import HttpTransport, Kind, Parcel
from bot.sandbox.events import Events
from bot.sandbox.faults.active import ActiveFaults
from bot.sandbox.faults.connection import Connection
from bot.sandbox.faults.deliveries import FaultyDelivery
from bot.sandbox.faults.faults import Faults
from bot.sandbox.files import Files
from bot.sandbox.ids import Stamps
from bot.sandbox.inspector import Inspector
from bot.sandbox.json_types import Json
from bot.sandbox.live import Live
from bot.sandbox.manifest import read_manifest
from bot.sandbox.people import People
from bot.sandbox.person import Person
from bot.sandbox.rates import SLACKS, Limits, Rates
from bot.sandbox.responses import ResponseUrls
from bot.sandbox.seed import Workspace, read_seed
from bot.sandbox.sign_in import SignIns
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.socket_mode_routes import Ways
from bot.sandbox.state import Snapshot, StateFolder
from bot.sandbox.triggers import Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import plant
from bot.sandbox.world import Link, World


class Sandbox:
    """A workspace with one app installed in it, served on this machine.

    `manifest` is the app's (a path to YAML or JSON, or a dictionary); `workspace` what it starts
    with; `state` a folder to keep it in between runs; `port` 0 takes a free one; `rates` the
    limits on calls, messages and events, None for a test that is not about them.
    """

    def __init__(
        self,
        *,
        manifest: Path | Json,
        workspace: Workspace | Path,
        state: Path | None = None,
        port: int = 0,
        links: Sequence[Link] = (),
        clock: Clock | None = None,
        rates: Limits | None = SLACKS,
    ) -> None:
        self.clock = clock or Clock()
        seed = workspace if isinstance(workspace, Workspace) else read_seed(workspace)
        read = read_manifest(manifest)
        kept_credentials = credentials(state)
        now = int(self.clock.machine())
        self._folder = StateFolder(state) if state else None
        kept = self._folder.load() if self._folder else None
        snapshot = kept or Snapshot(plant(seed, read.name, read.bot_name, now))
        directory = snapshot.directory
        live = Live()
        inspector = Inspector(live)
        self._transport = HttpTransport(kept_credentials.signing_secret, self.clock)
        sockets = SocketMode(directory.app.app_id, self.clock, inspector)
        ways = Ways(self._transport, sockets, sockets_only=read.socket_mode)
        faults = ActiveFaults(self.clock, live)
        delivery = FaultyDelivery(ways, self.clock, inspector, faults)
        limited = Rates(rates, self.clock, directory)
        self.world = World(
            clock=self.clock,
            manifest=read,
            credentials=kept_credentials,
            directory=directory,
            live=live,
            inspector=inspector,
            rates=limited,
            faults=faults,
            delivery=delivery,
            sockets=sockets,
            sign_ins=SignIns(self.clock),
            events=Events(read, directory, delivery, limited, self.clock),
            triggers=Triggers(self.clock, faults),
            responses=ResponseUrls(self.clock),
            views=Views(homes=snapshot.homes),
            files=Files(self.clock, state / "files" if state else None, snapshot.files),
            links=list(links),
            stamps=Stamps(snapshot.last_stamp),
        )
        self.people = People(self.world)
        self.faults = Faults(self.world)
        self._port = port
        self._people: list[Person] = []

    @property
    def address(self) -> str:
        """Where the stand-in is served: `http://127.0.0.1:PORT`."""
        return self.world.address

    @property
    def api_address(self) -> str:
        """The base URL for a Slack client."""
        return f"{self.world.address}/api/"

    @property
    def bot_token(self) -> str:
        """The token of the app's bot."""
        return self.world.credentials.bot_token

    @property
    def app_token(self) -> str:
        """The token of the app itself, for Socket Mode."""
        return self.world.credentials.app_token

    @property
    def signing_secret(self) -> str:
        """What deliveries are signed with."""
        return self.world.credentials.signing_secret

    @property
    def request_url(self) -> str | None:
        """Where deliveries go."""
        return self._transport.url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self._transport.url = url

    async def person(self, name: str) -> Person:
        """A driver for the person with this id, key or name.

        Raises LookupError when there is nobody of that name.
        """
        person = Person(self.address, self.people.user(name).id)
        self._people.append(person)
        return person

    async def verify_request_url(self) -> bool:
        """Whether the app answers Slack's challenge at the request URL.

        Source: https://docs.slack.dev/reference/events/url_verification
        """
        challenge = secrets.token_urlsafe(24)
        payload = {"token": "deprecated", "challenge": challenge, "type": "url_verification"}
        parcel = Parcel(Kind.verification, "url_verification", payload)
        receipt = await self.world.delivery.send(parcel)
        return receipt.is_ack and challenge in receipt.text

    @asynccontextmanager
    async def running(self) -> AsyncIterator["Sandbox"]:
        """Serve in this event loop until the block ends."""
        listening = socket.create_server(("127.0.0.1", self._port))
        # asyncio sees to this only on sockets it made; without it each answer waits 40 ms.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.world.address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        files_sharing.renew_all(self.world)
        server = _Server(
            uvicorn.Config(
                web_app(self.world),
                http=Connection,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=2,
                # Longer than a Person keeps a connection, so that it never reuses a closed one.
                timeout_keep_alive=75,
            )
        )
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        keeping = asyncio.create_task(self._keep())
        try:
            await server.ready(serving)
            yield self
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            await self._stop(server, serving)
            if self._folder:
                self._folder.save(self.world)

    async def _keep(self) -> None:
        if self._folder:
            await self._folder.keep(self.world)

    async def _stop(self, server: "_Server", serving: asyncio.Task[None]) -> None:
        for person in self._people:
            await person.leave()
        self._people.clear()
        await self.world.files.close()
        self.faults.lift_all()
        await self.world.faults.close()
        self.world.live.close()
        await self.world.events.close()
        server.stop()
        await serving
        await self.world.delivery.transport.close()


class _Server(uvicorn.Server):
    """A server inside somebody else's program: no signal handlers, no waiting between ticks."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._listening = asyncio.Event()
        self._stopping = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals to the program."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets=sockets)
        self._listening.set()

    async def main_loop(self) -> None:
        """Serve until told to stop; uvicorn's own loop would look only ten times a second."""
        await self.on_tick(0)
        await self._stopping.wait()

    async def ready(self, serving: asyncio.Task[None]) -> None:
        """Return when requests are answered; raise what kept the server from starting."""
        started = asyncio.create_task(self._listening.wait())
        await asyncio.wait({started, serving}, return_when=asyncio.FIRST_COMPLETED)
        started.cancel()
        if serving.done():
            serving.result()

    def stop(self) -> None:
        """Finish what is under way and stop."""
        self.should_exit = True
        self._stopping.set()
