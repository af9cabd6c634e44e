"""`wavepost roles`: give roles, take them, list them."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.terminal import console, operator, with_store
from handlers.roles import give, take
from rules.roles import Role
from store.session import Store

roles = typer.Typer(help="Give roles, take them, list them.", no_args_is_help=True)
Email = Annotated[str, typer.Argument(help="The person's e-mail address in Slack.")]


@roles.command("give")
def give_role(email: Email, role: Role) -> None:
    """Give a role to a person."""

    async def work(store: Store) -> str:
        async with store.transaction(actor=operator()) as tx:
            return (await give(tx, email, role)).name

    console.print(f"{with_store(work)} has the role {role}.", markup=False)


@roles.command("take")
def take_role(email: Email, role: Role) -> None:
    """Take a role from a person."""

    async def work(store: Store) -> str:
        async with store.transaction(actor=operator()) as tx:
            return (await take(tx, email, role)).name

    console.print(f"{with_store(work)} no longer has the role {role}.", markup=False)


@roles.command("list")
def list_roles() -> None:
    """Who was given which role, and by whom."""

    async def work(store: Store) -> list[tuple[str, str | None, str, str]]:
        async with store.reading() as reading:
            return await reading.people.given_roles()

    table = Table("Name", "E-mail", "Role", "Given by")
    for row in with_store(work):
        table.add_row(*(escape(value or "") for value in row))
    console.print(table)
