"""The parameters of what guards a wave: checks of its locations, its brake, and the way back."""

from typing import Self

from pydantic import Field, model_validator

from rules.groups import Group


class Checks(Group):
    """When a location that moved counts as well, or as worse off."""

    before_weeks: int = Field(
        default=4,
        ge=1,
        le=52,
        title="Weeks before the move",
        description="So many whole weeks before its move are what a location is compared with.",
    )
    look_days: int = Field(
        default=7,
        ge=1,
        le=91,
        title="Days between looks",
        description="A location that moved is judged whenever so many days have passed.",
    )
    looks: int = Field(
        default=4,
        ge=1,
        le=13,
        title="Looks",
        description="After so many looks without a verdict a person decides.",
    )
    certainty: float = Field(
        default=0.90,
        gt=0.5,
        lt=1,
        title="Certainty of a verdict",
        description="How sure each look has to be, on the one side that counts.",
    )
    pass_below: float = Field(
        default=0.01,
        gt=0,
        lt=1,
        title="Change that passes",
        description="Passed: the missed rate surely rose by less than this, next to the controls.",
    )
    fail_above: float = Field(
        default=0.02,
        gt=0,
        lt=1,
        title="Change that does not pass",
        description="Not passed: the missed rate surely rose by more than this, next to the "
        "controls.",
    )
    least_volume: float = Field(
        default=0.8,
        gt=0,
        le=1,
        title="Least volume",
        description="The share of its usual orders that has to remain, next to the controls.",
    )
    stopped_chance: float = Field(
        default=0.001,
        gt=0,
        lt=0.5,
        title="Chance below which orders stopped",
        description="How likely a silence since the move may be at the location's own pace.",
    )
    controls: int = Field(
        default=5,
        ge=1,
        le=50,
        title="Controls",
        description="At most so many locations that have not moved are compared with one that has.",
    )
    health_apart: float = Field(
        default=5.0,
        gt=0,
        le=100,
        title="Points between controls",
        description="A control's health is at most so many points from that of the location.",
    )
    volume_apart: float = Field(
        default=2.0,
        gt=1,
        le=100,
        title="Times between controls",
        description="A control has at most so many times the orders of the location, or that "
        "share of them.",
    )
    alike_from: int = Field(
        default=30,
        ge=2,
        le=1_000_000,
        title="Locations that show how much weeks differ",
        description="From so many locations of a size on, it is measured how much their weeks "
        "differ beyond chance.",
    )

    @model_validator(mode="after")
    def _between_is_nothing(self) -> Self:
        if self.fail_above < self.pass_below:
            raise ValueError(
                f"fail_above ({self.fail_above:g}) must be at least pass_below "
                f"({self.pass_below:g}). Raise the first or lower the second."
            )
        return self


class Brake(Group):
    """When a wave is stopped because too many of its locations fail."""

    usual_failures: float = Field(
        default=0.02,
        gt=0,
        lt=1,
        title="Failures of a good wave",
        description="The share of tries that fails when all is well.",
    )
    bad_failures: float = Field(
        default=0.06,
        gt=0,
        lt=1,
        title="Failures of a bad wave",
        description="The share of failing tries at which a wave must be stopped.",
    )
    false_stops: float = Field(
        default=0.05,
        gt=0,
        lt=0.5,
        title="Good waves stopped",
        description="The share of good waves that may be stopped by mistake.",
    )
    missed_stops: float = Field(
        default=0.10,
        gt=0,
        lt=0.5,
        title="Bad waves called good",
        description="The share of bad waves that may be called good by mistake at first.",
    )
    likeness: float = Field(
        default=0.05,
        gt=0,
        lt=1,
        title="Assumed likeness",
        description="How alike locations of one customer fail, before enough has moved to know: "
        "0 is each for itself, 1 all or none.",
    )
    likeness_strength: float = Field(
        default=20.0,
        gt=0,
        le=1_000_000,
        title="Strength of the assumed likeness",
        description="How many customers would have to speak against the assumed likeness to be "
        "heard as much.",
    )

    @model_validator(mode="after")
    def _bad_is_worse(self) -> Self:
        if self.bad_failures <= self.usual_failures:
            raise ValueError(
                f"bad_failures ({self.bad_failures:g}) must be more than usual_failures "
                f"({self.usual_failures:g}). Change one of them."
            )
        return self


class WayBack(Group):
    """How long there is a way back."""

    old_system_days: int = Field(
        default=14,
        ge=0,
        le=3_650,
        title="Days of the old system",
        description="So long after its move a location can be rolled back.",
    )
