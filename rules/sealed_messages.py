"""What the first bytes of a file say of its encryption, where they are enough: OpenPGP, age, CMS, disks."""

import re

from rules.seal import Seal
from rules.sealed_texts import BOM, blocks, seal_of_text, text_of

SIGNS = (
    (0, b"age-encryption.org/v1", Seal.age),
    (0, b"Salted__", Seal.openssl),
    (0, b"LUKS\xba\xbe", Seal.disk),
    (0, b"encrcdsa", Seal.disk),  # a disk image of macOS
    (3, b"-FVE-FS-", Seal.disk),  # BitLocker
)
ENVELOPED = (
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x03",
    b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x06",
    b"\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01\x17",
)
"""Object identifiers of CMS (RFC 5652, RFC 5083): enveloped, encrypted, and authenticated data."""
SEQUENCE = 0x30
MAIL = re.compile(rb"content-type:\s*(multipart/encrypted|application/(x-)?pkcs7-mime)")
SIGNED = b"smime-type=signed-data"
LOOKED_AT = 8 * 1024
PUBLIC_KEY_SESSION, SYMMETRIC_SESSION, OLD_SEALED, MARKER = 1, 3, 9, 10
SEALED_DATA = frozenset({9, 18, 20})
"""Tags of packets (RFC 9580): a session key for a key, for a password, and what is encrypted by it."""
CIPHERS = range(1, 14)
LONGEST_SESSION = 4096


def seal_by_sign(head: bytes) -> Seal:
    r"""How a file is sealed that begins so; unknown where its beginning does not say.

    >>> seal_by_sign(b"Salted__" + bytes(24)), seal_by_sign(b"dish,price\n")
    (<Seal.openssl: 'openssl'>, <Seal.unknown: ''>)
    >>> seal_by_sign(b"U2FsdGVkX1" + b"8wZ3hq" * 9)
    <Seal.openssl: 'openssl'>
    """
    text = text_of(head)
    seals = (_seal_of_bytes(head), seal_of_text(text), *map(_seal_of_bytes, blocks(text)))
    if _is_mail(head):
        return Seal.cms
    return next((seal for seal in seals if seal is not Seal.unknown), Seal.unknown)


def _seal_of_bytes(head: bytes) -> Seal:
    for at, sign, seal in SIGNS:
        if head.startswith(sign, at):
            return seal
    if _is_enveloped(head):
        return Seal.cms
    return Seal.openpgp if _is_openpgp(head) else Seal.unknown


def _is_enveloped(head: bytes) -> bool:
    return head[:1] == bytes([SEQUENCE]) and any(
        head.startswith(sign, at) for sign in ENVELOPED for at in range(2, 8)
    )


def _is_mail(head: bytes) -> bool:
    """Whether the lines above a mail say that it is encrypted."""
    head = head[:LOOKED_AT].removeprefix(BOM).replace(b"\r", b"")
    above = head.lstrip().split(b"\n\n", 1)[0].lower()
    return bool(MAIL.search(above)) and SIGNED not in above


def _is_openpgp(head: bytes) -> bool:
    """Whether these are packets of which the first are session keys, and what follows is sealed."""
    tag, begins, length = _packet(head, 0)
    if tag == MARKER:
        tag, begins, length = _packet(head, begins + length)
    body = head[begins : begins + length]
    if tag == PUBLIC_KEY_SESSION:
        is_key = body[:1] in (b"\3", b"\6")
    elif tag == SYMMETRIC_SESSION:
        is_key = body[:1] in (b"\4", b"\5", b"\6") and len(body) > 1
        is_key = is_key and (body[:1] != b"\4" or body[1] in CIPHERS)
    else:
        return False
    after, _, _ = _packet(head, begins + length)
    return (
        is_key
        and length <= LONGEST_SESSION
        and after in {PUBLIC_KEY_SESSION, SYMMETRIC_SESSION, *SEALED_DATA}
    )


def _packet(data: bytes, at: int) -> tuple[int, int, int]:
    """The tag of a packet, where its body begins, and its length; a tag of -1 where there is none.

    A length in parts, or to the end of the file, is that of all that is there.
    """
    if at < 0 or at >= len(data) or not data[at] & 0x80:
        return -1, at, 0
    sign, rest = data[at], data[at + 1 : at + 6]
    if sign & 0x40:
        return sign & 0x3F, *_new_length(rest, at + 1, len(data))
    kind = sign & 3
    if kind == 3:  # noqa: PLR2004 - RFC 9580, 4.2.2: to the end
        return (sign >> 2) & 0xF, at + 1, len(data) - at - 1
    octets = 1 << kind
    return (sign >> 2) & 0xF, at + 1 + octets, int.from_bytes(rest[:octets], "big")


def _new_length(rest: bytes, at: int, size: int) -> tuple[int, int]:
    """Where a body begins and how long it is, as RFC 9580, 4.2.1 writes it."""
    first = rest[0] if rest else 0
    if first < 192:  # noqa: PLR2004 - that chapter's own numbers
        return at + 1, first
    if first < 224:  # noqa: PLR2004 - the same
        return at + 2, ((first - 192) << 8) + (rest[1] if len(rest) > 1 else 0) + 192
    if first == 255:  # noqa: PLR2004 - the same
        return at + 5, int.from_bytes(rest[1:5], "big")
    return at + 1, max(0, size - at - 1)
