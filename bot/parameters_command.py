"""`wavepost parameters`: the numbers behind scores and plans, what others would do, and every version."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from bot.import_report import shown
from bot.terminal import console, give_up, operator, with_store
from handlers.blocks import day
from handlers.errors import Refused
from handlers.parameter_effects import effects_of
from handlers.parameter_versions import (
    SAME,
    Proposal,
    Standing,
    all_defaults,
    save,
    standing,
    start_over,
)
from handlers.parameter_words import changed_in, changes_of, effects_words
from rules.adjusting import (
    CHAPTERS,
    UnfitNumbers,
    differences,
    nearest_key,
    number,
    written,
)
from store.parameters import UnreadableParameters, Version
from store.session import Store

MOST_VERSIONS = 50
STAYED = "Nothing was saved."
PAIRS = (
    "Name parameters and their values in turn, as in: wavepost parameters set health.green 80. "
    "Nothing was changed."
)

Note = Annotated[str, typer.Option(help="Why; kept with the version.")]
Yes = Annotated[bool, typer.Option("--yes", help="Save without asking.")]

parameters = typer.Typer(
    help="The numbers behind scores and plans: show them, change them, see earlier versions.",
    invoke_without_command=True,
)


@parameters.callback()
def show(ctx: typer.Context) -> None:
    """The numbers behind scores and plans: show them, change them, see earlier versions."""
    if ctx.invoked_subcommand is None:
        show_all(with_store(_standing))


def show_all(now: Standing) -> None:
    """All numbers, in their groups."""
    for chapter in CHAPTERS:
        table = Table("Parameter", "Value", "Default", "What it is", title_justify="left")
        table.title = f"{chapter.title}: {chapter.description}"
        for each in chapter.numbers:
            value = each.of(now.parameters)
            style = "bold" if value != each.default else None
            table.add_row(
                each.key,
                Text(written(value), style=style or ""),
                written(each.default),
                f"{each.title}. {each.description} May be {each.allowed}.",
            )
        console.print(table)
    _say(_version_line(now.saved) if now.saved else "Nobody has saved parameters yet.")


@parameters.command("set")
def set_numbers(
    pairs: Annotated[
        list[str], typer.Argument(metavar="PARAMETER VALUE …", help="As in: health.green 80")
    ],
    *,
    note: Note = "",
    yes: Yes = False,
) -> None:
    """Change some of them, after a look at what that would do."""
    _propose(Proposal(_typed(pairs), note), yes=yes)


@parameters.command("reset")
def reset(*, note: Note = "", yes: Yes = False) -> None:
    """Go back to the defaults, after a look at what that would do."""
    if with_store(_is_readable):
        _propose(all_defaults(note), yes=yes)
        return
    _say("What counts now was saved by another version of Wavepost, so its effect cannot be shown.")
    _save(partial(_start_over, note), yes=yes)


@parameters.command("history")
def history() -> None:
    """Every version: who saved it, when, why, and what it changed."""

    async def work(store: Store) -> tuple[list[Version], int]:
        async with store.reading(consistent=True) as reading:
            return await reading.parameters.page(skip=0, most=MOST_VERSIONS + 1)

    versions, total = with_store(work)
    before = [*versions[1:], None]
    for version, older in list(zip(versions, before, strict=True))[:MOST_VERSIONS]:
        _say(_version_line(version))
        for line in changed_in(version, older):
            _say(f"  {line}")
    if total > MOST_VERSIONS:
        _say(f"and {total - MOST_VERSIONS:,} earlier ones")
    if not total:
        _say("Nobody has saved parameters yet.")


def _propose(proposal: Proposal, *, yes: bool) -> None:
    """Show what a proposal would do, and save it when told to."""
    based_on, changes, said = with_store(partial(_preview, proposal))
    if not changes:
        _say(SAME)
        return
    for line in (*changes, "", *said, ""):
        _say(line)
    open_ = Proposal(proposal.numbers, proposal.note, based_on)
    _save(partial(_keep, open_), yes=yes)


async def _preview(proposal: Proposal, store: Store) -> tuple[int, list[str], list[str]]:
    """The version that counts now, what would change, and what that would do."""
    async with store.reading(consistent=True) as reading:
        now = await standing(reading)
        try:
            wanted = proposal.applied_to(now.parameters)
        except UnfitNumbers as unfit:
            raise Refused(f"{unfit} {STAYED}") from unfit
        changes = changes_of(differences(now.parameters, wanted))
        if not changes:
            return now.version, [], []
        effects = await effects_of(reading, now.parameters, wanted, compute=asyncio.to_thread)
        return now.version, changes, await effects_words(reading, effects)


def _save(keep: Callable[[Store], Awaitable[int]], *, yes: bool) -> None:
    try:
        agreed = yes or typer.confirm("Save?")
    except typer.Abort:
        give_up(f"{STAYED} Where nobody can answer, add --yes.")
    if not agreed:
        _say(STAYED)
        return
    version = with_store(keep)
    _say(f"Saved as version {version}. The next plan uses it; dates stay until it is published.")


async def _keep(proposal: Proposal, store: Store) -> int:
    async with store.transaction(actor=operator()) as tx:
        version, _ = await save(tx, proposal)
        return version


async def _start_over(note: str, store: Store) -> int:
    async with store.transaction(actor=operator()) as tx:
        return await start_over(tx, note)


async def _standing(store: Store) -> Standing:
    async with store.reading() as reading:
        return await standing(reading)


async def _is_readable(store: Store) -> bool:
    try:
        await _standing(store)
    except UnreadableParameters:
        return False
    return True


def _typed(pairs: Sequence[str]) -> dict[str, str]:
    """What was typed, by key; gives up where a key is not known."""
    if len(pairs) % 2:
        give_up(PAIRS)
    typed = dict(zip(pairs[::2], pairs[1::2], strict=True))
    for key in typed:
        if number(key) is None:
            near = nearest_key(key)
            meant = f" Did you mean {near}?" if near else ""
            give_up(
                f"There is no parameter {shown(key)}.{meant} wavepost parameters lists them all."
            )
    return typed


def _version_line(version: Version) -> str:
    note = f": {version.note}" if version.note else ""
    return (
        f"Version {version.id}, saved by {version.saved_by} on {day(version.saved_at.date())}{note}"
    )


def _say(words: str) -> None:
    console.print(shown(words, keep="\n"), markup=False, highlight=False, soft_wrap=True)
