"""A mail as the internet has it (RFC 5322): what stands in its headers can never become another header."""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

import idna

from handlers.files.mailing import Letter
from rules.mail_words import one_line, plain_text

_ADDRESS = re.compile(r"[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]+@[^\s@<>(),;:\"\[\]\\\x00-\x1f\x7f]+")
LONGEST_ADDRESS = 254


class NoAddress(ValueError):
    """What should be an e-mail address is none."""


def message_of(letter: Letter, sender: str) -> EmailMessage:
    """The letter as a message: the same letter always gives the same bytes.

    It says that a program wrote it (RFC 3834), so that no other program answers. Raises NoAddress.
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = sender
    name, _, domain = mailbox(letter.to).rpartition("@")
    message["To"] = Address(username=name, domain=domain)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.id}@{domain_of(sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(plain_text(letter.text), cte="quoted-printable")
    return message


def mailbox(address: str) -> str:
    """An address as servers take it: of one person, its domain in the letters of the DNS.

    Raises NoAddress.
    """
    if len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise NoAddress("this is no e-mail address")
    name, _, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return f"{name}@{idna.encode(domain, uts46=True).decode()}"
    except idna.IDNAError as error:
        raise NoAddress("what stands behind the @ is no domain") from error


def domain_of(sender: str) -> str:
    """The domain of `files@example.com`, or of `Wavepost <files@example.com>`."""
    return mailbox(parseaddr(sender)[1]).rpartition("@")[2]
