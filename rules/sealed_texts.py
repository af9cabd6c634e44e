"""What text says of its encryption: armour in the middle of a letter, a vault, a protected key, a token.

Whatever is written there for people, such a block is for those who have its key alone.
"""

import binascii
import re
from collections.abc import Iterator
from itertools import islice

from rules.seal import Seal

LOOKED_AT = 64 * 1024
BOM = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")
"""How text of two bytes a letter begins, as PowerShell writes it."""
ARMOUR = re.compile(
    rb"^[ \t]*-----BEGIN (PGP MESSAGE[^-\n]*|PKCS7|CMS|OPENSSH PRIVATE KEY)-----[^\n]*\n",
    re.MULTILINE,
)
EMPTY_LINE = re.compile(rb"^[ \t]*\n", re.MULTILINE)
ENDS = re.compile(rb"^[ \t]*-----", re.MULTILINE)
CHECKSUM = re.compile(rb"^=.*", re.MULTILINE)
SIGNS = (
    (rb"^[ \t]*-----BEGIN AGE ENCRYPTED FILE-----", Seal.age),
    (rb"^[ \t]*\$ANSIBLE_VAULT;[\d.]+;[^\n]*\n\s*[0-9a-f]{8}", Seal.vault),
    (rb"^[ \t]*-----BEGIN ENCRYPTED PRIVATE KEY-----", Seal.key),
    (rb"^[ \t]*Proc-Type: *4, *ENCRYPTED", Seal.key),
    (rb"^PuTTY-User-Key-File-\d:[^\n]*\nEncryption: (?!none)", Seal.key),
    (rb"\bENC\[(?:AES256_GCM,data:|PKCS7,|GPG,)", Seal.values),
    (rb"""^[ \t"'b]*gAAAAA[\w-]{90}""", Seal.fernet),  # Fernet: its version, and a time
)
_SIGNS = tuple((re.compile(sign, re.MULTILINE), seal) for sign, seal in SIGNS)
JWE = re.compile(rb"^[ \t\"']*(eyJ[\w-]{12,})\.[\w-]*\.[\w-]+", re.MULTILINE)
ENCRYPTED_BY = b'"enc"'
"""What a token that is encrypted says above, and one that is signed does not (RFC 7516)."""
JWE_PARTS = (b'"ciphertext"', b'"iv"', b'"tag"')
"""The same written as JSON."""
OPENSSH = b"openssh-key-v1\0"
PLAIN_KEY = OPENSSH + b"\0\0\0\4none"
BARE = re.compile(rb"^[ \t]*(?=[A-Za-z0-9+/_-]{40})", re.MULTILINE)
MOST_BARE, LONGEST_BLOCK = 16, 8 * 1024
LETTERS = re.compile(rb"[\w+/=-]{40,}")
"""Longer than the words of any language, and what base64 is written with."""
MOST_LETTERS = 1 / 4
"""So much of a text that is to be read may be such runs: addresses, checksums."""


def text_of(head: bytes) -> bytes:
    r"""The lines that a file begins with, each ended by "\n"; empty where these bytes are no text.

    >>> text_of(b"\xef\xbb\xbfDear Joe,\r\n"), text_of(b"\0\1")
    (b'Dear Joe,\n', b'')
    """
    head = head[:LOOKED_AT]
    if head.startswith(WIDE):
        head = head.decode("utf-16", errors="ignore").encode(errors="ignore")
    if b"\0" in head:
        return b""
    return head.removeprefix(BOM).replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def seal_of_text(text: bytes) -> Seal:
    r"""How a block in a text is sealed; unknown where none says so by a sign of its own.

    >>> seal_of_text(b"Dear Joe,\n\n-----BEGIN AGE ENCRYPTED FILE-----\n")
    <Seal.age: 'age'>
    >>> seal_of_text(b"dish,price\n")
    <Seal.unknown: ''>
    """
    for sign, seal in _SIGNS:
        if sign.search(text):
            return seal
    if any(ENCRYPTED_BY in _decoded(found[1]) for found in JWE.finditer(text)):
        return Seal.jwe
    if text.lstrip().startswith(b"{") and all(part in text for part in JWE_PARTS):
        return Seal.jwe
    if any(each.startswith(OPENSSH) and not each.startswith(PLAIN_KEY) for each in blocks(text)):
        return Seal.key
    return Seal.unknown


def blocks(text: bytes) -> Iterator[bytes]:
    """The first bytes of each block in a text that is written in base64, in armour or without."""
    for begun in ARMOUR.finditer(text):
        ends = ENDS.search(text, begun.end())
        stops = ends.start() if ends else len(text)
        above = EMPTY_LINE.search(text, begun.end(), stops)
        begins = above.end() if above and begun[1].startswith(b"PGP") else begun.end()
        yield _decoded(CHECKSUM.sub(b"", text[begins : min(stops, begins + LONGEST_BLOCK)]))
    for begun in islice(BARE.finditer(text), MOST_BARE):
        yield _decoded(text[begun.end() : begun.end() + LONGEST_BLOCK].split(b"\n\n", 1)[0])


def is_readable(text: bytes) -> bool:
    r"""Whether a text is surely one that people or programs read as it stands: words, sheets, code.

    >>> is_readable(b"dish,price\nsoup,4\n"), is_readable(b"q83vEjRWeJq83vEjRWeJ" * 4)
    (True, False)
    """
    hidden = sum(len(each) for each in LETTERS.findall(text))
    return bool(text) and not ARMOUR.search(text) and hidden <= len(text) * MOST_LETTERS


def _decoded(letters: bytes) -> bytes:
    """The bytes that are written as letters, of either alphabet; none where they are not."""
    plain = b"".join(letters.split()).translate(bytes.maketrans(b"-_", b"+/")).rstrip(b"=")
    whole = len(plain) // 4 * 4
    rest = plain[whole:]
    try:
        return binascii.a2b_base64(plain[:whole] + (rest + b"=" * (4 - len(rest)) if rest else b""))
    except binascii.Error:
        return b""
