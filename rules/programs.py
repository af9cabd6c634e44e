"""Whether a file does something on the machine of who opens it: people are warned, and kept from nothing."""

from rules.media_types import UNKNOWN
from rules.seal import Inside
from rules.told_enum import Told


class Runs(Told):
    """What opening a file sets going."""

    nothing = ""
    program = "program", "is a program, which runs on the machine of whoever opens it"
    installer = "installer", "installs something on the machine of whoever opens it"
    script = "script", "is a script, which can run on the machine of whoever opens it"
    macros = "macros", "has macros, which can run on the machine of whoever opens it"


def said_runs(kind: str) -> str:
    """What opening a file sets going, after its name; empty for nothing.

    >>> said_runs("script"), said_runs("")
    ('is a script, which can run on the machine of whoever opens it', '')
    """
    return Runs(kind).words


SIGNS = (
    (b"MZ", Runs.program),  # Windows: exe, dll, scr
    (b"\x7fELF", Runs.program),
    (b"\xcf\xfa\xed\xfe", Runs.program),  # macOS
    (b"\xce\xfa\xed\xfe", Runs.program),
    (b"\xca\xfe\xba\xbe", Runs.program),  # macOS for several machines; Java
    (b"L\0\0\0\1\x14\2\0", Runs.program),  # a shortcut of Windows, which names what it starts
    (b"#!", Runs.script),
)
ENDINGS = {
    **dict.fromkeys(("exe", "dll", "com", "scr", "jar", "lnk"), Runs.program),
    **dict.fromkeys(("msi", "msix", "pkg", "deb", "rpm", "apk"), Runs.installer),
    **dict.fromkeys(("sh", "bash", "js", "jse", "vbs", "vbe", "wsf", "hta"), Runs.script),
    **dict.fromkeys(("ps1", "bat", "cmd", "py", "reg", "applescript"), Runs.script),
    **dict.fromkeys(("docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "ppam"), Runs.macros),
}


def runs_by_name(name: str) -> Runs:
    """What a file that is called so would set going, before anybody has seen its bytes.

    >>> runs_by_name("Setup.EXE"), runs_by_name("menu.pdf")
    (<Runs.program: 'program'>, <Runs.nothing: ''>)
    """
    return ENDINGS.get(name.rpartition(".")[2].lower(), Runs.nothing)


def runs(head: bytes, name: str, media_type: str, inside: Inside) -> Runs:
    """What a file that begins so sets going; its name counts where its bytes are a text, or nothing known."""
    if inside.is_installer:
        return Runs.installer
    if inside.has_macros:
        return Runs.macros
    by_sign = next((kind for sign, kind in SIGNS if head.startswith(sign)), Runs.nothing)
    is_told_by_name = media_type == UNKNOWN or media_type.startswith("text/")
    return by_sign or (runs_by_name(name) if is_told_by_name else Runs.nothing)
