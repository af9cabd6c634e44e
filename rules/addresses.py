"""Addresses within our own pages: what a browser may be sent on to."""

import re
from urllib.parse import urlsplit

FRONT = "/"
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
