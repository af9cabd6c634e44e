"""The page of a wave: where it stands, its locations, and the forms that mark them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from handlers.errors import NotThere, Refused
from handlers.lists import Page
from handlers.mark_form import ASKS, CAUSE, LOST, MEANT, NEW, WORDS
from handlers.marking import MOST_REFUSED, Mark, Marked, mark_all
from handlers.page_doors import form, page
from handlers.pages import Answer, GoTo, moment, shown, turns
from handlers.visit import Visit
from handlers.wave_shown import standing_of
from handlers.wave_words import BUTTONS, GROUPS, Standing, stands
from rules.catalogue import Cause, meant
from rules.location_life import Step
from rules.naming import is_said
from rules.roles import Role
from rules.wave_day import BY_HAND, Group, first_looked_for, marks
from store.session import Reading, Store, Transaction
from store.wave_day import Line, Which

SIZE = 50
MINE = "mine"
AT = "at:"
MOST_DIGITS = 9
STEP, ASKED = "step", "asked"
NO_WAVE = "No wave has this address. That of one ends with the Monday of its week, as in /wave/2022-01-10."
NO_SUCH_STEP = "This page marks nothing like that, so nothing was changed. Please open it anew."
NOTHING_TICKED = "Tick the locations that you mean, then press again. Nothing was changed."
CAUSE_MISSING = "Say in a few words why it failed, then press again. Nothing was changed."
WORDS_MISSING = {
    Step.try_again: "Say what was done about it, then press again. Nothing was changed.",
    Step.unmark: "Say why the mark was wrong, then press again. Nothing was changed.",
    Step.give_back: "Say why it does not go in this wave, then press again. Nothing was changed.",
}


@dataclass(frozen=True)
class Sent:
    """What a form of the page brought, for the page that answers it: it stays filled in until it is done."""

    step: Step | None = None
    ticked: frozenset[str] = frozenset()
    words: str = ""
    lost_orders: bool = False
    problem: str = ""
    alike: Sequence[Cause] = ()
    marked: Marked | None = None


NOTHING = Sent()


@page("/wave", role=Role.viewer)
async def current(visit: Visit, store: Store) -> Answer:
    """The wave that is under way, or comes next."""
    async with store.reading(consistent=True) as reading:
        weeks = await reading.wave_day.weeks(await reading.schedules.weeks())
        if not weeks:
            raise NotThere(NO_WAVE)
        week = first_looked_for(weeks, await reading.wave_day.under_way(), visit.today)
    return GoTo(f"/wave/{week}")


@page("/wave/{week:path}", role=Role.viewer)
async def look(visit: Visit, store: Store) -> Answer:
    """One wave."""
    async with store.reading(consistent=True) as reading:
        return await _shown(reading, visit)


@form("/wave/{week:path}", role=Role.csa)
async def mark(visit: Visit, store: Store) -> Answer:
    """The locations that are ticked are marked; the page says what became of each."""
    async with store.transaction(actor=visit.person.id) as tx:
        return await _shown(tx, visit, await _marked(tx, visit))


async def _marked(tx: Transaction, visit: Visit) -> Sent:
    """Mark what a form names, unless something of it is missing or unclear."""
    step = _step(visit)
    at = [
        (name.removeprefix(AT), _version(version))
        for name, version in visit.form.items()
        if name.startswith(AT)
    ]
    words = " ".join(visit.form.get(CAUSE if step is Step.fail else f"{WORDS}:{step}", "").split())
    sent = Sent(step, frozenset(id_ for id_, _ in at), words, LOST in visit.form)
    if not at:
        return replace(sent, problem=NOTHING_TICKED)
    if step is not Step.migrate and not is_said(words):
        return replace(sent, problem=WORDS_MISSING.get(step, CAUSE_MISSING))
    wished = Mark(step, at, words=words, lost_orders=sent.lost_orders)
    if step is Step.fail:
        # Who types something else after being asked means that.
        named = visit.form.get(MEANT, "") if visit.form.get(ASKED) == words else ""
        causes = {each.id: each for each in await tx.wave_day.causes()}
        if named in causes:
            wished = replace(wished, cause=int(named), words="")
        elif named != NEW and (alike := meant(words, causes.values()).alike):
            return replace(sent, alike=alike)
    marked = await mark_all(tx, week_of(visit), wished, by=visit.person)
    return Sent(marked=marked)


def _step(visit: Visit) -> Step:
    """Which button was pressed.

    Raises:
        Refused: none of ours.
    """
    named = next((step for step in BY_HAND if step == visit.form.get(STEP)), None)
    if named is None:
        raise Refused(NO_SUCH_STEP)
    return named


def _version(written: str) -> int:
    """The version of a location that was ticked.

    Raises:
        Refused: the page does not write such a one.
    """
    if not written.isdecimal() or len(written) > MOST_DIGITS:
        raise Refused(NO_SUCH_STEP)
    return int(written)


def week_of(visit: Visit) -> date:
    """The Monday that the address names.

    Raises:
        NotThere: it names none.
    """
    try:
        return date.fromisoformat(visit.named["week"])
    except ValueError:
        raise NotThere(NO_WAVE) from None


async def _shown(reading: Reading, visit: Visit, sent: Sent = NOTHING) -> Answer:
    standing = await standing_of(reading, week_of(visit), visit.person)
    if not standing.counts.total and not standing.is_started:
        raise NotThere(NO_WAVE)
    group, csa = _group(visit), _csa(visit)
    lines = await _lines(reading, visit, standing, group, csa)
    possible = {
        line.location_id: marks(line.state, standing.row.state, visit.person.roles)
        for line in lines.items
        if standing.is_started
    }
    turn = standing.turn
    holder = await reading.roles.holder(turn.by) if turn else None
    words = standing.words(
        by=(holder.name if holder else turn.by) if turn else "",
        at=moment(turn.at, visit.zone) if turn else "",
    )
    offered = {step for steps in possible.values() for step in steps}
    return shown(
        "wave",
        visit,
        standing=standing,
        head=words.plain("head"),
        turn=words.plain("turn") if turn and turn.step != "announce" else "",
        brake=standing.brake.plain("stands") if standing.brake else "",
        counts=words.plain("counts"),
        lines=lines,
        stands={line.location_id: stands(line).plain("stands") for line in lines.items},
        line_turns=turns(visit, lines),
        possible=possible,
        buttons=[(step, BUTTONS[step]) for step in BUTTONS if step in offered],
        groups=[(each, GROUPS[each], standing.counts.of(each)) for each in Group],
        group=group,
        owners=await reading.wave_day.owners(standing.week) if standing.is_started else [],
        csa=visit.query.get("csa", ""),
        causes=await reading.wave_day.causes() if Step.fail in offered else [],
        sent=sent,
        asks=ASKS,
        is_all_ticked=visit.query.get("ticked") == "all",
        tick_all=visit.at(ticked="all"),
        tick_none=visit.at(ticked=None),
        here=visit.at(ticked=None),
        refused=_refused(sent.marked),
    )


def _refused(marked: Marked | None) -> list[str]:
    """Why some were refused, by name."""
    return [each.plain for each in marked.refused[:MOST_REFUSED]] if marked else []


def _group(visit: Visit) -> Group:
    asked = visit.query.get("show", "")
    return Group(asked) if asked in set(Group) else Group.everything


def _csa(visit: Visit) -> str | None:
    """Whose locations are asked for; None: everybody's."""
    asked = visit.query.get("csa", "").lower()
    return (visit.person.email or "").lower() if asked == MINE else asked or None


async def _lines(
    reading: Reading, visit: Visit, standing: Standing, group: Group, csa: str | None
) -> Page[Line]:
    """The page of locations that is asked for; the last one where that is not there any more."""
    day, week, is_started = reading.wave_day, standing.week, standing.is_started
    counts = await day.counts(week, is_started=is_started, csa=csa) if csa else standing.counts
    total = counts.of(group)
    number = min(visit.page(), Page((), 0, total, SIZE).last)
    which = Which(csa, group.states, (visit.person.email or "").lower())
    lines = await day.page(week, which, is_started=is_started, skip=number * SIZE, most=SIZE)
    return Page(lines, number, total, SIZE)
