"""Everything the stand-in holds, in one value that is handed around."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.sandbox.clock import Clock
from bot.sandbox.credentials import Credentials
from bot.sandbox.delivery import Delivery
from bot.sandbox.events import Events
from bot.sandbox.faults.active import ActiveFaults
from bot.sandbox.files import Files
from bot.sandbox.ids import Stamps
from bot.sandbox.inspector import Inspector
from bot.sandbox.live import Live
from bot.sandbox.manifest import Manifest
from bot.sandbox.rates import Rates
from bot.sandbox.responses import ResponseUrls
from bot.sandbox.sign_in import SignIns
from bot.sandbox.socket_mode import SocketMode
from bot.sandbox.triggers import Triggers
from bot.sandbox.views import Views
from bot.sandbox.workspace import Directory


@dataclass(frozen=True)
class Link:
    """An address the host program wants shown beside the workspace."""

    label: str
    url: str


@dataclass
class World:
    """The workspace, the app in it, and the ways between them."""

    clock: Clock
    manifest: Manifest
    credentials: Credentials
    directory: Directory
    live: Live
    inspector: Inspector
    rates: Rates
    faults: ActiveFaults
    delivery: Delivery
    sockets: SocketMode
    sign_ins: SignIns
    events: Events
    triggers: Triggers
    responses: ResponseUrls
    views: Views
    files: Files
    links: list[Link] = field(default_factory=list)
    stamps: Stamps = field(default_factory=Stamps)
    address: str = ""
    is_dirty: bool = False

    def show_links(self, links: Sequence[Link]) -> None:
        """Show these addresses beside the workspace from now on."""
        self.links[:] = links
        self.live.tell({"type": "workspace"})

    def stamp(self) -> str:
        """A new message timestamp."""
        return self.stamps.next(self.clock.machine())
