"""The form of /escalate at a steady pace: `python -m tests.benchmarks.bench_escalate 1000000 20`.

So many times a second somebody opens the form for a customer, and as often somebody else types a
letter into its typeahead, both at the same time, for a minute. A form is open when Slack's stand-in
has taken its view and the command is answered. Aims: 99 of 100 forms within 300 ms, 99 of 100
letters within 100 ms.
"""

import asyncio
import json
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import aiohttp
from sqlalchemy import text

from bot.embedded_postgres import EmbeddedPostgres
from handlers.escalation_typed import NAME, Kept
from store.migrate import migrate
from store.session import Store
from tests.benchmarks.bench_schedule import furnish
from tests.benchmarks.load import FORM, signature
from tests.benchmarks.sides import Sides, both_served, say

SECONDS = 60
WARM_UP = 5
ROUNDS = 3
LETTERS = range(1, 9)


def main(locations: str = "1000000", per_second: str = "20") -> None:
    """Print p50, p99 and the slowest of forms and of letters."""
    with (
        TemporaryDirectory(prefix="wavepost-bench-") as folder,
        EmbeddedPostgres(Path(folder) / "postgres", durable=False) as server,
    ):
        asyncio.run(_measure(server, Path(folder), int(locations), int(per_second)))


async def _measure(server: EmbeddedPostgres, folder: Path, locations: int, pace: int) -> None:
    await migrate(server.owner_url, application_role="wavepost_app")
    store = Store(server.app_url)
    names = await furnish(store, folder / "master.csv", locations)
    await store.close()
    owner = Store(server.owner_url)
    async with owner.reading() as reading:
        await reading.connection.execute(text("ANALYZE"))
    await owner.close()
    async with both_served(server) as sides, aiohttp.ClientSession() as session:
        chance = random.Random(5)

        def opened() -> str:
            return _command(sides, chance.choice(names))

        def typed() -> str:
            return _letters(sides, chance.choice(names)[: chance.choice(LETTERS)])

        await _ready(sides, session)
        await _paced(sides, session, opened, 1, WARM_UP)
        for _ in range(ROUNDS):
            forms, letters = await asyncio.gather(
                _paced(sides, session, opened, pace, SECONDS),
                _paced(sides, session, typed, pace, SECONDS),
            )
            say(f"{pace}/s each: forms {_told(forms)}; letters {_told(letters)}")


async def _ready(sides: Sides, session: aiohttp.ClientSession) -> None:
    """Wait until the names were read."""
    address = sides.wavepost.replace("/slack/events", "/readyz")
    while True:
        async with session.get(address) as answer:
            if answer.status == 200:
                return
        await asyncio.sleep(0.2)


async def _paced(
    sides: Sides,
    session: aiohttp.ClientSession,
    body: Callable[[], str],
    per_second: int,
    seconds: int,
) -> list[float]:
    """Seconds that each took, in order of size; one is sent whether the one before it is answered or not."""
    sending = []
    for _ in range(per_second * seconds):
        sending.append(asyncio.create_task(_send(sides, session, body())))
        await asyncio.sleep(1 / per_second)
    return sorted(await asyncio.gather(*sending))


async def _send(sides: Sides, session: aiohttp.ClientSession, body: str) -> float:
    headers = {"Content-Type": FORM, **signature(sides.secret, body)}
    began = time.perf_counter()
    async with session.post(sides.wavepost, data=body, headers=headers) as answer:
        said = await answer.text()
    taken = time.perf_counter() - began
    assert answer.status == 200, said
    assert "wrong" not in said, said
    return taken


def _command(sides: Sides, name: str) -> str:
    trigger = sides.sandbox.world.triggers.give(sides.user)
    fields = {"command": "/escalate", "text": name, "user_id": sides.user, "channel_id": "C0"}
    return urlencode(fields | {"team_id": "T0", "trigger_id": trigger})


def _letters(sides: Sides, typed: str) -> str:
    view = {
        "id": "V0",
        "type": "modal",
        "callback_id": NAME,
        "private_metadata": Kept.new().to_json(),
    }
    asked = {
        "type": "block_suggestion",
        "user": {"id": sides.user},
        "action_id": "escalation_what",
        "block_id": "what.0",
        "value": typed,
        "view": view,
    }
    return urlencode({"payload": json.dumps(asked)})


def _told(times: list[float]) -> str:
    middle, late = times[len(times) // 2], times[int(len(times) * 0.99)]
    return f"p50 {middle * 1e3:.0f}, p99 {late * 1e3:.0f}, slowest {times[-1] * 1e3:.0f} ms"


if __name__ == "__main__":
    main(*sys.argv[1:])
