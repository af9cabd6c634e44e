"""One-time codes: six digits that prove who reads an address's mail, for a few minutes and a few tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest

DIGITS = 6
HOLDS_FOR = timedelta(minutes=10)
MOST_TRIES = 5
"""Of a million codes, so many may be tried before another has to be asked for."""
MOST_ASKED = 5
ASKED_WITHIN = timedelta(hours=1)
"""So many codes are sent to one address in so long: 25 tries an hour, one chance in 40,000."""


class Verdict(StrEnum):
    """What became of a code that was typed."""

    right = "right"
    wrong = "wrong"
    used = "used"
    over = "over"  # its time is, or its tries are


@dataclass(frozen=True)
class Code:
    """A code that was sent, by its digest: the digits themselves are kept nowhere."""

    digest: bytes
    sent_at: datetime
    tries: int = 0
    is_used: bool = False


def typed(text: str) -> str:
    """A code as it is compared: of what was typed, the digits, in whatever script and grouping.

    >>> typed(" 123-456 "), typed("١٢٣ ٤٥٦")
    ('123456', '123456')
    """
    return "".join(str(int(each)) for each in text if each.isdecimal())


def judged(code: Code, digest: bytes, now: datetime) -> Verdict:
    """What a typed code is worth, by its digest; each that is wrong counts as a try.

    Compared in constant time. A code that the clock says was sent later than now does not hold.
    """
    if code.is_used:
        return Verdict.used
    if code.tries >= MOST_TRIES or not timedelta(0) <= now - code.sent_at < HOLDS_FOR:
        return Verdict.over
    return Verdict.right if compare_digest(code.digest, digest) else Verdict.wrong


def may_ask_at(asked: Sequence[datetime], now: datetime) -> datetime:
    """When the next code may be sent to an address: now, or once the oldest of too many is long ago."""
    lately = sorted(at for at in asked if at > now - ASKED_WITHIN)
    if len(lately) < MOST_ASKED:
        return now
    return lately[-MOST_ASKED] + ASKED_WITHIN
