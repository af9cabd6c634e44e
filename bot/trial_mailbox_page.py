"""The page of a trial on which all its mails are read. `wavepost serve` does not have it."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import jinja2
from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from bot.trial_clock_page import HEADERS, at_this_machine
from bot.trial_mail import Mailbox, Received
from bot.web import Access
from store.session import Reading, Store

PATH = "/mailbox"
STYLE = f"{PATH}.css"
PAGES = Path(__file__).parent.parent / "templates" / "pages"
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")
_EARLIER = re.compile(r"^http://127\.0\.0\.1:\d+/")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a mail's text; `is_link` where it is an address that a browser can open."""

    words: str
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom an address belongs to, as far as Wavepost knows."""

    address: str
    name: str = ""
    organisation: str = ""


class MailboxPage:
    """Shows the mails of a trial, the newest first."""

    def __init__(self, store: Store, mailbox: Mailbox, *, address: str, back: str) -> None:
        self._store = store
        self._address = address
        self._mailbox = mailbox
        self._back = back
        self._page = _environment().get_template("trial_mailbox.html")

    def router(self) -> APIRouter:
        """The routes, for this machine only."""
        routes = APIRouter(dependencies=[Depends(at_this_machine)])
        routes.get(PATH, tags=[Access.trial])(self._read)
        routes.get(STYLE, tags=[Access.trial])(_style)
        return routes

    async def _read(self, to: str = "") -> Response:
        """All mails, or those to one address."""
        mails = await asyncio.to_thread(self._mailbox.newest_first)
        async with self._store.reading() as reading:
            readers = {each: await _reader(reading, each) for each in {mail.to for mail in mails}}
        words = self._page.render(
            mails=[mail for mail in mails if to in ("", mail.to)],
            readers=readers,
            address=self._address,
            counts=Counter(mail.to for mail in mails).most_common(),
            all=len(mails),
            to=to,
            workspace=self._back,
            path=PATH,
            style=STYLE,
        )
        return HTMLResponse(words, headers=HEADERS)


def parts(text: str, address: str = "") -> list[Part]:
    """A text in pieces, its links for themselves: what ends a sentence is none of a link.

    Links to this machine lead to `address`, where its pages are now: each start has another port.

    >>> [each.words for each in parts("See http://127.0.0.1:1/d/x.", "http://127.0.0.1:2")]
    ['See ', 'http://127.0.0.1:2/d/x', '.']
    """
    found, last = [], 0
    for link in _LINK.finditer(text):
        leads_to = _EARLIER.sub(f"{address}/", link[0]) if address else link[0]
        found += [Part(text[last : link.start()]), Part(leads_to, is_link=True)]
        last = link.end()
    return [each for each in (*found, Part(text[last:])) if each.words]


async def _reader(reading: Reading, address: str) -> Reader:
    recipient = await reading.spaces.recipient_by_email(address)
    if recipient is None:
        return Reader(address)
    organisation = await reading.spaces.organisation(recipient.organisation_id)
    return Reader(address, recipient.name, organisation.name if organisation else "")


def _written(mail: Received) -> str:
    """When a mail was written, by this machine's clock."""
    at = mail.at.astimezone()
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M:%S}"


async def _style() -> Response:
    """How the page looks."""
    return Response((PAGES / "trial_mailbox.css").read_text("utf-8"), media_type="text/css")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), undefined=jinja2.StrictUndefined, autoescape=True
    )
    environment.filters.update(parts=parts, written=_written)
    return environment
