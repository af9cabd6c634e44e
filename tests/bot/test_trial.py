"""`wavepost sandbox` as a newcomer runs it: a process of its own, an address, an answer."""

import asyncio
import re
from pathlib import Path
from uuid import uuid4

import httpx

from bot.sandbox.ids import stable_id
from bot.sandbox.person import Person
from tests.bot.trial_program import log, sandbox
from tests.typography import glued


def move_a_week_on(folder: Path) -> str:
    """Press the button on the page of business time; gives what the page then shows."""
    page = re.search(r"(http://\S+)/business-time", log(folder))
    assert page, log(folder)
    form = {"step": "week", "zone": "UTC"}
    own = {"Origin": page[1]}
    return httpx.post(page[0], data=form, headers=own, follow_redirects=True).text


async def ask(address: str, words: str, *, by: str = "ana") -> str:
    person = Person(address, stable_id("U", by))
    answer = await person.command(words, in_="#general")
    await person.leave()
    return answer.text.replace("*", "")


def test_a_newcomer_gets_an_answer_and_finds_everything_again(embedded_folder: Path) -> None:
    # pytest's own folders are closed to the user that PostgreSQL runs as under root.
    parent = embedded_folder / f"trial {uuid4().hex}"
    parent.mkdir()
    folder = parent / "my sandbox"
    with sandbox(folder) as address:
        assert glued("You have 35 customers") in asyncio.run(ask(address, "/schedule"))
        assert "Joe's Pizza moves in the week of" in asyncio.run(
            ask(address, "/schedule joes piza")
        )
        causes = asyncio.run(ask(address, "/wavepost causes"))
        assert "is the most frequent cause" in causes
        assert "Rename the items that share a name, then sync again: worked" in causes
        sent = asyncio.run(ask(address, "/share sent", by="mateo"))
        assert "Answers of guests, as they wrote them – in review" in sent
        assert "1 checked it" in sent
        assert "Saturday 15 January 2022" in log(folder)
        assert "Saturday 22 January 2022" in move_a_week_on(folder)
    with sandbox(folder, "--today", "2022-01-17") as address:
        assert glued("You have 35 customers") in asyncio.run(ask(address, "/schedule"))
        assert "Monday 17 January 2022" in log(folder)
        assert "Business time goes back, from 2022-01-22 to 2022-01-17." in log(folder)
    with sandbox(folder):
        assert "Monday 17 January 2022" in log(folder)
    environment = folder / "environment"
    assert environment.stat().st_mode & 0o077 == 0
    assert "export WAVEPOST_DATABASE_URL=" in environment.read_text()
