"""Names of files: any name comes out as one that a disk keeps and a browser reads the same."""

from email.message import Message
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.file_names import MOST_BYTES, NAMELESS, disposition, safe_name


@pytest.mark.parametrize(
    ("written", "safe"),
    [
        ("Übergabe 2022.pdf", "Übergabe 2022.pdf"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("..\\..\\autoexec.bat", "_.._autoexec.bat"),
        ("report\x00.pdf", "report.pdf"),
        ("ann\u202egpj.exe", "anngpj.exe"),
        ('say "hi"; rm *.txt', "say _hi_; rm _.txt"),
        ("con.txt", "_con.txt"),
        ("  .  ", NAMELESS),
        ("", NAMELESS),
        ("trailing. ", "trailing"),
        ("line\r\nSet-Cookie: x", "lineSet-Cookie_ x"),
        ("👩‍🍳 menu.pdf", "👩‍🍳 menu.pdf"),
    ],
)
def test_a_name_stays_as_near_as_it_can(written: str, safe: str) -> None:
    assert safe_name(written) == safe


def test_a_long_name_keeps_its_ending() -> None:
    cut = safe_name("ü" * 300 + ".tar.gz")
    assert cut.endswith(".gz")
    assert len(cut.encode()) <= MOST_BYTES
    assert safe_name("x" * 300 + "." + "y" * 300) == "x" * MOST_BYTES


@given(st.text(max_size=400))
def test_any_name_is_safe_and_stays_so(written: str) -> None:
    name = safe_name(written)
    assert name
    assert len(name.encode()) <= MOST_BYTES
    assert not set(name) & set('<>:"/\\|?*\x00\r\n\u202e')
    assert name not in {".", ".."}
    assert safe_name(name) == name


@given(st.text(max_size=400))
def test_a_browser_saves_it_under_that_name(written: str) -> None:
    header = disposition(written)
    assert header.isascii()
    assert header.isprintable()
    kind, _, encoded = header.partition("; filename*=UTF-8''")
    assert unquote(encoded) == safe_name(written)
    read = Message()
    read["Content-Disposition"] = kind
    assert read.get_content_disposition() == "attachment"
    assert len(read.get_filename() or "") == len(safe_name(written))
