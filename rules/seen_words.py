"""Words as others see them: nothing that turns them around, and none where there is nothing to see."""

import unicodedata

TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that change the direction of text: after one, a name or an address reads as another."""
_LOOKS = frozenset("LNPS")
"""Letters, numbers, punctuation and symbols: the classes of Unicode that have a look of their own."""
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Signs of these classes that fill a place and show nothing in it."""


def seen(words: str) -> str:
    r"""Words as they were typed, without spaces around them; empty where nobody would see anything.

    Marks that turn text around are gone, and so are control characters, but for ends of lines and
    tabs. What joins letters or emoji stays between them.

    >>> seen("ann\u202egpj.exe "), seen("\u200b\u3164"), seen("Two\r\nlines\0")
    ('anngpj.exe', '', 'Two\nlines')
    """
    lines = words.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(each for each in lines if _is_kept(each)).strip()
    return kept if any(map(_has_look, kept)) else ""


def _is_kept(sign: str) -> bool:
    if sign in TURNING:
        return False
    return sign in "\n\t" or unicodedata.category(sign) not in {"Cc", "Cs"}


def _has_look(sign: str) -> bool:
    return unicodedata.category(sign)[0] in _LOOKS and sign not in _BLANK
