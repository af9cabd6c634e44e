"""`wavepost spaces`: where files for an organisation are sent, and who gets them."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import typer
from rich.markup import escape
from rich.table import Table

from bot.terminal import NOT_DONE, console, give_up, operator, with_store
from handlers.blocks import Words
from handlers.errors import Refused
from handlers.files import space_keeping
from handlers.files.space_adding import Outcome, add_lines
from rules.naming import fold
from store.delimited import read_text
from store.grids import UnreadableFile
from store.session import Reading, Store, Transaction
from store.space_rows import RecipientRow
from store.space_sizes import space_sizes
from store.spaces import Space

WAYS = ("wavepost", "store")
NO_SPACE = "There is no space yet. `wavepost spaces make ORGANISATION SPACE` makes the first one."
NO_TEXT = "{file}: {happened} Save it again as text in UTF-8. Nobody was added."
NOBODY = "Nobody is in {space} yet. `wavepost spaces add` lets people in, by their addresses."
Answer = TypeVar("Answer")
spaces = typer.Typer(
    help="Where files for an organisation are sent, and who gets them.", no_args_is_help=True
)
Named = Annotated[str, typer.Argument(metavar="SPACE", help="What it is called.")]
Owner = Annotated[
    str | None,
    typer.Option(
        "--organisation",
        metavar="NAME",
        help="Whose it is; needed only where several have a space of that name.",
    ),
]


@spaces.command("list")
def list_spaces(
    name: Annotated[
        str | None, typer.Argument(metavar="SPACE", help="List who is in this one.")
    ] = None,
    *,
    of: Owner = None,
) -> None:
    """List all spaces, also closed ones; or who is in one."""
    if name is None:
        every, sizes = with_store(_all)
        console.print(_all_of_them(every, sizes) if every else NO_SPACE)
        return

    async def work(store: Store) -> list[RecipientRow]:
        async with store.reading(consistent=True) as reading:
            return await reading.spaces.members((await _called(reading, name, of)).id)

    members = with_store(work)
    if not members:
        console.print(NOBODY.format(space=name), markup=False, soft_wrap=True)
        return
    table = Table("Name", "E-mail", "In Slack")
    for each in members:
        table.add_row(escape(each.name), escape(each.email or ""), each.person_id or "")
    console.print(table)


@spaces.command("make")
def make_space(
    organisation: Annotated[
        str,
        typer.Argument(metavar="ORGANISATION", help="Whose it is; a new one is made as well."),
    ],
    name: Named,
) -> None:
    """Make a space. It belongs to its organisation for ever, and nobody is in it yet."""
    made = _done(lambda tx: space_keeping.make(tx, organisation, name))
    console.print(
        f"{made.name} of {made.organisation} is there. Nobody is in it yet.", markup=False
    )


@spaces.command("add")
def add_people(
    name: Named,
    addresses: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="ADDRESS",
            help="E-mail addresses, as in ana@shop.example 'Bo <bo@shop.example>'.",
        ),
    ] = None,
    *,
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="A text file with one address a line."),
    ] = None,
    of: Owner = None,
) -> None:
    """Add people to a space by their e-mail addresses; members of this Slack are found by them."""
    pasted = "\n".join([*(addresses or []), *([_text_in(file)] if file else [])])
    if not pasted.strip():
        raise typer.BadParameter("name at least one address, or a file with --file.")

    async def work(tx: Transaction) -> Outcome:
        return await add_lines(tx, (await _called(tx, name, of)).id, pasted)

    outcome = _done(work)
    words = Words("space", outcome=outcome, space=name)
    console.print(words.plain("added"), markup=False, soft_wrap=True)
    for problem in outcome.problems:
        console.print(problem.plain, markup=False, highlight=False, soft_wrap=True)
    if outcome.problems:
        raise typer.Exit(NOT_DONE)


@spaces.command("remove")
def remove_person(
    name: Named,
    address: Annotated[
        str,
        typer.Argument(
            metavar="ADDRESS",
            help="Their e-mail address or Slack id, as `spaces list SPACE` shows it.",
        ),
    ],
    *,
    of: Owner = None,
) -> None:
    """Remove somebody from a space: they can open nothing any more that was sent there alone."""

    async def work(tx: Transaction) -> tuple[RecipientRow, Space]:
        space = await _called(tx, name, of)
        for each in await tx.spaces.members(space.id):
            if address.strip().lower() in {each.email, (each.person_id or "").lower()}:
                return await space_keeping.remove(tx, space.id, each.id), space
        raise Refused(f"Nobody in {space.name} has the address {address}. Nothing was changed.")

    removed, space = _done(work)
    words = Words("space", recipient=removed, space=space.name)
    console.print(words.plain("removed"), markup=False, soft_wrap=True)


@spaces.command("close")
def close_space(name: Named, *, of: Owner = None) -> None:
    """Close a space for good: nothing can be sent there, and what was sent there alone is not opened."""

    async def work(tx: Transaction) -> Space:
        return await space_keeping.close(tx, (await _called(tx, name, of)).id)

    words = Words("space", space=_done(work).name)
    console.print(words.plain("closed"), markup=False, soft_wrap=True)


@spaces.command("through")
def set_way(
    name: Named,
    way: Annotated[str, typer.Argument(metavar="WAY", help="“wavepost” or “store”.")],
    *,
    of: Owner = None,
) -> None:
    """Choose the way of downloads: “wavepost” knows whether all bytes arrived, “store” is faster."""
    if way not in WAYS:
        raise typer.BadParameter("write wavepost or store.")

    async def work(tx: Transaction) -> Space:
        space = await _called(tx, name, of)
        return await space_keeping.set_proxied(tx, space.id, is_proxied=way == "wavepost")

    words = Words("space", space=_done(work))
    console.print(words.plain("way"), markup=False, soft_wrap=True)


def _text_in(file: Path) -> str:
    """What a file of addresses says, in whatever encoding; ends the command where it is none."""
    try:
        return read_text(file)
    except UnreadableFile as trouble:
        give_up(NO_TEXT.format(file=trouble.file_name, happened=trouble.happened))


def _done(work: Callable[[Transaction], Awaitable[Answer]]) -> Answer:
    """Do something in one transaction, as who sits at the terminal."""

    async def do(store: Store) -> Answer:
        async with store.transaction(actor=operator()) as tx:
            return await work(tx)

    return with_store(do)


async def _called(reading: Reading, name: str, organisation: str | None) -> Space:
    """The open space with this name. Raises Refused where there is none, or several."""
    found = [
        each
        for each in await reading.spaces.all()
        if fold(each.name) == fold(name)
        and (organisation is None or fold(each.organisation) == fold(organisation))
    ]
    match found:
        case [one]:
            return one
        case []:
            raise Refused(f"No space is called {name}. `wavepost spaces list` lists them all.")
    owners = ", ".join(each.organisation for each in found)
    raise Refused(f"Several are called {name}: of {owners}. Say whose with --organisation.")


async def _all(store: Store) -> tuple[list[Space], dict[UUID, int]]:
    async with store.reading(consistent=True) as reading:
        every = await reading.spaces.all(open_only=False)
        return every, await space_sizes(reading.connection, [each.id for each in every])


def _all_of_them(every: list[Space], sizes: dict[UUID, int]) -> Table:
    table = Table("Organisation", "Space", "People", "Downloads", "")
    for each in every:
        way = "through Wavepost" if each.row.is_proxied else "from the store"
        ended = "" if each.is_open else "closed"
        names = (escape(each.organisation), escape(each.name))
        table.add_row(*names, str(sizes[each.id]), way, ended)
    return table
