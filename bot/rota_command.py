"""`wavepost rota`: who is on duty for escalations, who takes turns, and who stands in."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer
from rich.markup import escape
from rich.table import Table

from bot.terminal import console, operator, with_store
from handlers.blocks import day
from handlers.duty import Duty, duty
from handlers.roles import addressed
from handlers.rota import WEEKS_AHEAD, days_of
from handlers.rota_form import stand_in, take_back, take_turns
from store.session import Store

Day = Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD")]

rota = typer.Typer(
    help="Who is on duty for escalations, who takes turns, and who stands in.",
    invoke_without_command=True,
)


@rota.callback()
def show(ctx: typer.Context) -> None:
    """Who is on duty for escalations now, and in the next weeks."""
    if ctx.invoked_subcommand is None:
        _say(with_store(_now))


@rota.command("set")
def set_turns(
    people: Annotated[list[str], typer.Argument(metavar="E-MAIL …", help="In the order of turns.")],
) -> None:
    """Let these leads take turns, a week each; the first has this week."""

    async def work(store: Store) -> Duty:
        async with store.transaction(actor=operator()) as tx:
            await take_turns(tx, [(await addressed(tx, person)).id for person in people])
            return await duty(tx, await tx.clock.now())

    _say(with_store(work))


@rota.command("stand-in")
def let_stand_in(
    person: Annotated[str, typer.Argument(metavar="E-MAIL")], first: Day, last: Day
) -> None:
    """Let a lead be on duty from one day to another, both included, whoever's week it is."""

    async def work(store: Store) -> Duty:
        async with store.transaction(actor=operator()) as tx:
            holder = await addressed(tx, person)
            await stand_in(tx, holder.id, first.date(), last.date())
            return await duty(tx, await tx.clock.now())

    _say(with_store(work))


@rota.command("take-back")
def take_back_stand_in(
    number: Annotated[int, typer.Argument(help="As wavepost rota shows it.")],
) -> None:
    """Let somebody not stand in after all."""

    async def work(store: Store) -> Duty:
        async with store.transaction(actor=operator()) as tx:
            await take_back(tx, number)
            return await duty(tx, await tx.clock.now())

    _say(with_store(work))


async def _now(store: Store) -> Duty:
    async with store.reading(consistent=True) as reading:
        return await duty(reading, await reading.clock.now())


def _say(on_duty: Duty) -> None:
    person = on_duty.on_duty
    named = f"{on_duty.names[person]} is" if person else "Nobody is"
    console.print(f"{named} on duty.", markup=False)
    zone = ZoneInfo(on_duty.triage.zone)
    turns = Table("From", "Who")
    for turn in on_duty.rota.coming(on_duty.now, WEEKS_AHEAD):
        name = on_duty.names.get(turn.person, f"{turn.person}, who may not decide any more")
        turns.add_row(day(turn.begins.astimezone(zone).date()), escape(name))
    if turns.row_count:
        console.print(turns)
    stand_ins = Table("Stand-in", "Who", "From", "To")
    for each in on_duty.stand_ins:
        told = days_of(each.override, zone)
        name = on_duty.names.get(each.override.person, each.override.person)
        stand_ins.add_row(str(each.id), escape(name), day(told.first), day(told.last))
    if stand_ins.row_count:
        console.print(stand_ins)
