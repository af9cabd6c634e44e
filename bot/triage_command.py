"""`wavepost triage`: where escalations are decided, when the team works, and how long it may take."""

from datetime import datetime, time
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Table

from bot.terminal import console, operator, with_store
from handlers.blocks import day
from handlers.duty import Duty, duty
from handlers.triage import WEEKDAYS, amount, settings_line
from handlers.triage_settings import place_in, set_up
from rules.public_holidays import place
from store.session import Store, Transaction

triage = typer.Typer(
    help="Where escalations are decided, when the team works, and how long it may take.",
    invoke_without_command=True,
)


@triage.callback()
def show(ctx: typer.Context) -> None:
    """Where escalations are decided, when the team works, and how long it may take."""
    if ctx.invoked_subcommand is None:
        console.print(_table(*with_store(_now)))


@triage.command("set")
def set_triage(  # noqa: PLR0913 - one argument per option
    *,
    channel: Annotated[str | None, typer.Option(help="Where escalations are decided.")] = None,
    opens: Annotated[str | None, typer.Option(help="As in 09:00.")] = None,
    closes: Annotated[str | None, typer.Option(help="As in 17:00; 00:00 is midnight.")] = None,
    days: Annotated[str | None, typer.Option(help="As in Mon,Tue,Wed,Thu,Fri.")] = None,
    zone: Annotated[str | None, typer.Option(help="As in Europe/Berlin.")] = None,
    holidays: Annotated[
        str | None,
        typer.Option(help="Of a country, as in US, or a part of one, as in DE-BY; or none."),
    ] = None,
    urgent_hours: Annotated[float | None, typer.Option(help="For what is urgent.")] = None,
    normal_days: Annotated[float | None, typer.Option(help="Working days for the others.")] = None,
    quota: Annotated[int | None, typer.Option(help="Approvals in a month for each CSA.")] = None,
) -> None:
    """Change some of it; what is not named stays."""
    changes: dict[str, Any] = {
        "opens": _hour(opens),
        "closes": _hour(closes),
        "weekdays": _weekdays(days),
        "zone": zone,
        "holidays_of": "" if holidays == "none" else holidays,
    }
    numbers = {"urgent_hours": urgent_hours, "normal_days": normal_days}

    async def work(store: Store) -> Duty:
        async with store.transaction(actor=operator()) as tx:
            await _change(tx, changes, numbers, quota)
            if channel:
                await place_in(tx, channel)
            return await duty(tx, await tx.clock.now())

    if (
        channel is None
        and quota is None
        and not any(value is not None for value in (*changes.values(), *numbers.values()))
    ):
        raise typer.BadParameter("name at least one of them; wavepost triage set --help lists all.")
    saved = with_store(work)
    console.print(f"Saved. The team works {settings_line(saved.triage)}.", markup=False)


async def _change(
    tx: Transaction, changes: dict[str, Any], numbers: dict[str, float | None], quota: int | None
) -> None:
    """Save what was named, if anything was besides the channel."""
    now = (await tx.triage.now()).triage
    wanted = {name: value for name, value in changes.items() if value is not None}
    named = {name: value for name, value in numbers.items() if value is not None}
    if named:
        wanted["clocks"] = now.clocks.model_dump() | named
    if quota is not None:
        wanted["quotas"] = {"bumps_a_month": quota}
    if wanted:
        await set_up(tx, wanted)


async def _now(store: Store) -> tuple[Duty, str]:
    async with store.reading(consistent=True) as reading:
        on_duty = await duty(reading, await reading.clock.now())
        chosen = on_duty.triage.channel
        channel = await reading.channels.get(chosen) if chosen else None
        return on_duty, f"#{channel.name}" if channel else "the leads, as direct messages"


def _table(on_duty: Duty, channel: str) -> Table:
    triage = on_duty.triage
    off = triage.next_day_off(on_duty.now.date())
    table = Table("", "")
    person = on_duty.on_duty
    rows = {
        "Escalations go to": channel,
        "On duty": on_duty.names[person] if person else "nobody",
        "The team works": settings_line(triage),
        "Public holidays": place(triage.holidays_of).label
        if triage.holidays_of
        else "none are set",
        "The next one": f"{day(off[0])}, {off[1]}" if off else "none",
        "Normal ones within": amount(triage.clocks.normal_days, "working day"),
        "Urgent ones within": amount(triage.clocks.urgent_hours, "hour"),
        "Approvals a month": f"{triage.quotas.bumps_a_month} for each CSA",
    }
    for name, value in rows.items():
        table.add_row(name, escape(value))
    return table


def _hour(typed: str | None) -> time | None:
    if typed is None:
        return None
    try:
        return datetime.strptime(typed, "%H:%M").time()  # noqa: DTZ007 - an hour on a wall
    except ValueError as error:
        raise typer.BadParameter(f"{typed} is no time of day. Write it as in 09:00.") from error


def _weekdays(typed: str | None) -> tuple[int, ...] | None:
    if typed is None:
        return None
    names = {name.lower(): number for number, name in enumerate(WEEKDAYS)}
    days = [each.strip().lower()[:3] for each in typed.split(",")]
    unknown = [each for each in days if each not in names]
    if unknown:
        raise typer.BadParameter(f"{unknown[0]} is no day of the week. Write Mon,Tue,Wed.")
    return tuple(sorted({names[each] for each in days}))
