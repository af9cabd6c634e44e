"""Whether what two plans cost can be set side by side: it adds up weights and weeks, which may be others."""

from rules.adjusting import Difference, differences
from rules.parameters import Parameters
from store.parameters import usable
from store.plan_versions import PlanVersion


def other_numbers(version: PlanVersion, now: Parameters) -> list[Difference]:
    """The parameters that a plan was made with and that are others now; what only forecasts use is none."""
    return [
        each
        for each in differences(usable(version.parameters), now)
        if not each.number.key.startswith("forecast.")
    ]


def why_incomparable(plan: PlanVersion, base: PlanVersion) -> str | None:
    """What sets a plan apart from one it is shown beside, as the end of "Plan 1 …"; None: nothing does."""
    if plan.first_monday != base.first_monday:
        return "began in another week"
    if other_numbers(base, usable(plan.parameters)):
        return "had other parameters"
    if plan.scoring_id != base.scoring_id or plan.scoring_id is None:
        return "was made from other figures"
    return None
