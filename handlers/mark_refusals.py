"""Why steps of locations could not be taken, in words: what stands in the way, and what is possible."""

from collections.abc import Mapping, Sequence

from handlers.blocks import Words, day, moment, who
from handlers.wave_marks import Hindered, WaveAsked
from handlers.wave_turn import Refusal
from rules.location_life import State, Step, Who, possible
from rules.mark_hindrances import Hindrance
from rules.naming import fold
from rules.wave_life import State as WaveState
from rules.wording import or_listed
from store.location_runs import LocationStep
from store.session import Reading
from store.wave_rows import WaveStepRow

CALLED = {
    Who.csa: "a CSA",
    Who.lead: "a lead",
    Who.approver: "an approver",
    Who.wavepost: "Wavepost itself",
}
OF_THE_WAVE = frozenset({Hindrance.paused, Hindrance.not_while})


async def worded(
    reading: Reading, asked: WaveAsked, hindered: Sequence[Hindered]
) -> tuple[Refusal, ...]:
    """The refusal of each step that could not be taken, in their order."""
    if not hindered:
        return ()
    week = asked.wave.week
    ids = [each.wish.location_id for each in hindered if each.row]
    last = await reading.wave_locations.last_steps(week, ids)
    wave_steps = await reading.waves.steps(week)
    of_wave = wave_steps[-1] if wave_steps else None
    people = {step.by for step in last.values()} | {step.by for step in wave_steps[-1:]}
    names = await reading.called.people(sorted(people))
    return tuple(
        _refusal(asked, each, last.get(each.wish.location_id), of_wave, names) for each in hindered
    )


def _refusal(
    asked: WaveAsked,
    hindered: Hindered,
    last: LocationStep | None,
    of_wave: WaveStepRow | None,
    names: Mapping[str, str],
) -> Refusal:
    hindrance = _told(hindered, last)
    told = of_wave if hindrance in OF_THE_WAVE else last
    wish, row, where = hindered.wish, hindered.row, hindered.where
    values = {
        "kind": hindrance,
        "step": wish.step,
        "name": where.name or wish.location_id,
        "where": where,
        "wave": asked.wave,
        "state": row.state if row else "",
        "cause": wish.words,
        "on": wish.on,
        "may": _who_may(asked, hindered) if hindrance is Hindrance.not_theirs else "",
        "last": told,
    }
    at = told.at if told else None
    marked = Words(
        "mark_refused", **values, by=who(told.by) if told else "", at=moment(at) if at else ""
    )
    written = Words(
        "mark_refused",
        **values,
        by=names[told.by] if told else "",
        at=f"{day(at.date())} at {at:%H:%M} UTC" if at else "",
    )
    return Refusal(wish.location_id, hindrance, marked, written)


def _told(hindered: Hindered, last: LocationStep | None) -> Hindrance:
    """What is told: a location that failed already says nothing new only by the same cause."""
    is_other = (
        hindered.hindrance is Hindrance.done
        and hindered.wish.step is Step.fail
        and last is not None
        and fold(hindered.wish.words) != fold(last.words)
    )
    return Hindrance.other_cause if is_other else hindered.hindrance


def _who_may(asked: WaveAsked, hindered: Hindered) -> str:
    """In which parts the step may be taken, in words."""
    state = hindered.row.state if hindered.row else State.planned
    wave = WaveState(asked.wave.state)
    parts = [each for each in Who if hindered.wish.step in possible(state, each, wave)]
    return or_listed(CALLED[each] for each in parts)
