"""Every number of the rules that a team may want to change, with the words people see for it."""

from typing import Self

from pydantic import Field, model_validator

from rules.groups import Forecasting, Group, Health, Priority, Silence
from rules.guards import Brake, Checks, WayBack


class Parameters(Group):
    """The numbers that decide scores and plans; stored with each, and shown in the field's words."""

    weeks: int = Field(
        default=52, ge=1, le=520, title="Horizon", description="How many weeks a plan looks ahead."
    )
    default_capacity: int = Field(
        default=20,
        ge=0,
        le=100_000,
        title="Usual capacity",
        description="How many locations a CSA can move in a week when nobody said otherwise.",
    )
    pilot_weeks: int = Field(
        default=3,
        ge=0,
        le=520,
        title="Pilot weeks",
        description="The first weeks, kept for small customers that miss few orders.",
    )
    frozen_weeks: int = Field(
        default=1,
        ge=0,
        le=520,
        title="Frozen weeks",
        description="Promises in the next so many weeks stay, unless a person moves them.",
    )
    tardiness: float = Field(
        default=6.0,
        ge=0,
        le=1_000,
        title="Price of being late",
        description="What a week after an escalation's due date costs, next to a week of waiting.",
    )
    move_cost: float = Field(
        default=4.0,
        ge=0,
        le=1_000,
        title="Price of a moved promise",
        description="What moving one promised location costs, in weeks of an average location.",
    )
    blackout_days: int = Field(
        default=2,
        ge=1,
        le=4,
        title="Days that close a week",
        description="A week is closed when so many of its days from Monday to Thursday are "
        "in a blackout.",
    )
    tentative_after_weeks: int = Field(
        default=8,
        ge=1,
        le=520,
        title="Dates that may still change",
        description="A date further away than so many weeks is called tentative.",
    )
    prior_missed: float = Field(
        default=2.0,
        ge=0,
        le=1_000_000,
        title="Assumed missed orders",
        description="Missed orders (and cancelled ones) added to every location, so that small "
        "numbers do not shout.",
    )
    prior_orders: float = Field(
        default=50.0,
        gt=0,
        le=1_000_000,
        title="Assumed orders",
        description="Orders added to every location, so that small numbers do not shout.",
    )
    missed_reduction: float = Field(
        default=0.6,
        ge=0,
        le=1,
        title="Missed orders avoided",
        description="The share of missed orders that the new system is expected to avoid.",
    )
    silence: Silence = Field(
        default=Silence(),
        title="Silence",
        description="When a location that is silent counts as inactive or churned.",
    )
    health: Health = Field(
        default=Health(),
        title="Health",
        description="What the health score counts, and where its colours begin.",
    )
    priority: Priority = Field(
        default=Priority(),
        title="Priority",
        description="What the priority counts, and what lifts or lowers it afterwards.",
    )
    forecast: Forecasting = Field(
        default=Forecasting(), title="Forecast", description="What a forecast assumes."
    )
    checks: Checks = Field(
        default=Checks(),
        title="Checks",
        description="When a location that moved counts as well, or as worse off.",
    )
    brake: Brake = Field(
        default=Brake(),
        title="Brake",
        description="When a wave is stopped because too many of its locations fail.",
    )
    rollback: WayBack = Field(
        default=WayBack(), title="Rollback", description="How long there is a way back."
    )

    @model_validator(mode="after")
    def _can_be_together(self) -> Self:
        if self.prior_missed > self.prior_orders:
            raise ValueError(
                f"prior_missed ({self.prior_missed:g}) must be no more than prior_orders "
                f"({self.prior_orders:g}): an order is missed once. Change one of them."
            )
        if self.health.usual_silence <= self.silence.churned_chance:
            raise ValueError(
                f"health.usual_silence ({self.health.usual_silence:g}) must be more than "
                f"silence.churned_chance ({self.silence.churned_chance:g}), where activity is 0. "
                f"Change one of them."
            )
        return self
