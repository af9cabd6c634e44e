"""The parameters of scores and forecasts, in groups; `rules.parameters` has them all."""

from typing import Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field, model_validator

NEARLY = 1e-9
"""Ten tenths add up to 1 but for the rounding of their sum."""


class Group(BaseModel):
    """Numbers that belong together; nothing else than what is named is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Weights(Group):
    """Shares of a whole; they must add up to 1."""

    @model_validator(mode="after")
    def _add_up_to_one(self) -> Self:
        given: dict[str, float] = self.model_dump()
        total = sum(given.values())
        if abs(total - 1) > NEARLY:
            names = ", ".join(f"{name} {weight:g}" for name, weight in given.items())
            raise ValueError(
                f"The weights must add up to 1, and these add up to {total:g}: {names}. "
                f"{'Lower' if total > 1 else 'Raise'} them by {abs(total - 1):.3g} in all."
            )
        return self

    def as_array(self) -> npt.NDArray[np.float64]:
        """The weights in the order of the fields: f64[fields]."""
        return np.array(list(self.model_dump().values()), dtype=np.float64)


class Silence(Group):
    """When a location that is silent counts as inactive or churned."""

    usual_orders: float = Field(
        default=0.5,
        gt=0,
        le=1_000,
        title="Assumed orders before",
        description="Orders assumed of every location before its first, so that few orders "
        "prove little.",
    )
    usual_days: float = Field(
        default=1.0,
        gt=0,
        le=1_000,
        title="Assumed days before",
        description="The days in which those assumed orders came.",
    )
    cadence_weeks: int = Field(
        default=8,
        ge=1,
        le=3_650,
        title="Weeks that show the pace",
        description="A location's own pace is that of the weeks up to its last order.",
    )
    inactive_chance: float = Field(
        default=0.001,
        gt=0,
        lt=1,
        title="Chance below which silence means inactive",
        description="How likely a silence as long may be at the location's own pace.",
    )
    inactive_days: int = Field(
        default=7,
        ge=1,
        le=3_650,
        title="Least silence of the inactive",
        description="Nobody is inactive after fewer days without an order.",
    )
    churned_chance: float = Field(
        default=0.0001,
        gt=0,
        lt=1,
        title="Chance below which silence means churned",
        description="How likely a silence as long may be at the location's own pace.",
    )
    churned_days: int = Field(
        default=28,
        ge=1,
        le=3_650,
        title="Least silence of the churned",
        description="Nobody is churned after fewer days without an order.",
    )
    surely_inactive_days: int = Field(
        default=60,
        ge=1,
        le=3_650,
        title="Inactive at any pace",
        description="So many days without an order are inactive, however rare orders were.",
    )
    surely_churned_days: int = Field(
        default=180,
        ge=1,
        le=3_650,
        title="Churned at any pace",
        description="So many days without an order are churned, however rare orders were.",
    )
    first_order_days: int = Field(
        default=28,
        ge=1,
        le=3_650,
        title="Time for the first order",
        description="Who has not ordered so many days after signing up is inactive.",
    )
    snapshot_inactive_days: int = Field(
        default=14,
        ge=1,
        le=3_650,
        title="Inactive without a known pace",
        description="Days without an order where nothing shows how often the location ordered.",
    )
    snapshot_churned_days: int = Field(
        default=60,
        ge=1,
        le=3_650,
        title="Churned without a known pace",
        description="Days without an order where nothing shows how often the location ordered.",
    )

    @model_validator(mode="after")
    def _churned_comes_after_inactive(self) -> Self:
        pairs = (
            ("churned_days", "inactive_days"),
            ("surely_churned_days", "surely_inactive_days"),
            ("snapshot_churned_days", "snapshot_inactive_days"),
            ("inactive_chance", "churned_chance"),
        )
        for larger, smaller in pairs:
            if getattr(self, larger) < getattr(self, smaller):
                raise ValueError(
                    f"{larger} ({getattr(self, larger):g}) must be at least {smaller} "
                    f"({getattr(self, smaller):g}), or who is churned was never inactive. "
                    f"Change one of them."
                )
        return self


class HealthWeights(Weights):
    """How much each component counts in the health score; they add up to 1."""

    reliability: float = Field(
        default=0.40, ge=0, title="Reliability", description="Orders that were not missed."
    )
    cancellations: float = Field(
        default=0.15, ge=0, title="Cancellations", description="Orders that were not cancelled."
    )
    activity: float = Field(
        default=0.20, ge=0, title="Activity", description="No longer silent than is usual for it."
    )
    trend: float = Field(
        default=0.15, ge=0, title="Trend", description="As many orders as in the weeks before."
    )
    availability: float = Field(
        default=0.10, ge=0, title="Availability", description="Online while it is open."
    )


class Health(Group):
    """What the health score counts, and where its colours begin."""

    weights: HealthWeights = Field(
        default=HealthWeights(), title="Weights", description="The share of each component."
    )
    worst_missed: float = Field(
        default=0.20,
        gt=0,
        le=1,
        title="Worst rate of missed orders",
        description="The share of missed orders at which reliability is 0.",
    )
    worst_cancelled: float = Field(
        default=0.20,
        gt=0,
        le=1,
        title="Worst rate of cancelled orders",
        description="The share of cancelled orders at which cancellations are 0.",
    )
    usual_silence: float = Field(
        default=0.05,
        gt=0,
        le=1,
        title="Usual silence",
        description="A silence that is at least as likely as this takes no point from activity.",
    )
    trend_padding: float = Field(
        default=10.0,
        gt=0,
        le=1_000_000,
        title="Orders added to both months",
        description="So that a few orders more or less are no trend.",
    )
    worst_trend: float = Field(
        default=0.5,
        ge=0,
        lt=1,
        title="Worst trend",
        description="The share of the orders before at which the trend is 0.",
    )
    worst_availability: float = Field(
        default=0.5,
        ge=0,
        lt=1,
        title="Worst availability",
        description="The share of open hours online at which availability is 0.",
    )
    best_availability: float = Field(
        default=0.95,
        gt=0,
        le=1,
        title="Best availability",
        description="The share of open hours online at which availability is 100.",
    )
    green: float = Field(
        default=75.0, ge=0, le=100, title="Green from", description="The least score that is green."
    )
    amber: float = Field(
        default=50.0, ge=0, le=100, title="Amber from", description="Any score below it is red."
    )
    sure_orders: int = Field(
        default=30,
        ge=0,
        le=1_000_000,
        title="Orders to be sure",
        description="With fewer orders in 28 days the confidence is low.",
    )
    sure_components: int = Field(
        default=3,
        ge=1,
        le=5,
        title="Components to be sure",
        description="With fewer components the confidence is low.",
    )
    fitted_from: int = Field(
        default=200,
        ge=2,
        le=1_000_000,
        title="Locations that speak for themselves",
        description="From so many locations on, the usual rate is theirs and not assumed.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        pairs = (("green", "amber"), ("best_availability", "worst_availability"))
        for larger, smaller in pairs:
            if getattr(self, larger) <= getattr(self, smaller):
                raise ValueError(
                    f"{larger} ({getattr(self, larger):g}) must be more than {smaller} "
                    f"({getattr(self, smaller):g}). Change one of them."
                )
        return self


class PriorityWeights(Weights):
    """How much each part counts in the priority; they add up to 1."""

    benefit: float = Field(
        default=0.55, ge=0, title="Benefit", description="Missed orders that moving avoids."
    )
    health: float = Field(
        default=0.25, ge=0, title="Health", description="The health that the location lacks."
    )
    volume: float = Field(default=0.20, ge=0, title="Volume", description="Orders in a week.")


class Priority(Group):
    """What the priority counts, and what lifts or lowers it afterwards."""

    weights: PriorityWeights = Field(
        default=PriorityWeights(), title="Weights", description="The share of each part."
    )
    most_bump: float = Field(
        default=25.0,
        ge=0,
        le=100,
        title="Most points of an escalation",
        description="An approved escalation adds at most so many points.",
    )
    inactive_factor: float = Field(
        default=0.25,
        ge=0,
        le=1,
        title="Share of the inactive",
        description="What is left of the priority of a location that is inactive.",
    )
    punts_to_floor: int = Field(
        default=2,
        ge=1,
        le=1_000_000,
        title="Punts until the floor",
        description="So often we may move a customer back before it gets the floor.",
    )
    floor: float = Field(
        default=80.0,
        ge=0,
        le=100,
        title="Floor after punts",
        description="The least priority of a customer that we moved back too often.",
    )


class Forecasting(Group):
    """What a forecast assumes."""

    success: float = Field(
        default=0.8,
        ge=0,
        le=1,
        title="Usual success rate",
        description="The share of tries that succeed, before enough was tried to know it.",
    )
    certainty: float = Field(
        default=20.0,
        gt=0,
        le=1_000_000,
        title="Certainty of the success rate",
        description="As many moved locations as the success rate is known from.",
    )
    back_after_weeks: int = Field(
        default=2,
        ge=1,
        le=52,
        title="Weeks until another try",
        description="A location that failed is tried again after so many weeks.",
    )
    runs: int = Field(
        default=10_000,
        ge=100,
        le=100_000,
        title="Runs",
        description="How often the future is tried out; more runs are smoother and slower.",
    )
