"""Why a step of a wave could not be taken, in words: where it stands, and who brought it there."""

from collections.abc import Sequence
from datetime import date

from handlers.blocks import Words, day, moment, who
from handlers.errors import Refused
from rules.life import StepRefused
from rules.wave_life import Taken
from store.session import Reading
from store.wave_rows import WaveStepRow


async def refusal(reading: Reading, week: date, refused: StepRefused) -> Refused:
    """The refusal of a step of a wave, for whoever wanted to take it."""
    taken: Taken = refused.taken
    last = _too_late_for(await reading.waves.steps(week), taken)
    values = {
        "kind": type(refused).__name__,
        "week": week,
        "state": refused.standing.state,
        "step": taken.step,
        "last": last,
        "is_own": last is not None and (last.step, last.by) == (taken.step, taken.by),
    }
    if last is None:
        words = Words("wave_refused", **values, by="", at="")
        return Refused(words["refused"], plain=words.plain("refused"))
    names = await reading.called.people([last.by])
    written = f"{day(last.at.date())} at {last.at:%H:%M} UTC"
    marked = Words("wave_refused", **values, by=who(last.by), at=moment(last.at))
    plain = Words("wave_refused", **values, by=names[last.by], at=written)
    return Refused(marked["refused"], plain=plain.plain("refused"))


def _too_late_for(steps: Sequence[WaveStepRow], taken: Taken) -> WaveStepRow | None:
    """The step that a refused one came too late for: one's own, where somebody presses twice."""
    since = [each for each in steps if each.version >= taken.version]
    own = [each for each in since if (each.step, each.by) == (taken.step, taken.by)]
    found = own or steps
    return found[-1] if found else None
