"""What other parameters would do to the portfolio as it is now: all locations scored twice."""

from datetime import date

from handlers.jobs import InChild
from rules.effects import Effects, effects
from rules.parameters import Parameters
from rules.question import Material
from store.planning import Planning
from store.session import Reading


async def effects_of(
    reading: Reading, before: Parameters, after: Parameters, *, compute: InChild
) -> Effects:
    """What changes from some parameters to others; `compute` runs what takes long, away from here."""
    today = (await reading.clock.now()).date()
    planning = Planning(reading.connection)
    now = await planning.material(today, before)
    # How many weeks tell a location's pace is asked of the database.
    same_pace = before.silence.cadence_weeks == after.silence.cadence_weeks
    then = now if same_pace else await planning.material(today, after)
    return await compute(_compared, (now, before), (then, after), today)


def _compared(
    now: tuple[Material, Parameters], then: tuple[Material, Parameters], today: date
) -> Effects:
    (old, before), (new, after) = now, then
    _, was = old.weighed(today, before)
    _, is_ = new.weighed(today, after)
    return effects(was.locations["customer_id"], was.scores, is_.scores)
