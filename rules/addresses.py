"""Addresses: what a browser may be sent on to within our own pages, and where mail may go."""

import re
from urllib.parse import urlsplit
from uuid import UUID

FRONT = "/"
LONGEST_MAIL_ADDRESS = 254
"""RFC 5321, as its erratum 1690 counts."""
_SIGN = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]"
_MAIL = re.compile(rf"{_SIGN}+@{_SIGN}+\.{_SIGN}+")
_PLAIN = re.compile(r"/[^\\\x00-\x20\x7f]*")


def own_path(address: str) -> str:
    r"""The address where it is one of our own pages, else the front page.

    Browsers take `//host`, `/\host` and control characters for other sites, so these are none.
    """
    if not _PLAIN.fullmatch(address) or address.startswith("//"):
        return FRONT
    try:
        parts = urlsplit(address)
    except ValueError:
        return FRONT
    return FRONT if parts.scheme or parts.netloc else address


def known_id(named: str) -> UUID | None:
    """An id as our own pages and buttons have it; None for what is none, or is written otherwise.

    >>> known_id("0e8ed6c4-97a4-4d10-b4b4-3a37ad8b9ff0")
    UUID('0e8ed6c4-97a4-4d10-b4b4-3a37ad8b9ff0')
    >>> known_id("0E8ED6C4-97A4-4D10-B4B4-3A37AD8B9FF0"), known_id("menu")
    (None, None)
    """
    try:
        found = UUID(named)
    except ValueError:
        return None
    return found if str(found) == named else None


def is_mail_address(typed: str) -> bool:
    """Whether this may be one e-mail address: who reads mail there is known once some came back.

    >>> is_mail_address("ana@acme.example"), is_mail_address("ana@acme"), is_mail_address("a b@c.d")
    (True, False, False)
    """
    return len(typed) <= LONGEST_MAIL_ADDRESS and bool(_MAIL.fullmatch(typed))
