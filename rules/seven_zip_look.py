"""Looking into a 7z archive: its header, at its end, names how each of its parts is packed.

7zFormat.txt of 7-Zip: a header is plain, or packed itself, and then says how in front of that.
"""

import lzma
import struct

from rules.pieces import LARGEST, Look, Pieces
from rules.seal import Seal

SIGN = b"7z\xbc\xaf\x27\x1c"
BEGINS = 32
AES = b"\x06\xf1\x07\x01"
"""The number of AES-256 with SHA-256, the one way in which 7z encrypts."""
LZMA = b"\x03\x01\x01"
LZMA_PROPERTIES = 5
HEADER, PACKED_HEADER = 0x01, 0x17
LONGEST_UNPACKED = 8 * LARGEST
LARGEST_WINDOW = 16 * LARGEST
"""Of memory to unpack a header; 7-Zip itself takes 1 MB for that."""


def look_into_7z(file: Pieces, head: bytes) -> Look[Seal]:
    """How a file that begins with `SIGN` is sealed."""
    if len(head) < BEGINS:
        return Seal.unknown
    offset, size = struct.unpack_from("<2Q", head, 12)
    header = yield from file.read(BEGINS + offset, size)
    if AES in header:
        return Seal.seven_zip
    if not size or header[:1] == bytes([HEADER]):
        return Seal.open if len(header) == size else Seal.unknown
    packed_at = _number(header, 2)
    properties = _lzma_properties(header)
    if header[:1] != bytes([PACKED_HEADER]) or packed_at is None or properties is None:
        return Seal.unknown
    packed = yield from file.read(BEGINS + packed_at, offset - packed_at)
    unpacked = _unpacked(packed, properties)
    if AES in unpacked:
        return Seal.seven_zip
    return Seal.open if unpacked[:1] == bytes([HEADER]) else Seal.unknown


def _number(data: bytes, at: int) -> int | None:
    """A number as 7z writes it: the leading ones of its first byte say how many follow."""
    if at >= len(data):
        return None
    first = data[at]
    more = next((place for place in range(8) if not first & (0x80 >> place)), 8)
    low = int.from_bytes(data[at + 1 : at + 1 + more], "little")
    return low | (first & (0x7F >> more)) << (8 * more)


def _lzma_properties(header: bytes) -> bytes | None:
    """How a header is packed by LZMA, the only way in which 7-Zip packs one; None for another."""
    coder = bytes([0x20 | len(LZMA)]) + LZMA + bytes([LZMA_PROPERTIES])
    at = header.find(coder)
    found = header[at + len(coder) : at + len(coder) + LZMA_PROPERTIES]
    return found if at >= 0 and len(found) == LZMA_PROPERTIES else None


def _unpacked(packed: bytes, properties: bytes) -> bytes:
    """The beginning of a header, in which how files are packed comes before their names; b"" for none."""
    window = struct.unpack_from("<L", properties, 1)[0]
    form, places = properties[0] % 9, properties[0] // 9
    lzma_ = {
        "id": lzma.FILTER_LZMA1,
        "lc": form,
        "lp": places % 5,
        "pb": places // 5,
        "dict_size": max(window, 4096),
    }
    if window > LARGEST_WINDOW:
        return b""
    try:
        packing = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=[lzma_])
        return packing.decompress(packed, LONGEST_UNPACKED)
    except (lzma.LZMAError, ValueError):
        return b""
