"""A whole year of announcements: `python -m tests.benchmarks.bench_year 60 52 7`.

So many schedules in nine zones announce for so many weeks of 2022, in 20 channels, from three
replicas in processes of their own on one PostgreSQL; the last number is the seed of chance. Time
moves by hours and jumps, replicas are killed and started, the database goes away, and Slack limits,
fails, and accepts without an answer. What is heard is compared with the calendar; whoever differs
is named.
"""

import asyncio
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import SecretStr

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.migrate import migrate
from store.session import Store
from tests.almanac import Almanac
from tests.announced_year import WORKSPACE, Heard, Year, planned, told
from tests.database_outage import let_in
from tests.post_office import PostOffice

MANIFEST = Path(__file__).parents[2] / "manifest.yml"
BEGINS = datetime(2022, 1, 1, tzinfo=UTC)


def main(schedules: str = "60", weeks: str = "52", seed: str = "7") -> None:
    """Print what was due, heard and skipped, and each channel that differs."""
    chance = random.Random(int(seed))
    asyncio.run(_measure(int(schedules), timedelta(weeks=int(weeks)), chance))


async def _measure(schedules: int, weeks: timedelta, chance: random.Random) -> None:
    sandbox = Sandbox(manifest=MANIFEST, workspace=WORKSPACE, rates=None)
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        await migrate(server.owner_url, application_role="wavepost_app")
        async with sandbox.running():
            store = Store(server.app_url)
            office = PostOffice(store, sandbox)
            slots = await planned(office, schedules, BEGINS, chance)
            almanac = Almanac(slots, BEGINS, BEGINS + weeks)

            async def admit(allowed: bool) -> None:
                await let_in(server, server.app_url, allowed=allowed)

            year = Year(office, almanac, _settings(server, sandbox), chance, admit)
            began = time.monotonic()
            heard = await year.lived(BEGINS, BEGINS + weeks)
            await store.close()
    sys.stdout.write(f"{told(year, almanac, heard)} {time.monotonic() - began:.0f} s.\n")
    sys.stdout.writelines(_differences(almanac, heard))


def _settings(server: EmbeddedPostgres, sandbox: Sandbox) -> Settings:
    return Settings(
        database_url=server.app_url,
        slack_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(sandbox.signing_secret),
        slack_app_token=None,
        slack_address=sandbox.api_address,
        s3_bucket="",
    )


def _differences(almanac: Almanac, heard: Heard) -> list[str]:
    channels = [
        f"In {channel} was to be heard {weeks}, and was {heard.said[channel]}.\n"
        for channel, weeks in almanac.said.items()
        if heard.said[channel] != weeks
    ]
    differing = heard.skipped ^ almanac.skipped()
    return [*channels, f"Skipped by one alone: {sorted(differing)}.\n"] if differing else channels


if __name__ == "__main__":
    main(*sys.argv[1:])
