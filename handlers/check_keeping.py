"""Keeping checks: the step that each verdict is, and revisions of what was judged before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from handlers.check_words import sentence
from handlers.running import take_steps
from handlers.wave_turn import WAVEPOST, Wish
from rules.location_life import State, Step, Who
from rules.looks import look_day
from rules.parameters import Parameters
from rules.verdicts import Check, Verdict, revision
from store.checks import Kept, Watched, check_of
from store.session import Transaction


@dataclass(frozen=True, slots=True)
class Judged:
    """A location as it was when it was judged, and what was found."""

    watched: Watched
    check: Check

    @property
    def step(self) -> Step:
        """The step that the verdict is."""
        if self.check.is_for_a_person:
            return Step.ask
        return {
            Verdict.passed: Step.passes,
            Verdict.failed: Step.misses,
            Verdict.inconclusive: Step.look_again,
        }[self.check.verdict]

    def look_on(self, parameters: Parameters) -> date | None:
        """The day of the next look; None where this one told enough, or a person decides."""
        if self.step is not Step.look_again:
            return None
        return look_day(self.watched.since, self.check.look + 1, parameters)


async def keep_checks(
    tx: Transaction,
    week: date,
    judged: Sequence[Judged],
    parameters: Parameters,
    *,
    batch: UUID,
) -> int:
    """Keep what was found of locations of a wave, and take the steps that follow; how many were kept.

    The wave is held first, so of two who judge the same the second finds it changed and keeps nothing.
    A look that was judged before is revised where its figures are others; a step follows where the
    verdict is another one, except where a person accepted the location.
    """
    await tx.waves.get(week, for_change=True)
    ids = [each.watched.location_id for each in judged]
    rows = {row.location_id: row for row in await tx.wave_locations.of(week, ids)}
    before = await tx.checks.latest(week, ids)
    kept, steps = [], []
    for each in judged:
        watched, check = each.watched, each.check
        if rows[watched.location_id].version != watched.version:
            continue
        last = before.get(watched.location_id) if check.look == watched.looks else None
        revised = revision(check_of(last), check) if last else None
        if last and not revised:
            continue
        kept.append(Kept(watched, check, last.id if last else None))
        is_news = revised is None or revised.is_another
        if is_news and watched.state is not State.accepted:
            steps.append(_wish(each, parameters, is_revised=revised is not None))
    if steps:
        outcome = await take_steps(tx, week, steps, by=WAVEPOST, who=Who.wavepost, batch=batch)
        refused = {each.location_id for each in outcome.refused}
        kept = [each for each in kept if each.watched.location_id not in refused]
    if kept:
        await tx.checks.keep(kept, at=await tx.clock.now(), batch=batch)
    return len(kept)


def _wish(judged: Judged, parameters: Parameters, *, is_revised: bool) -> Wish:
    check = judged.check
    return Wish(
        judged.watched.location_id,
        judged.step,
        sentence(check),
        version=judged.watched.version,
        details={
            "look": check.look,
            "day": check.look * parameters.checks.look_days,
            "verdict": check.verdict.name,
            "is_revised": is_revised,
        },
        noted={
            "looks": check.look,
            "look_on": judged.look_on(parameters),
            "verdict": int(check.verdict),
            "why": int(check.why),
        },
    )
