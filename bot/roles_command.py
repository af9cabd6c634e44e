"""`wavepost roles`: give roles, take them, list them."""

from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from bot.terminal import console, operator, with_store
from handlers.roles import give, take
from rules.roles import Role
from store.roles import Given
from store.session import Store

roles = typer.Typer(help="Give roles, take them, list them.", no_args_is_help=True)
Holder = Annotated[
    str,
    typer.Argument(help="The person's e-mail address in Slack, or the @handle of a user group."),
]


@roles.command("give")
def give_role(holder: Holder, role: Role) -> None:
    """Give a role to a person, or to all members of a user group."""

    async def work(store: Store) -> str:
        async with store.transaction(actor=operator()) as tx:
            return (await give(tx, holder, role)).name

    console.print(f"{with_store(work)} has the role {role}.", markup=False)


@roles.command("take")
def take_role(holder: Holder, role: Role) -> None:
    """Take a role from a person or a user group."""

    async def work(store: Store) -> str:
        async with store.transaction(actor=operator()) as tx:
            return (await take(tx, holder, role)).name

    console.print(f"{with_store(work)} no longer has the role {role}.", markup=False)


@roles.command("list")
def list_roles() -> None:
    """Who was given which role, and by whom."""

    async def work(store: Store) -> list[Given]:
        async with store.reading() as reading:
            return await reading.roles.all()

    table = Table("Name", "Address", "Role", "Given by")
    for each in with_store(work):
        row = (each.holder.name, each.holder.address, each.role, each.by)
        table.add_row(*map(escape, row))
    console.print(table)
