"""Sheets as people give them in Slack, and a Wavepost that has a bucket to keep them in."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from uuid import uuid4

import openpyxl
from pydantic import SecretStr

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.settings import Settings

MASTER = "location_id,customer_id,customer_name,csa_email"


def with_bucket(settings: Settings, server: EmbeddedS3) -> Settings:
    """The same settings, with a bucket of this test's own."""
    name = f"given-{uuid4().hex}"
    server.create_bucket(name)
    bucket = {
        "s3_endpoint": server.endpoint,
        "s3_bucket": name,
        "s3_access_key": server.access_key,
        "s3_secret_key": SecretStr(server.secret_key),
    }
    return settings.model_copy(update=bucket)


def master(*rows: str, header: str = MASTER) -> bytes:
    """A master sheet as CSV."""
    return "\n".join([header, *rows, ""]).encode()


def joes(name: str = "Joe") -> bytes:
    """A master sheet of one location."""
    return master(f"L-1,C-1,{name},ana@northwind.example")


async def give(person: Person, *files: tuple[str, bytes], kind: str | None = None) -> None:
    """Give files in the form of /wavepost import."""
    await person.command("/wavepost import")
    await person.modal.attach("files", *files)
    if kind:
        await person.modal.fill(kind=kind)
    assert await person.modal.submit() is None


def locked_workbook() -> bytes:
    """What Excel makes of a workbook with a password: the old container, not a zip."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 4096


def workbook(pages: Mapping[str, Sequence[Sequence[object]]]) -> bytes:
    """An Excel workbook with these pages."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in pages.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    content = BytesIO()
    book.save(content)
    return content.getvalue()
