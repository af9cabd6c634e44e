"""`wavepost token`: let programs into the API, see which are, and shut them out again."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from bot.import_report import shown
from bot.terminal import console, operator, with_store
from handlers.api_tokens import make_token, withdraw_token
from rules.roles import Role
from store.api_tokens import ApiToken
from store.session import Store

ONCE = "It is shown this once: keep it where the program reads its secrets."

token = typer.Typer(
    help="Let programs into the API, see which are, and shut them out again.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="What the program is called: point-of-sale, say.")]


class Part(StrEnum):
    """As what a program may mark locations."""

    csa = Role.csa.value
    lead = Role.lead.value


@token.command("make")
def make(
    name: Name,
    *,
    role: Annotated[Part, typer.Option(help="As what the program marks locations.")] = Part.csa,
) -> None:
    """Make the token of a program, and show it this once."""

    async def work(store: Store) -> str:
        async with store.transaction(actor=operator()) as tx:
            return await make_token(tx, name, Role(role))

    made = with_store(work)
    console.print(made, markup=False, highlight=False, soft_wrap=True)
    console.print(ONCE, markup=False)


@token.command("withdraw")
def withdraw(name: Name) -> None:
    """Let the token of a program open nothing any more, from now on."""

    async def work(store: Store) -> None:
        async with store.transaction(actor=operator()) as tx:
            await withdraw_token(tx, name)

    with_store(work)
    console.print(f"The token of {shown(name)} opens nothing any more.", markup=False)


@token.command("list")
def list_tokens() -> None:
    """Which programs have a token or had one, what they may do, and when they last used it."""

    async def work(store: Store) -> list[ApiToken]:
        async with store.reading() as reading:
            return await reading.api_tokens.all()

    tokens = with_store(work)
    if not tokens:
        console.print("No program has a token. wavepost token make NAME makes one.", markup=False)
        return
    table = Table("Program", "Role", "Made by", "Made", "Last used", "Withdrawn")
    for each in tokens:
        times = map(_time, (each.made_at, each.used_at, each.withdrawn_at))
        table.add_row(each.name, each.role, shown(each.made_by), *times)
    console.print(table)


def _time(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else ""
