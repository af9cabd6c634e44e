"""Looking into a file by its own bytes: whether it is encrypted, and what it brings besides."""

from dataclasses import replace

from rules.compound_look import SIGN as COMPOUND
from rules.compound_look import look_into_compound
from rules.pdf_look import SEARCHED as PDF_SEARCHED
from rules.pdf_look import SIGN as PDF
from rules.pdf_look import look_into_pdf
from rules.pieces import Look, Pieces
from rules.rar_look import SIGN_4, SIGN_5, look_into_rar
from rules.seal import Inside, Seal
from rules.sealed_messages import seal_by_sign
from rules.sealed_texts import is_readable, text_of
from rules.seven_zip_look import SIGN as SEVEN_ZIP
from rules.seven_zip_look import look_into_7z
from rules.zip_look import END, LOCAL, look_into_zip

ZIP, PROGRAM = b"PK", b"MZ"
ARCHIVES = (LOCAL, END, SEVEN_ZIP, SIGN_4, SIGN_5)
"""How those begin of which it is known where they would say it."""
PICTURE, SVG = "image/", "image/svg+xml"
WRITTEN = ("text/", "application/json", SVG)


def look_into(head: bytes, size: int, media_type: str) -> Look[Inside]:
    """What is in a file of `size` bytes that begins so, as far as its bytes say.

    Nothing is opened, guessed or unpacked but lists of contents, and what is encrypted within an
    archive that is not stays unseen. Never raises, whatever the bytes are.
    """
    inside = yield from _seen_in(Pieces(size), head, media_type)
    if inside.seal is Seal.unknown and head.startswith(ARCHIVES):
        return replace(inside, seal=Seal.unclear)
    return inside


def _seen_in(file: Pieces, head: bytes, media_type: str) -> Look[Inside]:
    if head.startswith((ZIP, PROGRAM)):
        return (yield from look_into_zip(file, head))
    if head.startswith(COMPOUND):
        return (yield from look_into_compound(file, head))
    if head.startswith(SEVEN_ZIP):
        return Inside((yield from look_into_7z(file, head)))
    if head.startswith((SIGN_4, SIGN_5)):
        return Inside((yield from look_into_rar(file, head)))
    seal = seal_by_sign(head)
    if seal is Seal.unknown and PDF in head[: PDF_SEARCHED + len(PDF)]:
        seal = yield from look_into_pdf(file, head)
    if seal is Seal.unknown and _is_readable(head, media_type):
        seal = Seal.open
    return Inside(seal)


def _is_readable(head: bytes, media_type: str) -> bool:
    """Whether we know from its first bytes alone that anybody can read a file of this type."""
    if media_type.startswith(WRITTEN):
        return is_readable(text_of(head))
    return media_type.startswith(PICTURE)
