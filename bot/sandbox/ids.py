"""Identifiers that look like Slack's: stable for a key, or fresh."""

import base64
import hashlib
import secrets
import string

_ALPHABET = string.ascii_uppercase + string.digits


def stable_id(prefix: str, *key: str) -> str:
    """The same eleven characters for the same key, always: `stable_id("U", "ana")`."""
    digest = hashlib.sha256("\0".join((prefix, *key)).encode()).digest()
    return prefix + "0" + base64.b32encode(digest).decode()[:9]


def fresh_id(prefix: str) -> str:
    """Eleven characters never used before."""
    return prefix + "".join(secrets.choice(_ALPHABET) for _ in range(10))


class Stamps:
    """Message timestamps: each later than the one before, six digits after the point."""

    def __init__(self, last: str = "0.000000") -> None:
        self.last = last

    def next(self, now: float) -> str:
        """The stamp for `now`, or the smallest later one if `now` is already taken."""
        stamp = f"{now:.6f}"
        if as_micros(stamp) <= as_micros(self.last):
            micros = as_micros(self.last) + 1
            stamp = f"{micros // 1_000_000}.{micros % 1_000_000:06d}"
        self.last = stamp
        return stamp


def as_micros(stamp: str) -> int:
    """A stamp as a whole number of microseconds, for exact comparison.

    Raises ValueError for what is not a stamp.
    """
    seconds, _, fraction = stamp.partition(".")
    return int(seconds) * 1_000_000 + int((fraction + "000000")[:6])
