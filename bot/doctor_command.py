"""`wavepost doctor`: what is well, what is not, and what to do."""

import asyncio
from typing import Annotated

import aiohttp
import typer

from bot import logs
from bot.assembly import files
from bot.doctor import Doctor, table
from bot.settings import Settings
from bot.terminal import console, failures_as_words, give_up, read_settings
from store.bucket import set_up
from store.files import Finding

PATIENCE = 10


def doctor(
    *,
    set_up_bucket: Annotated[
        bool, typer.Option("--set-up-bucket", help="First give the bucket what it lacks.")
    ] = False,
) -> None:
    """Look at Slack, signing, channels, database and files, and say what to do about each."""
    settings = read_settings(Settings)
    logs.configure("ERROR")
    if set_up_bucket:
        _set_up_bucket(settings)
    with failures_as_words():
        findings = asyncio.run(_look(settings))
    console.print(table(findings))
    if not all(finding.well for found in findings.values() for finding in found):
        raise typer.Exit(1)
    console.print("All is well.")


def _set_up_bucket(settings: Settings) -> None:
    bucket = files(settings)
    if bucket is None:
        give_up("No bucket is set: name one in WAVEPOST_S3_BUCKET.")
    with failures_as_words():
        changed = asyncio.run(set_up(bucket, address=settings.address))
    console.print(table({"Bucket": changed}) if changed else "The bucket lacks nothing.")


async def _look(settings: Settings) -> dict[str, list[Finding]]:
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        return await Doctor(settings, session).findings()
