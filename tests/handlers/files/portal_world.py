"""The portal as its recipients reach it: real pages over a real store, a real S3 server, real mail."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from html import unescape
from uuid import UUID

import httpx
from fastapi import FastAPI

from bot.cookies import PORTAL, Cookies
from bot.mailer import mailer
from bot.page_door import Guard
from bot.portal_door import PortalDoor
from bot.static_files import static_files
from bot.web_headers import HEADERS, WithHead, WithHeaders
from handlers import portal
from rules.receipts import Grade, Receipt, receipt
from store.delivery_rows import DeliveryRow
from store.files import Files
from store.session import Store, Transaction
from store.shared_file_rows import SharedFileRow
from store.space_rows import RecipientRow, SpaceRow
from tests.mail_server import MailServer
from tests.store import parcels_given

HOST = "http://127.0.0.1"
BYTES = b"location,menu\n1,<script>alert(1)</script>\n"
OWN = {"Origin": HOST, "Sec-Fetch-Site": "same-origin"}
NAVIGATION = {
    "Sec-Fetch-Mode": "navigate",
    "Sec-Fetch-Dest": "document",
    "Sec-Fetch-User": "?1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}


@dataclass
class Given:
    """A file that was delivered to one recipient, and a link to that delivery."""

    file: SharedFileRow
    delivery: DeliveryRow
    recipient: RecipientRow
    space: SpaceRow
    link: str

    @property
    def page(self) -> str:
        return f"/portal/files/{self.file.id}"


@dataclass
class PortalWorld:
    """Two organisations whose names begin alike, and what is sent to them."""

    store: Store
    files: Files
    mails: MailServer
    spaces: dict[str, SpaceRow] = field(default_factory=dict)

    def app(self, files: Files | None = None, address: str | None = HOST) -> FastAPI:
        """Wavepost's door of the portal; without an address it takes the one that is asked for."""
        app = FastAPI()
        guard = Guard(self.store, Cookies(secure=False), address)
        door = PortalDoor(guard, portal(), 20, files or self.files, mailer(self.mails.settings()))
        app.include_router(door.router())
        app.include_router(static_files())
        app.add_middleware(WithHead)
        app.add_middleware(WithHeaders, headers=HEADERS)
        return app

    @asynccontextmanager
    async def browser(
        self, recipient: RecipientRow | None = None, *, files: Files | None = None
    ) -> AsyncIterator[httpx.AsyncClient]:
        """A browser in which a recipient is signed in, or nobody."""
        cookies = {PORTAL: await self.session(recipient)} if recipient else {}
        transport = httpx.ASGITransport(self.app(files))
        async with httpx.AsyncClient(
            transport=transport, base_url=HOST, cookies=cookies, headers=NAVIGATION
        ) as browser:
            yield browser

    async def session(self, recipient: RecipientRow) -> str:
        async with self.store.transaction(actor="test") as tx:
            return await tx.portal.begin_session(recipient.id)

    async def recipient(self, email: str, space: str = "acme") -> RecipientRow:
        async with self.store.transaction(actor="test") as tx:
            return await parcels_given.member(tx, await self._space(tx, space), email)

    async def given(
        self,
        recipient: RecipientRow,
        space: str = "acme",
        *,
        data: bytes = BYTES,
        **columns: object,
    ) -> Given:
        """A file with these bytes, released and delivered."""
        async with self.store.transaction(actor="test") as tx:
            at = await self._space(tx, space)
            digest = sha256(data).hexdigest()
            file = await parcels_given.released(
                tx, at, **{"size": len(data), "sha256": digest, "media_type": "text/csv"} | columns
            )
            (delivery,) = await parcels_given.delivered(tx, file, at, recipient)
            token = await tx.deliveries.new_link(delivery.id, parcels_given.SENDER)
        kept = await self.files.put(file.key, data, content_type="text/html")
        async with self.store.transaction(actor="test") as tx:
            await tx.shared_files.change(file.id, object_version=kept.version)
        return Given(file, delivery, recipient, at, f"/d/{token}")

    async def receipt(self, given: Given) -> Receipt:
        """What is proven of a delivery, as those who sent it see it."""
        async with self.store.reading() as reading:
            evidence = await reading.evidence.of_files([given.file.id])
        return receipt(str(given.recipient.id), evidence[given.delivery.id])

    async def grade(self, given: Given) -> Grade:
        return (await self.receipt(given)).grade

    async def _space(self, tx: Transaction, name: str) -> SpaceRow:
        if name not in self.spaces:
            self.spaces[name] = await parcels_given.space(tx, "reports", name)
        return self.spaces[name]


async def press(
    browser: httpx.AsyncClient, path: str, *, page: str = "/portal", **form: str
) -> httpx.Response:
    """Send a form of one of our pages, as a browser does that is signed in."""
    shown = await browser.get(page)
    sent = {"csrf": csrf_in(shown.text)} | form
    return await browser.post(path, data=sent, headers=OWN)


async def ask(browser: httpx.AsyncClient, path: str, **form: str) -> httpx.Response:
    """Send a form that nobody has to be signed in for."""
    return await browser.post(path, data=form, headers=OWN)


def csrf_in(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return unescape(found[1]) if found else ""


def code_in(mails: MailServer) -> str:
    """The code in the newest mail."""
    found = re.search(r"\b(\d{3}(?: \d{3})+)\b", mails.mails[-1].get_content())
    assert found
    return found[1]


NOWHERE = UUID("00000000-0000-4000-8000-000000000000")
