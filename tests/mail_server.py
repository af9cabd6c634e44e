"""Real SMTP servers for tests: what they say to whom, whom they let in, and what they took."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from bot.settings import SmtpSettings

SENDER = "Wavepost <files@wavepost.example>"
HOST = "127.0.0.1"


@dataclass
class MailServer:
    """A server while it runs. `to` and `data` are what it says instead of yes, by address or to all.

    Cleared, `answers` has it keep to itself what it took.
    """

    port: int = 0
    to: dict[str, str] = field(default_factory=dict)
    data: str | None = None
    hangs_up: bool = False
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    answers: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def mails(self) -> list[EmailMessage]:
        """What it took, the first one first."""
        return [message_from_bytes(each, policy=default) for each in self.taken]

    def settings(self, **more: object) -> SmtpSettings:
        """How to send mails by it."""
        given = {"host": HOST, "port": self.port, "security": "none", "sender": SENDER} | more
        return SmtpSettings.model_validate(given)

    async def handle_RCPT(self, *given: Any) -> str:  # noqa: N802 - as aiosmtpd calls it
        _, _, envelope, address, _ = given
        if refusal := self.to.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, *given: Any) -> str:  # noqa: N802 - the same
        _, envelope = given
        if self.data:
            return self.data
        self.taken.append(envelope.original_content)
        self.recipients += envelope.rcpt_tos
        self.came.set()
        await self.answers.wait()
        if self.hangs_up:
            server.transport.abort()
        return "250 OK"

    def let_in(self, *given: Any) -> AuthResult:
        """Only one who knows the password."""
        auth: LoginPassword = given[-1]
        self.logins.append((auth.login, auth.password))
        return AuthResult(success=auth.password == b"s3cret", handled=False)


@asynccontextmanager
async def mail_server(
    *,
    tls: ssl.SSLContext | None = None,
    at_once: bool = False,
    needs_login: bool = False,
    port: int = 0,
) -> AsyncIterator[MailServer]:
    """A server on this machine; with `tls` by STARTTLS, or `at_once`."""
    loop, its = asyncio.get_running_loop(), MailServer()

    def begin() -> SMTP:
        return SMTP(
            its,
            hostname="mail.example",
            tls_context=None if at_once else tls,
            require_starttls=bool(tls) and not at_once,
            auth_required=needs_login,
            auth_require_tls=needs_login,
            authenticator=its.let_in if needs_login else None,
            enable_SMTPUTF8=True,
            loop=loop,
        )

    server = await loop.create_server(begin, HOST, port, ssl=tls if at_once else None)
    async with server:
        its.answers.set()
        its.port = server.sockets[0].getsockname()[1]
        yield its


def certified(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """What a server of this machine proves itself with, and the file of who vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    authority, private = folder / "authority.pem", folder / "key.pem"
    authority.write_bytes(certificate.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority, private)
    return context, authority
