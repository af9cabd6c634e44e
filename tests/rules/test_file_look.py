"""Whether a file is encrypted, by its own bytes: files that real tools made, and any bytes at all."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rules import compound_look, pdf_look, rar_look, seven_zip_look
from rules.file_look import look_into
from rules.media_types import LOOKED_AT, media_type
from rules.pieces import LARGEST, MOST_PIECES
from rules.seal import Inside, Seal

MADE = Path(__file__).parent / "sealed_files"
"""By 7-Zip, Info-ZIP, qpdf, GnuPG, age, OpenSSL, msoffcrypto-tool: what is `open` they did not encrypt."""
SEALS = {
    ".zip": Seal.zip,
    ".7z": Seal.seven_zip,
    ".pdf": Seal.pdf,
    ".gpg": Seal.openpgp,
    ".asc": Seal.openpgp,
    ".age": Seal.age,
    ".p7m": Seal.cms,
    ".enc": Seal.openssl,
    ".xlsx": Seal.office,
}
SIGNED = {"open-signed.asc", "open-signed.gpg", "open-signed.p7m"}
"""Of these nobody can say from outside that they are readable; but not that they are encrypted either."""


def looked(data: bytes, *, name: str = "x", most: int = MOST_PIECES) -> Inside:
    """What is seen in a file that is all here; fails where more is asked for than may be."""
    kind = media_type(data[:LOOKED_AT], data[-LOOKED_AT:], name)
    look = look_into(data[:LOOKED_AT], len(data), kind)
    sent: bytes | None = None
    for _ in range(most + 1):
        try:
            piece = look.send(sent) if sent is not None else next(look)
        except StopIteration as seen:
            found = seen.value
            assert isinstance(found, Inside)
            return found
        assert 0 < piece.length <= LARGEST
        assert 0 <= piece.start <= len(data) - piece.length
        sent = data[piece.start : piece.start + piece.length]
    pytest.fail("It asks for more and more.")


@pytest.mark.parametrize("file", sorted(MADE.iterdir()), ids=lambda file: file.name)
def test_what_real_tools_encrypted_is_told_from_what_they_did_not(file: Path) -> None:
    opened = Seal.unknown if file.name in SIGNED else Seal.open
    expected = opened if file.name.startswith(("open-", "open.")) else SEALS[file.suffix]
    assert looked(file.read_bytes(), name=file.name) == Inside(expected)


def zipped(*names: str, comment: bytes = b"", fill: int = 0) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in names:
            archive.writestr(name, b"x" * fill)
        archive.comment = comment
    return held.getvalue()


def sealed_last(data: bytes) -> bytes:
    """The same archive, of which the last entry is flagged as encrypted in the list at its end."""
    at = data.rindex(b"PK\1\2") + 8
    return data[:at] + b"\1" + data[at + 1 :]


def test_an_entry_is_found_wherever_it_stands_in_a_long_list() -> None:
    many = zipped(*(f"{each:0200}.csv" for each in range(9_000)), comment=b"c" * 65_535)
    assert looked(many).seal is Seal.open
    assert looked(sealed_last(many)).seal is Seal.zip


def of_64_bits(count: int) -> bytes:
    """An archive that lists its one file so often that it takes the end of 64 bits."""
    one = zipped("a")
    begins = one.index(b"PK\1\2")
    listed = one[begins : one.rindex(b"PK\5\6")] * count
    counts = (count, count, len(listed), begins)
    end_64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, *counts)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, begins + len(listed), 1)
    end = b"PK\5\6" + bytes(4) + b"\xff" * 12 + bytes(2)
    return one[:begins] + listed + end_64 + locator + end


def test_an_archive_within_a_program_and_one_of_64_bits_are_looked_into() -> None:
    program = b"MZ" + bytes(100_000)
    assert looked(program + sealed_last(zipped("a", "b"))).seal is Seal.zip
    long = of_64_bits(70_000)
    assert looked(long).seal is Seal.open
    assert looked(sealed_last(long)).seal is Seal.zip
    assert looked(program + sealed_last(long)).seal is Seal.zip


def test_a_broken_archive_is_not_said_to_be_readable() -> None:
    whole = zipped("a", "b", fill=50)
    assert looked(whole[:-30]).seal is Seal.unclear
    flagged = whole[:6] + b"\1" + whole[7:-30]
    assert looked(flagged).seal is Seal.zip
    fewer = whole.replace(b"PK\1\2", b"PK\1\3", 1)
    assert looked(fewer).seal is Seal.unclear


def test_an_end_that_lists_nothing_says_nothing_of_the_bytes_before_it() -> None:
    nothing = b"PK\5\6" + bytes(18)
    assert looked(nothing).seal is Seal.open
    for made, seal in (("zip-aes.zip", Seal.zip), ("open.zip", Seal.unclear)):
        assert looked((MADE / made).read_bytes() + nothing).seal is seal
    assert looked(b"MZ" + bytes(900) + nothing).seal is Seal.unknown
    commented = bytearray((MADE / "zip-aes.zip").read_bytes() + nothing)
    commented[-24:-22] = len(nothing).to_bytes(2, "little")
    assert looked(bytes(commented)).seal is Seal.zip


def test_an_entry_that_says_only_itself_that_it_is_encrypted_is_believed() -> None:
    whole = zipped("a", "b", fill=50)
    second = whole.index(b"PK\3\4", 4)
    for at in (0, second):
        flagged = whole[: at + 6] + b"\1" + whole[at + 7 :]
        assert looked(flagged).seal is Seal.zip
        assert looked(b"MZ" + bytes(900) + flagged).seal is Seal.zip
    elsewhere = whole[:second] + b"PK\3\5" + whole[second + 4 :]
    assert looked(elsewhere).seal is Seal.unclear


@pytest.mark.parametrize("written", [b"/#45ncrypt 5 0 R", b"/Encryp#74%note\n<</V 4>>"])
def test_a_name_in_a_pdf_may_be_written_by_the_numbers_of_its_letters(written: bytes) -> None:
    pdf = b"%PDF-1.7\ntrailer\n<</Root 1 0 R " + written + b">>\n"
    for at, table in ((len(pdf), b"xref\n0 1\n" + pdf[9:]), (len(pdf) * 9, b"")):
        whole = pdf + table + b"startxref\n%d\n%%%%EOF" % at
        assert looked(whole).seal is Seal.pdf


def test_an_open_document_says_it_in_its_own_list() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", "<m:encryption-data m:checksum='x'/>" * 40)
    assert looked(held.getvalue()).seal is Seal.open_document
    assert looked(held.getvalue().replace(b"mimetype", b"MIMETYPE")).seal is Seal.open_document


def test_macros_are_seen_in_what_office_writes() -> None:
    assert looked(zipped("[Content_Types].xml", "xl/vbaProject.bin")).has_macros
    assert not looked(zipped("[Content_Types].xml", "xl/workbook.xml")).has_macros


def block_4(kind: int, flags: int, data: bytes = b"") -> bytes:
    if kind == rar_look.FILE_4:
        size = 32 + 8
        return struct.pack("<HBHHL", 0, kind, flags, size, len(data)) + bytes(size - 11) + data
    return struct.pack("<HBHH", 0, kind, flags, 7)


def block_5(kind: int, *, extra: bytes = b"", data: bytes = b"") -> bytes:
    flags = rar_look.HAS_EXTRA_5 * bool(extra) | rar_look.HAS_DATA_5 * bool(data)
    sizes = [len(part) for part in (extra, data) if part]
    header = bytes([kind, flags, *sizes]) + b"name" + extra
    return bytes(4) + bytes([len(header)]) + header + data


@pytest.mark.parametrize(
    ("data", "seal"),
    [
        (rar_look.SIGN_4 + block_4(0x73, 0x80) + bytes(40), Seal.rar),
        (rar_look.SIGN_4 + block_4(0x73, 0) + block_4(0x74, 0x8004, b"ab"), Seal.rar),
        (
            rar_look.SIGN_4
            + block_4(0x73, 0)
            + block_4(0x74, 0x8000, b"ab")
            + block_4(0x74, 0x8004, b"c"),
            Seal.rar,
        ),
        (
            rar_look.SIGN_4 + block_4(0x73, 0) + block_4(0x74, 0x8000, b"ab") + block_4(0x7B, 0),
            Seal.open,
        ),
        (rar_look.SIGN_5 + block_5(4) + bytes(60), Seal.rar),
        (
            rar_look.SIGN_5 + block_5(1) + block_5(2, extra=b"\2\1x", data=b"abcde") + block_5(5),
            Seal.rar,
        ),
        (rar_look.SIGN_5 + block_5(1) + block_5(2, data=b"abcde") + block_5(5), Seal.open),
        (
            rar_look.SIGN_5
            + block_5(1)
            + block_5(2, data=b"abcde")
            + block_5(2, extra=b"\2\3x\2\1x", data=b"a"),
            Seal.rar,
        ),
        (rar_look.SIGN_5 + b"\xff" * 40, Seal.unclear),
    ],
)
def test_blocks_of_rar_say_it(data: bytes, seal: Seal) -> None:
    assert looked(data).seal is seal


def test_old_workbooks_say_it_in_a_record() -> None:
    workbook = (MADE / "open.xls").read_bytes()
    begins = workbook.index(bytes.fromhex("0908"))
    after = begins + 4 + workbook[begins + 2]
    sealed = workbook[:after] + b"\x2f\0" + workbook[after + 2 :]
    assert looked(sealed).seal is Seal.office


@pytest.mark.parametrize(
    ("data", "seal"),
    [
        (b"LUKS\xba\xbe\0\2" + bytes(600), Seal.disk),
        (b"\xeb\x58\x90-FVE-FS-" + bytes(600), Seal.disk),
        (b"dish,price\nsoup,4\n", Seal.open),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), Seal.open),
        (bytes(range(255, -1, -1)) * 9, Seal.unknown),
        (b"", Seal.unknown),
        (b"PK is how it begins", Seal.unknown),
        (b"7z\xbc\xaf\x27\x1c" + bytes(9), Seal.unclear),
        (b"%PDF-1.7\n/Encrypt 5 0 R\nno end", Seal.pdf),
        (b"Content-Type: multipart/encrypted; boundary=x\n\nbody", Seal.cms),
        (b"Dear all,\n\nContent-Type: multipart/encrypted\n", Seal.open),
    ],
)
def test_other_bytes_say_it_or_do_not(data: bytes, seal: Seal) -> None:
    assert looked(data).seal is seal


SIGNS = st.sampled_from(
    [
        b"PK\3\4",
        b"MZ",
        b"PK\5\6",
        compound_look.SIGN,
        seven_zip_look.SIGN,
        rar_look.SIGN_4,
        rar_look.SIGN_5,
        pdf_look.SIGN,
        b"-----BEGIN PGP MESSAGE-----\n\n",
        b"\x85",
        b"\xc3",
        b"0\x82",
    ]
)


@given(SIGNS, st.binary(max_size=2_000), st.sampled_from([b"", b"PK\5\6" + bytes(18)]))
@example(pdf_look.SIGN, b"startxref 0 xref" + bytes(40), b"")
def test_no_bytes_break_a_look_or_make_it_endless(sign: bytes, data: bytes, end: bytes) -> None:
    looked(sign + data + end)


@given(st.sampled_from(sorted(MADE.iterdir())), st.data())
def test_no_damage_to_a_real_file_breaks_a_look(file: Path, drawn: st.DataObject) -> None:
    data = bytearray(file.read_bytes())
    for _ in range(drawn.draw(st.integers(1, 6))):
        data[drawn.draw(st.integers(0, len(data) - 1))] = drawn.draw(st.integers(0, 255))
    looked(bytes(data[: drawn.draw(st.integers(1, len(data)))]))


@given(st.binary(max_size=1_500))
def test_a_directory_of_any_bytes_breaks_no_look(data: bytes) -> None:
    header = bytearray(compound_look.SIGN + bytes(504))
    header[30], header[48:52] = 9, b"\0\0\0\0"
    looked(bytes(header) + data)
