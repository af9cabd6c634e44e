"""`wavepost doctor`: what is well, what is not, and what to do."""

import asyncio

import aiohttp
import typer

from bot import logs
from bot.doctor import Doctor, table
from bot.settings import Settings
from bot.terminal import console, failures_as_words, read_settings
from store.files import Finding

PATIENCE = 10


def doctor() -> None:
    """Look at Slack, signing, channels, database and files, and say what to do about each."""
    settings = read_settings(Settings)
    logs.configure("ERROR")
    with failures_as_words():
        findings = asyncio.run(_look(settings))
    console.print(table(findings))
    if not all(finding.well for found in findings.values() for finding in found):
        raise typer.Exit(1)
    console.print("All is well.")


async def _look(settings: Settings) -> dict[str, list[Finding]]:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        return await Doctor(settings, session).findings()
