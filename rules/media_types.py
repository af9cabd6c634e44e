"""What a file is by its bytes: never by its name alone, which anybody can give it."""

import mimetypes

import puremagic

LOOKED_AT = 64 * 1024
"""So many bytes of the beginning and of the end are looked at."""
UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
ZIP = "application/zip"
SVG = "image/svg+xml"
SHORTEST_SIGN = 3
"""Bytes; a sign of one or two is met by chance in every second file."""

_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
"""A zip with this folder and a list of its contents is what an office program writes (ECMA-376)."""
_CONTENTS = b"[Content_Types].xml"
_OPEN_DOCUMENT = b"mimetypeapplication/"
"""How a zip of ISO/IEC 26300 begins, after 30 bytes: it says what it is."""
_PRINTED = frozenset("\t\n\r\f\x1b")
_BY_ENDING = mimetypes.MimeTypes()
"""The endings that Python knows, whatever this machine knows besides."""


def media_type(head: bytes, tail: bytes, name: str) -> str:
    r"""The media type of a file that begins and ends so; its name only tells kinds of text apart.

    `head` and `tail` are its first and last `LOOKED_AT` bytes, or all of it.

    >>> media_type(b"%PDF-1.7 ...", b"%%EOF", "menu.png")
    'application/pdf'
    >>> media_type(b"a,b\n", b"a,b\n", "a.csv"), media_type(b"\0\1", b"\0\1", "a.csv")
    ('text/csv', 'application/octet-stream')
    """
    if head.startswith(b"PK\x03\x04"):
        return _of_zip(head, tail)
    text = _text(head)
    if b"<svg" in head.lower() and text is not None:
        return SVG
    return _by_sign(head, tail) or (UNKNOWN if text is None else _of_text(name))


def _of_zip(head: bytes, tail: bytes) -> str:
    """Many kinds of file are zips: their lists of files, at the end, tell them apart."""
    if head[30:].startswith(_OPEN_DOCUMENT):
        said = head[38:].split(b"PK", 1)[0].decode("ascii", errors="ignore")
        return said if said.replace(".", "").replace("-", "").replace("/", "").isalnum() else ZIP
    listed = head + tail
    if _CONTENTS in listed:
        return next((kind for folder, kind in _OFFICE.items() if folder in listed), ZIP)
    return ZIP


def _by_sign(head: bytes, tail: bytes) -> str:
    """The type whose sign is found in these bytes; empty where none is."""
    try:
        found = puremagic.magic_string(head + tail if len(head) >= LOOKED_AT else head)
    except (puremagic.PureError, ValueError):
        return ""
    longest = max(len(each.byte_match) for each in found)
    best = (str(each.mime_type) for each in found if len(each.byte_match) == longest)
    return next(filter(None, best), "") if longest >= SHORTEST_SIGN else ""


def _text(head: bytes) -> str | None:
    """What is written there; None where these bytes are no text. A last letter may be cut."""
    text = head.decode("utf-8", errors="ignore")
    is_whole = len(text.encode()) >= len(head) - 3
    is_shown = all(sign.isprintable() or sign in _PRINTED or sign == "\ufeff" for sign in text)
    return text if head and is_whole and is_shown else None


def _of_text(name: str) -> str:
    guessed, packed = _BY_ENDING.guess_type(name)
    is_text = guessed and not packed and (guessed.startswith("text/") or guessed.endswith("json"))
    return str(guessed) if is_text else TEXT
