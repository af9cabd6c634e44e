"""The doors of recipients: pages and forms of the portal, each with who may, and what they answer.

None of it is for staff: recipients prove who they are by a press in Slack or by a code that was mailed
to them, and their sessions are their own.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import TypeAlias

from handlers.files.mailing import Mailer
from handlers.page_doors import Method
from handlers.pages import GoTo, Html
from store.files import Files
from store.session import Store
from store.space_rows import RecipientRow


class May(StrEnum):
    """Who is answered."""

    anyone = "anyone who has the address"
    recipient = "a recipient who proved who they are"


@dataclass(frozen=True, slots=True)
class PortalVisit:
    """One request in the portal. `now` is business time.

    `recipient` is None where nobody proved who they are. `asked` is what the browser keeps while a
    code is on its way. `is_navigation` says whether a person may have steered a browser here, `agent`
    what the program calls itself. `web` is our own address, without a slash at its end; empty where
    nobody has said at which one we are found.
    """

    recipient: RecipientRow | None
    now: datetime
    path: str
    named: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    token: str = field(default="", repr=False)
    asked: str = field(default="", repr=False)
    agent: str = ""
    is_navigation: bool = False
    web: str = ""
    files: Files | None = None
    mailer: Mailer | None = None

    @property
    def proven(self) -> RecipientRow:
        """Who proved to be here; raises LookupError where nobody did, which `May.recipient` rules out."""
        if self.recipient is None:
            raise LookupError(f"nobody proved who they are at {self.path}")
        return self.recipient


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A recipient is in from now on, by the token of a new session, and goes on to a page of ours."""

    token: str = field(repr=False)
    path: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """The browser forgets the session, and goes on to a page of ours."""

    path: str


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """The browser keeps something until the code comes, and goes on; `send` runs once it was answered.

    So an answer takes as long where nothing is sent as where a code is.
    """

    kept: str = field(repr=False)
    path: str
    send: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class ToStore:
    """The browser gets the bytes at this address of the store for files."""

    address: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Bytes:
    """The bytes of a file go out through us: the `first` piece, and the rest of a stream that has begun.

    `finished` runs once all of them did, and they were right; `broke_off` where they did not. `is_theirs`
    is asked now and then on the way.
    """

    name: str
    size: int
    sha256: str
    first: bytes
    rest: AsyncGenerator[bytes, None]
    finished: Callable[[], Awaitable[None]]
    broke_off: Callable[[], Awaitable[None]]
    is_theirs: Callable[[], Awaitable[bool]]


PortalAnswer: TypeAlias = Html | GoTo | SignedIn | SignedOut | CodeAsked | ToStore | Bytes
PortalReaction = Callable[[PortalVisit, Store], Awaitable[PortalAnswer]]


@dataclass(frozen=True, slots=True)
class PortalRoute:
    """What answers at a path of the portal, and who may ask."""

    method: Method
    path: str
    may: May
    answer: PortalReaction

    @property
    def name(self) -> str:
        """What logs call it."""
        return f"{self.method} {self.path}"


Decorator = Callable[[PortalReaction], PortalRoute]


def portal_page(path: str, *, may: May) -> Decorator:
    """A page that is read. Asking for it changes nothing but the evidence that a link was fetched."""
    return lambda answer: PortalRoute(Method.get, path, may, answer)


def portal_form(path: str, *, may: May) -> Decorator:
    """A form that was sent from one of our pages."""
    return lambda answer: PortalRoute(Method.post, path, may, answer)


class PortalRoutes:
    """All routes of the portal."""

    def __init__(self, *modules: ModuleType) -> None:
        """The routes that these modules define."""
        self._routes = [
            value
            for module in modules
            for value in vars(module).values()
            if isinstance(value, PortalRoute)
        ]

    def __iter__(self) -> Iterator[PortalRoute]:
        return iter(self._routes)
