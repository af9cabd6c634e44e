"""Weighing an escalation: whom it would displace, worked out before anybody decides."""

from dataclasses import dataclass
from datetime import date

from handlers.escalation_jobs import WEIGH
from handlers.jobs import Work, job
from handlers.triage_case import TRADEOFF
from handlers.triage_post import show
from rules.parameters import Parameters
from rules.question import Material
from rules.tradeoff import Tradeoff, Wished, tradeoffs
from store.escalations import Unweighed
from store.jobs import Json
from store.planning import Planning
from store.session import Reading, Transaction

AT_ONCE = 20
"""So many are worked out in one child process, and shown in one transaction."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What tells whether something was published or imported since: the plan in force, if any."""

    plan: int | None
    newest_import: int
    today: date


@dataclass(frozen=True, eq=False)
class Scene:
    """What an escalation is weighed against, as of one moment."""

    moment: Moment
    parameters: Parameters
    material: Material


@job(WEIGH, in_turn=True)
async def weigh(work: Work) -> None:
    """Weigh all that is not decided and was not weighed as things are now; what comes meanwhile too."""
    scene: Scene | None = None
    done = 0
    while True:
        async with work.store.reading(consistent=True) as reading:
            now = await moment_of(reading)
            unweighed, left = await reading.escalations.unweighed(now.plan, most=AT_ONCE)
            if unweighed and (scene is None or scene.moment != now):
                work.tell("Reading the plan", done, done + left)
                scene = await scene_of(reading)
        if scene is None or not unweighed:
            break
        work.tell("Looking who would make room", done, done + left)
        wishes = [Wished(each.location_ids, each.due_on) for each in unweighed]
        found = await work.in_child(tradeoffs, scene.material, wishes, now.today, scene.parameters)
        async with work.meanwhile() as tx:
            for each, told in sorted(zip(unweighed, found, strict=True), key=_number):
                await _keep(tx, each, scene, told)
        done += len(unweighed)
    async with work.ending():
        pass


def _number(weighed: tuple[Unweighed, Tradeoff]) -> int:
    """The order in which all hold several escalations."""
    return weighed[0].id


async def _keep(tx: Transaction, unweighed: Unweighed, scene: Scene, told: Tradeoff) -> None:
    """Keep what was worked out, unless it was decided or another day asked for; show what is news."""
    row = await tx.escalations.get(unweighed.id, for_change=True)
    if row is None or row.state.is_decided or row.weighed != unweighed.weighed:
        return
    kept = weighed(scene.moment.plan, unweighed.due_on, told)
    await tx.escalations.note(row.number, weighed=kept)
    before = row.weighed or {}
    if any(before.get(part) != kept[part] for part in ("due_on", "tradeoff")):
        await show(tx, row.number)


async def moment_of(reading: Reading) -> Moment:
    """The moment it is now."""
    version = await reading.plans.in_force()
    newest_import = await Planning(reading.connection).newest_import()
    today = (await reading.clock.now()).date()
    return Moment(version.id if version else None, newest_import, today)


async def scene_of(reading: Reading) -> Scene:
    """All that is needed to weigh escalations now."""
    moment, parameters = await moment_of(reading), await reading.parameters.current()
    material = await Planning(reading.connection).material(moment.today, parameters)
    return Scene(moment, parameters, material)


def weighed(plan: int | None, due_on: date, told: Tradeoff) -> Json:
    """What was worked out on a plan, as it is kept with the escalation."""
    kept: Json = TRADEOFF.dump_python(told, mode="json")
    return {"plan": plan, "due_on": due_on.isoformat(), "tradeoff": kept}
