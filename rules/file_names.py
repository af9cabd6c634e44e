"""Names of files: shown as people wrote them, and safe where a computer takes them at their word."""

import unicodedata
from urllib.parse import quote

MOST_BYTES = 200
"""A name on most disks may have 255, and a browser may add " (1)" or ".crdownload" to it."""
LONGEST_ENDING = 16
NAMELESS = "file"
_RESERVED = frozenset(
    {
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
    }
)
"""What Windows takes for a device, whatever its ending."""
_FORBIDDEN = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Categories of Unicode that have no look of their own: U+202E among them turns a name around."""
_JOINERS = frozenset("\u200d\ufe0f")
"""Unseen as well, but they hold an emoji together."""


def safe_name(name: str) -> str:
    r"""A name that any disk can keep, close to what was written; never empty.

    Its ending is kept where it is cut; what turns text around, and what a path, a device or a shell
    would take for its own, is gone.

    >>> safe_name("../../etc/passwd"), safe_name("ann\u202egpj.exe"), safe_name("NUL.txt")
    ('_.._etc_passwd', 'anngpj.exe', '_NUL.txt')
    """
    composed = unicodedata.normalize("NFC", name)
    seen = "".join(
        sign for sign in composed if sign in _JOINERS or unicodedata.category(sign) not in _UNSEEN
    )
    plain = " ".join(seen.translate(_FORBIDDEN).split()).strip(". \u200d\ufe0f") or NAMELESS
    if plain.split(".", 1)[0].strip().lower() in _RESERVED:
        plain = f"_{plain}"
    return _cut(plain)


def disposition(name: str) -> str:
    r"""The Content-Disposition that saves bytes under a name and never shows them in the page.

    RFC 6266, section 4.3 and appendix D: a name in ASCII for old programs, and the name itself as
    RFC 5987 writes it.

    >>> print(disposition("Übergabe.pdf"))
    attachment; filename="_bergabe.pdf"; filename*=UTF-8''%C3%9Cbergabe.pdf
    """
    name = safe_name(name)
    ascii_name = "".join(sign if " " <= sign <= "~" and sign != "%" else "_" for sign in name)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"


def _cut(name: str) -> str:
    """As many of its letters as fit, with the ending where it has one."""
    if len(name.encode()) <= MOST_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending.encode()) > LONGEST_ENDING:
        stem, dot, ending = name, "", ""
    room = MOST_BYTES - len(f"{dot}{ending}".encode())
    kept = stem.encode()[:room].decode(errors="ignore").rstrip(". \u200d")
    return f"{kept}{dot}{ending}"
