"""One-time codes: digits that prove who reads an address's mail, for a few minutes and a few tries.

Anybody can ask for a code for anybody's address, and type what they like. Neither may keep out whose
address it is, so what is limited is never the way in:

- A code is the address's, not the browser's that asked: what a stranger had sent lets its reader in.
- While a code holds, an ask may send none, so a mailbox is not flooded; where none holds it sends one.
- `MOST_TRIES` wrong ones an hour end an address's short codes. Its next ones are long: those hold
  however many wrong ones are typed.

What guessing is worth: of an address at most `MOST_ASKED` short codes hold at once, and `MOST_TRIES` are
tried against them in an hour: 25 of a million, one chance in 40,000. After `MOST_TRIES_IN_ALL` wrong ones
in an hour over the whole installation all new codes are long, so who tries many addresses has about one
chance in 2,000 before that. Of a long code's 10¹², a thousand tries a second for all of its ten minutes
are 600,000: against five of them, one chance in 330,000.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from hmac import new as hmac

DIGITS = 6
LONG_DIGITS = 12
HOLDS_FOR = timedelta(minutes=10)
TRIED_WITHIN = timedelta(hours=1)
MOST_TRIES = 5
"""Of an address, within `TRIED_WITHIN`: then short codes hold no more."""
MOST_TRIES_IN_ALL = 100
"""Of all addresses, within `TRIED_WITHIN`: then nobody is sent a short code."""
ASKED_WITHIN = timedelta(hours=1)
MOST_ASKED = 5
"""So many are sent to an address within `ASKED_WITHIN`; one more wherever none holds."""
AGAIN_AFTER = timedelta(minutes=2)
"""A mail takes a while: asked for again before that, none is sent."""


@dataclass(frozen=True)
class Code:
    """A code that was sent, by its digest: the digits themselves are kept nowhere."""

    digest: bytes
    sent_at: datetime
    is_long: bool = False
    is_used: bool = False

    def holds(self, now: datetime, wrong: int) -> bool:
        """Whether it lets in, `wrong` ones having been typed for its address of late.

        One that the clock says was sent later than now does not.
        """
        is_fresh = timedelta(0) <= now - self.sent_at < HOLDS_FOR
        return is_fresh and not self.is_used and (self.is_long or wrong < MOST_TRIES)


def typed(text: str) -> str:
    """A code as it is compared: of what was typed, the digits, in whatever script and grouping.

    >>> typed(" 123-456 "), typed("١٢٣ ٤٥٦")
    ('123456', '123456')
    """
    return "".join(str(int(each)) for each in text if each.isdecimal())


def grouped(digits: str) -> str:
    """A code as it is read: in groups of three.

    >>> grouped("123456"), grouped("123456789012")
    ('123 456', '123 456 789 012')
    """
    return " ".join(digits[at : at + 3] for at in range(0, len(digits), 3))


def digest(address: bytes, digits: str) -> bytes:
    """What is kept of a code, by its address's hash: other for each, and it tells nothing in passing.

    It is no secret from who reads the database, who can try all digits: they hold for ten minutes.
    """
    return hmac(address, digits.encode(), sha256).digest()


def is_right(codes: Sequence[Code], found: bytes, now: datetime, wrong: int) -> bool:
    """Whether a typed code, by its digest, is one of its address's that hold; in constant time each."""
    same = [compare_digest(code.digest, found) and code.holds(now, wrong) for code in codes]
    return any(same)


def tries_left(wrong: int) -> int:
    """How many more wrong ones a short code stands, `wrong` having been typed for its address."""
    return max(MOST_TRIES - wrong, 0)


def length(wrong: int, wrong_in_all: int) -> int:
    """How many digits the next code of an address has: the more where somebody seems to guess."""
    return LONG_DIGITS if wrong >= MOST_TRIES or wrong_in_all >= MOST_TRIES_IN_ALL else DIGITS


def is_sent(codes: Sequence[Code], now: datetime, wrong: int) -> bool:
    """Whether an ask has another code sent: always where none holds, else after a while, a few times."""
    if not any(code.holds(now, wrong) for code in codes):
        return True
    lately = [code.sent_at for code in codes if code.sent_at > now - ASKED_WITHIN]
    return len(lately) < MOST_ASKED and max(lately) <= now - AGAIN_AFTER
