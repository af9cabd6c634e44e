"""`wavepost plan`: plan the waves from what was imported; draft, compare, publish, look at a past plan.

With --from it plans from sheets alone, see `bot.offline_plan`.
"""

import sys
from typing import Annotated

import typer

from bot.offline_plan import From, More, To, Today, plan_sheets_alone
from bot.plan_report import show_change, show_outcome, show_version
from bot.terminal import console, operator, with_store
from handlers.blocks import Words, as_typed
from handlers.drafting import keep_unless_same, nothing_new, wished
from handlers.errors import Refused
from handlers.plan_outcome import Outcome, Proposal, outcome_of
from handlers.planning import publish_first_plan
from handlers.plans import discard, known
from handlers.publishing import publish_unless_stale
from rules.waves import plan
from store.plan_versions import PlanVersion
from store.session import Store

STALE = 1


def plan_waves(  # noqa: PLR0913 - one argument per option
    more: More = None,
    *,
    draft: Annotated[
        bool, typer.Option("--draft", help="Only make a draft, and compare it; publish nothing.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", "--yes", "-y", help="Do not ask before publishing.")
    ] = False,
    show: Annotated[
        int | None, typer.Option("--show", metavar="N", min=1, help="Show plan N as it was.")
    ] = None,
    put_aside: Annotated[
        bool, typer.Option("--discard", help="Put the draft that is open aside.")
    ] = False,
    sheets: From = None,
    workbook: To = None,
    today: Today = None,
) -> None:
    """Plan the waves from what was imported, and publish the dates that come out.

    The first plan is published at once. Later ones are drafts first: compared with the plan in
    force, and published when you say so. Nobody hears of a draft.

    Ends with 0, or with 1 when a draft was not published because something changed meanwhile, and
    2 when nothing could be done.

    With --from and --to it plans from sheets alone, without a database, and writes a workbook that
    nobody is told of; it then ends with 1 when rows had to be left out.
    """
    if sheets or workbook or more or today:
        plan_sheets_alone([*(sheets or []), *(more or [])], workbook, today)
        return
    if show is not None:
        _show(show)
        return
    if put_aside:
        console.print(with_store(_discard), highlight=False)
        return
    if not draft and with_store(_in_force) is None:
        show_outcome(with_store(_first))
        return
    number = _drafted()
    if number and not draft and (publish or _agrees(number)):
        _publish(number)


async def _in_force(store: Store) -> PlanVersion | None:
    async with store.reading() as reading:
        return await reading.plans.in_force()


async def _first(store: Store) -> Outcome:
    async with store.transaction(actor=operator()) as tx:
        today = (await tx.clock.now()).date()
        parameters = await tx.parameters.current()
        return await publish_first_plan(tx, today=today, parameters=parameters)


def _drafted() -> int | None:
    """Make a draft and compare it; its number, unless it would change nothing."""

    async def work(store: Store) -> tuple[PlanVersion | None, PlanVersion | None, Proposal]:
        wish = await wished(store)
        proposal = Proposal.of(wish.question, plan(wish.question.problem))
        async with store.transaction(actor=operator()) as tx:
            return *await keep_unless_same(tx, wish, proposal), proposal

    with console.status("Looking for weeks …"):
        base, version, proposal = with_store(work)
    if version is None:
        console.print(_plain(nothing_new(base)), highlight=False)
        return None
    outcome = outcome_of(proposal, version.id, is_new=True)
    show_change(outcome, base)
    console.print(
        f"Draft {version.id} is kept; nobody has heard of it. To see it again: "
        f"wavepost plan --show {version.id}",
        highlight=False,
    )
    return version.id


def _agrees(number: int) -> bool:
    if not (sys.stdin and sys.stdin.isatty()):
        console.print(
            "Nobody can be asked here. To publish what is drafted anew: wavepost plan --publish",
            highlight=False,
        )
        return False
    return typer.confirm(f"Publish draft {number}?")


def _publish(number: int) -> None:
    async def work(store: Store) -> tuple[str, list[str]]:
        async with store.transaction(actor=operator()) as tx:
            published = await publish_unless_stale(tx, number)
            return published.words, list(published.why_not)

    words, why_not = with_store(work)
    for line in (words, *why_not):
        console.print(_plain(line), highlight=False, markup=False)
    if why_not:
        raise typer.Exit(STALE)


def _show(number: int) -> None:
    async def work(store: Store) -> tuple[PlanVersion, Outcome | None]:
        async with store.reading(consistent=True) as reading:
            version = await reading.plans.get(number)
            if version is None:
                newest = await reading.plans.in_force()
                words = Words("plan", number=number, newest=newest.id if newest else None)
                raise Refused(words["unknown"])
            shown = await known(reading, version)
            return version, shown.outcome if shown else None

    show_version(*with_store(work))


async def _discard(store: Store) -> str:
    async with store.transaction(actor=operator()) as tx:
        version = await tx.plans.draft()
        if version is None:
            return "No draft is open, so nothing was changed."
        return _plain(await discard(tx, version.id) or "")


def _plain(words: str) -> str:
    """Words of Slack as a terminal shows them."""
    return as_typed(words).replace("*", "").replace("\N{NO-BREAK SPACE}", " ")
