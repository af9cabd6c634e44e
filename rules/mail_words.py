"""What stands in a mail: nothing that turns text around, and in its headers nothing but one line."""

import unicodedata

from rules.seen_words import TURNING

LONGEST_SUBJECT = 150
_BREAKS = frozenset({"Zl", "Zp"})


def one_line(text: str, most: int = LONGEST_SUBJECT) -> str:
    r"""Text as a header has it: one line, cut where it is too long.

    >>> one_line("Menu\r\nBcc: all@example.com"), one_line("ann\u202egpj.exe"), one_line("a" * 9, 4)
    ('Menu Bcc: all@example.com', 'anngpj.exe', 'aaa…')
    """
    line = " ".join(_plain(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def plain_text(text: str) -> str:
    r"""Text as the body of a mail has it: lines that end with \n, and one such end at its end.

    >>> plain_text("Two\r\nlines\0")
    'Two\nlines\n'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_plain(line).rstrip() for line in lines).strip("\n") + "\n"


def _plain(text: str) -> str:
    return "".join(_sign(each) for each in text if each not in TURNING)


def _sign(sign: str) -> str:
    """A sign; a space for what ends a line, and nothing for what has no look at all."""
    category = unicodedata.category(sign)
    if sign.isspace() or category in _BREAKS:
        return " "
    return "" if category in {"Cc", "Cs"} else sign
