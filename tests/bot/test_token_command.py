"""`wavepost token` as somebody at a terminal meets it."""

import asyncio
from collections.abc import Callable

import pytest
from sqlalchemy import text
from typer.testing import CliRunner, Result

from bot.terminal import console
from bot.token_command import token
from rules.roles import Role
from store.api_tokens import PREFIX, ApiToken
from store.session import Store

Command = Callable[..., Result]


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    def run(*words: str) -> Result:
        return CliRunner().invoke(token, list(words))

    return run


async def of(database_url: str, made: str) -> ApiToken | None:
    """What the API takes a token for."""
    store = Store(database_url)
    async with store.transaction(actor="test") as tx:
        found = await tx.api_tokens.whose(made)
    await store.close()
    return found


async def kept(database_url: str) -> str:
    """Everything that the database has of tokens, and of who made them."""
    store = Store(database_url)
    async with store.reading() as reading:
        rows = [
            *(await reading.connection.execute(text("SELECT api_tokens::text FROM api_tokens"))),
            *(await reading.connection.execute(text("SELECT audit::text FROM audit"))),
        ]
    await store.close()
    return "\n".join(row[0] for row in rows)


def test_a_token_is_shown_once_and_opens_the_api_until_it_is_withdrawn(
    run: Command, database_url: str
) -> None:
    assert "wavepost token make NAME makes one" in run("list").output

    said = run("make", "point-of-sale", "--role", "lead")
    assert said.exit_code == 0, said.output
    made = said.output.split()[0]
    assert made.startswith(PREFIX)
    assert made not in run("list").output
    found = asyncio.run(of(database_url, made))
    assert found is not None
    assert (found.role, found.actor) == (Role.lead, "the program point-of-sale")
    told = asyncio.run(kept(database_url))
    assert made not in told
    assert "token made" in told

    twice = run("make", "point-of-sale")
    assert twice.exit_code == 2
    assert "point-of-sale has a token already" in twice.output

    assert "opens nothing any more" in run("withdraw", "point-of-sale").output
    assert asyncio.run(of(database_url, made)) is None
    assert run("make", "point-of-sale").exit_code == 0, "its name is free again"
    listed = run("list").output
    assert listed.count("point-of-sale") == 2
    assert "csa" in listed
    assert "token withdrawn" in asyncio.run(kept(database_url))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("make", "Point of Sale"), "Name the program that will use it"),
        (("withdraw", "nobody"), "No program called nobody has a token"),
    ],
)
def test_what_cannot_be_is_told_in_words(run: Command, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)

    assert refused.exit_code == 2
    assert said in refused.output
