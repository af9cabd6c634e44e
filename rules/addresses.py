"""Addresses: what a browser may be sent on to within our own pages, and where mail may go."""

import re
from urllib.parse import urlsplit

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


def is_mail_address(typed: str) -> bool:
    """Whether this may be one e-mail address: who reads mail there is known once some came back.

    >>> is_mail_address("ana@acme.example"), is_mail_address("ana@acme"), is_mail_address("a b@c.d")
    (True, False, False)
    """
    return len(typed) <= LONGEST_MAIL_ADDRESS and bool(_MAIL.fullmatch(typed))
