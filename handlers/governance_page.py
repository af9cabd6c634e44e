"""The page of who decides what, and where the migration is: made from the doors and from the data."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from handlers.duty import Duty, duty
from handlers.page_doors import page
from handlers.pages import Answer, shown
from handlers.rights import RIGHTS, givers
from handlers.triage import amount
from handlers.visit import Visit
from rules.calendar import start_of_week
from rules.progress import Progress, Wave
from rules.roles import Role
from rules.stages import Planned, Stage, Step, newest, steps
from store.imports import CameIn
from store.plan_versions import PlanVersion
from store.scores import Scoring
from store.session import Reading, Store

MOST_NAMED = 12
PEOPLE = (Role.lead, Role.approver, Role.admin)
"""The roles whose holders are named: they decide for everybody."""


@dataclass(frozen=True, slots=True)
class Deciders:
    """The names of the first of those who hold a role, and how many more there are."""

    names: tuple[str, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Process:
    """Where the migration is, and what each stage last saw."""

    steps: tuple[Step, ...]
    progress: Progress
    came_in: CameIn | None
    scoring: Scoring | None
    draft: PlanVersion | None
    in_force: PlanVersion | None
    today: date

    @property
    def newest(self) -> Stage | None:
        """The last stage that anything has come to."""
        return newest(self.steps)

    @property
    def this_wave(self) -> Wave | None:
        """The wave of this week, if there is one."""
        return self.progress.of_week(start_of_week(self.today))

    @property
    def next_wave(self) -> Wave | None:
        """The first wave of a later week."""
        return self.progress.next_after(start_of_week(self.today))

    @property
    def undecided(self) -> int:
        """How many locations wait for a person to judge them."""
        return self.progress.went.undecided if self.progress.went else 0


@page("/governance", role=Role.viewer)
async def show(visit: Visit, store: Store) -> Answer:
    """Who decides what, and where the process is now."""
    async with store.reading(consistent=True) as reading:
        process = await process_of(reading, visit.today)
        on_duty = await duty(reading, visit.now)
        deciders = await deciders_of(reading)
    return shown(
        "governance",
        visit,
        process=process,
        rights=RIGHTS,
        people=PEOPLE,
        deciders=deciders,
        givers=givers(),
        on_duty=on_duty,
        answered=answered_within(on_duty),
    )


async def process_of(reading: Reading, today: date) -> Process:
    """Where the migration is now."""
    progress = await reading.migration.progress()
    scoring = await reading.scores.newest()
    draft, in_force = await reading.plans.draft(), await reading.plans.in_force()
    plan = draft or in_force
    planned = Planned(plan.placed, plan.unplaced) if plan else Planned()
    reached = steps(progress, scored=scoring.locations if scoring else 0, planned=planned)
    came_in = await reading.imports.newest_master()
    return Process(reached, progress, came_in, scoring, draft, in_force, today)


async def deciders_of(reading: Reading) -> Mapping[Role, Deciders]:
    """Who may decide what needs each of these roles, by name."""
    named = {
        role: [each.name for each in await reading.roles.members_who_may(role)] for role in PEOPLE
    }
    return {
        role: Deciders(tuple(names[:MOST_NAMED]), len(names[MOST_NAMED:]))
        for role, names in named.items()
    }


def answered_within(on_duty: Duty) -> str:
    """How soon an escalation is answered, in words."""
    clocks = on_duty.triage.clocks
    normal, urgent = amount(clocks.normal_days, "working day"), amount(clocks.urgent_hours, "hour")
    return f"{normal}, an urgent one within {urgent}"
