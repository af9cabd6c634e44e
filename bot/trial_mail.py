"""The post office of a trial: an SMTP server for mails that never leave this machine, and what it got."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from uuid import uuid4

from aiosmtpd.smtp import SMTP, Envelope, Session

HOST = "127.0.0.1"
MOST_KEPT = 500


@dataclass(frozen=True, slots=True)
class Received:
    """A mail that arrived: for whom, from whom, when it was written (aware), and its words."""

    to: str
    sender: str
    subject: str
    at: datetime
    text: str
    message_id: str


class Mailbox:
    """Where all mails of a trial arrive, whoever they are for; one file for each, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, to: str, content: bytes) -> None:
        """Keep a mail as it came, with the address that it came to; the oldest ones go."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid4().hex}.eml"
        (self._folder / name).write_bytes(f"Delivered-To: {to}\r\n".encode() + content)
        for old in self._files()[MOST_KEPT:]:
            old.unlink(missing_ok=True)

    def newest_first(self) -> list[Received]:
        """All that is kept."""
        return [_read(file.read_bytes()) for file in self._files()]

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.eml"), reverse=True)


@asynccontextmanager
async def post_office(mailbox: Mailbox) -> AsyncIterator[int]:
    """An SMTP server on this machine that brings all it gets to the mailbox; gives its port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(_Postman(mailbox), hostname="sandbox", enable_SMTPUTF8=True, loop=loop),
        HOST,
        0,
    )
    async with server:
        yield server.sockets[0].getsockname()[1]


class _Postman:
    """What the server asks what to do."""

    def __init__(self, mailbox: Mailbox) -> None:
        self._mailbox = mailbox

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: ARG002, N802 - as aiosmtpd calls it
        """Keep what came, once for each who gets it."""
        for to in envelope.rcpt_tos:
            content = envelope.original_content or b""
            await asyncio.to_thread(self._mailbox.keep, to, content)
        return "250 OK"


def _read(content: bytes) -> Received:
    message = message_from_bytes(content, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if isinstance(body, EmailMessage) else ""
    return Received(
        to=str(message["Delivered-To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=text.replace("\r\n", "\n"),
        message_id=str(message["Message-ID"]),
    )
