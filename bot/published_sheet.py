"""A sheet that somebody publishes at an address of the web, fetched only where it is anybody's to ask.

Who may write the address could otherwise have Wavepost ask within its own network; so could whoever
runs the host, by a redirect or by a name that suddenly means another machine.
"""

import asyncio
import socket
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import SplitResult, urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from rules.public_places import is_numeric, is_public

SECONDS = 20.0
"""For all of it, redirects too."""

MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 3
PIECE = 64 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {
    "Accept": "text/csv, text/plain;q=0.9, */*;q=0.1",
    # A small page may unfold to any size.
    "Accept-Encoding": "identity",
    "User-Agent": "Wavepost",
}


class NotReached(Exception):
    """The sheet could not be had; the words say why, without the address, which may be a secret."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sheet is published, and where it may send us: hosts, and what is below them.

    `within` allows this machine and networks of one's own, and http:// there, as in a trial.
    """

    address: str
    also: tuple[str, ...] = ()
    within: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """What was fetched, and the mark by which one asks whether it is still the same."""

    content: bytes
    etag: str | None


async def fetch(place: Place, known: str | None) -> Published | None:
    """The sheet as it is now; None where it is still the one with the mark `known`.

    Raises:
        NotReached: it could not be had.
    """
    connector = aiohttp.TCPConnector(
        resolver=ThreadedResolver() if place.within else _PublicResolver(), use_dns_cache=False
    )
    try:
        async with (
            asyncio.timeout(SECONDS),
            aiohttp.ClientSession(connector=connector, auto_decompress=False) as session,
        ):
            return await _followed(session, place, known)
    except TimeoutError as late:
        raise NotReached(f"it took longer than {SECONDS:.0f} seconds") from late
    except _NotPublic as refused:
        raise NotReached("its host is not one of the public Internet") from refused
    except (aiohttp.ClientError, OSError, ValueError) as error:
        if isinstance(error.__cause__, _NotPublic):
            raise NotReached("its host is not one of the public Internet") from error
        raise NotReached("its host does not answer") from error


async def _followed(
    session: aiohttp.ClientSession, place: Place, known: str | None
) -> Published | None:
    """The answer, after as many redirects as are allowed, to hosts that are allowed."""
    address = place.address
    headers = HEADERS | ({"If-None-Match": known} if known else {})
    for _ in range(MOST_REDIRECTS + 1):
        _check(urlsplit(address), place)
        async with session.get(address, headers=headers, allow_redirects=False) as answer:
            if answer.status not in REDIRECTS:
                return await _read(answer)
            address = urljoin(address, answer.headers.get("Location", ""))
    raise NotReached("it sends one from address to address without end")


def _check(parts: SplitResult, place: Place) -> None:
    """Raise NotReached for an address that is not to be asked."""
    host = (parts.hostname or "").lower()
    first = (urlsplit(place.address).hostname or "").lower()
    if parts.scheme != "https" and not (place.within and parts.scheme == "http"):
        raise NotReached("it leads to an address without https")
    if host != first and not any(host == each or host.endswith(f".{each}") for each in place.also):
        raise NotReached(f"it sends one on to another host, {host or 'without a name'}")
    # Where it is, nobody looks up, so nobody else would refuse it.
    if is_numeric(host) and not place.within and not is_public(host):
        raise NotReached("its host is not one of the public Internet")


async def _read(answer: aiohttp.ClientResponse) -> Published | None:
    if answer.status == HTTPStatus.NOT_MODIFIED:
        return None
    if answer.status != HTTPStatus.OK:
        raise NotReached(f"its host answers {answer.status}")
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise NotReached("its host sends it packed, though it was asked not to")
    if answer.content_type == "text/html":
        raise NotReached(
            "there is a page for people instead of a CSV file; publish the sheet as CSV, for anyone "
            "with the link"
        )
    content = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        content += piece
        if len(content) > MOST_BYTES:
            raise NotReached(f"it is larger than {MOST_BYTES // 1024**2} MB")
    mark = answer.headers.get("ETag", "")
    # Bytes that are no text could not be kept: such a sheet is read each time.
    return Published(bytes(content), mark if mark and mark.isascii() else None)


class _NotPublic(OSError):
    """A name that means a machine which is not to be asked."""


class _PublicResolver(AbstractResolver):
    """Looks up names and keeps what is public: the connection is then made to no other address."""

    def __init__(self) -> None:
        self._names = ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """The public addresses of a host.

        Raises:
            OSError: it has none.
        """
        found = await self._names.resolve(host, port, family)
        public = [each for each in found if is_public(each["host"])]
        if not public:
            raise _NotPublic(f"{host} has no public address")
        return public

    async def close(self) -> None:
        """Nothing is held."""
