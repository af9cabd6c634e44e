"""What the doctor says of the mail server and the scanner."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor_outside import mail_findings, scanner_findings
from bot.settings import Settings
from store.files import Finding
from tests.mail_server import HOST, mail_server


async def scanned(settings: Settings, version: str) -> list[Finding]:
    """What is found with a scanner that says this of itself."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\0")
        writer.write(version.encode() + b"\0")
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        there = settings.model_copy(update={"scanner": f"tcp://{HOST}:{port}"})
        return await scanner_findings(there)


async def test_without_either_it_says_what_that_means(settings: Settings) -> None:
    (mail,) = await mail_findings(settings)
    (scanner,) = await scanner_findings(settings)
    assert mail.well
    assert scanner.well
    assert "WAVEPOST_SMTP_HOST" in mail.what
    assert "nobody looks for viruses" in scanner.what


async def test_a_mail_server_that_answers_is_well_and_one_that_is_away_is_not(
    settings: Settings,
) -> None:
    async with mail_server() as server:
        there = settings.model_copy(update={"smtp": server.settings()})
        (found,) = await mail_findings(there)
        assert found.well
        assert f"127.0.0.1:{server.port}" in found.what
        _, nowhere = await mail_findings(there.model_copy(update={"address": None}))
        assert "WAVEPOST_ADDRESS" in nowhere.remedy
    (away,) = await mail_findings(there)
    assert not away.well
    assert "Connection refused" in away.what


async def test_a_scanner_that_is_away_is_named(settings: Settings) -> None:
    away = settings.model_copy(update={"scanner": "tcp://127.0.0.1:9"})
    (found,) = await scanner_findings(away)
    assert not found.well
    assert "files wait" in found.what


@pytest.mark.parametrize(("days", "well"), [(1, True), (30, False)])
async def test_signatures_that_are_old_are_told(
    settings: Settings, days: int, *, well: bool
) -> None:
    made = datetime.now(UTC) - timedelta(days=days)
    answers, signatures = await scanned(settings, f"ClamAV 1.4.2/27500/{made:%a %b %d %H:%M:%S %Y}")
    assert answers.well
    assert signatures.well is well
    assert f"{made:%Y-%m-%d}" in signatures.what


async def test_a_scanner_that_knows_nothing_is_told(settings: Settings) -> None:
    _, signatures = await scanned(settings, "ClamAV 1.4.2")
    assert not signatures.well
