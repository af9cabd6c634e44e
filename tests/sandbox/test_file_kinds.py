"""What kind of file it is."""

import pytest

from bot.sandbox.files_kinds import kind_of, picture_of

from .filing import PDF, png


@pytest.mark.parametrize(
    ("name", "head", "filetype", "mimetype"),
    [
        ("a.txt", b"x", "text", "text/plain"),
        (
            "a.XLSX",
            b"PK",
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("a.jpeg", b"\xff\xd8\xff", "jpg", "image/jpeg"),
        ("a.gif", b"GIF89a", "gif", "image/gif"),
        ("renamed.txt", png(), "png", "image/png"),
        ("not-a.png", b"x", "binary", "application/octet-stream"),
        ("a.unheard", b"x", "binary", "application/octet-stream"),
        ("none", b"x", "binary", "application/octet-stream"),
    ],
)
def test_a_kind_goes_by_content_for_pictures_and_by_name_else(
    name: str, head: bytes, filetype: str, mimetype: str
) -> None:
    kind = kind_of(name, head)
    assert (kind.filetype, kind.mimetype) == (filetype, mimetype)


_FRAME = b"\xff\xc0\x00\x11\x08" + (40).to_bytes(2) + (60).to_bytes(2) + b"\x03"


@pytest.mark.parametrize(
    ("head", "measures"),
    [
        (png(60, 40), (60, 40)),
        (b"GIF89a" + (60).to_bytes(2, "little") + (40).to_bytes(2, "little"), (60, 40)),
        (b"\xff\xd8\xff\xe0\x00\x04ab" + _FRAME, (60, 40)),
        (b"\xff\xd8\xff\xe0\x00\x04ab", None),
        (png()[:20], None),
        (b"GIF89a", None),
        (PDF, None),
    ],
)
def test_a_picture_is_measured(head: bytes, measures: tuple[int, int] | None) -> None:
    found = picture_of(kind_of("a.pdf", head), head)
    assert (found and (found.width, found.height)) == measures
