"""The versions of the plan: the one in force, the draft, and all that went before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, text, type_coerce
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import col

from rules.problem import gap_of
from store.driver import all_found, looked_up
from store.plans import PlanRow, PlanState


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """One version of the plan as it is listed. `decided_at` is business time, `made_at` is not.

    `maker` and `decider` are names where the directory has one.
    """

    id: int
    state: PlanState
    made_on: date
    first_monday: date
    made_by: str
    maker: str
    made_at: datetime
    why: str | None
    based_on: int | None
    scoring_id: int | None
    parameters: dict[str, Any]
    cost: float
    bound: float
    placed: int
    unplaced: int
    decided_by: str | None
    decider: str | None
    decided_at: datetime | None

    @property
    def gap(self) -> float:
        """How far above the best possible its cost is at most: 0.02 is 2 %."""
        return gap_of(self.cost, self.bound)


ALL = """
    SELECT plans.id, state, made_on, first_monday, made_by, made_at, why, based_on, scoring_id,
        parameters, cost, bound, placed, unplaced, decided_by, decided_at,
        coalesce(makers.name, made_by) AS maker, coalesce(deciders.name, decided_by) AS decider
    FROM plans LEFT JOIN people AS makers ON makers.id = made_by
    LEFT JOIN people AS deciders ON deciders.id = decided_by
"""
IN_FORCE = f"{ALL} WHERE state = 'published' ORDER BY plans.id DESC LIMIT 1"
DRAFT = f"{ALL} WHERE state = 'draft'"
ONE = f"{ALL} WHERE plans.id = $1"
SINCE = f"{ALL} WHERE state = 'published' AND plans.id > $1 ORDER BY plans.id"
DECIDE = text("""
    UPDATE plans SET state = :state, decided_by = :by, decided_at = :at
    WHERE id = :plan AND state = 'draft' RETURNING id
""")


class PlanVersions:
    """The versions of the plan."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def in_force(self) -> PlanVersion | None:
        """The newest published plan; None before the first."""
        return await self._one(IN_FORCE)

    async def draft(self) -> PlanVersion | None:
        """The draft that is open, if there is one."""
        return await self._one(DRAFT)

    async def get(self, plan_id: int) -> PlanVersion | None:
        """The version with this number."""
        return await self._one(ONE, plan_id)

    async def published_since(self, plan_id: int) -> Sequence[PlanVersion]:
        """The plans that were published after this version."""
        return [_version(row) for row in await all_found(self._connection, SINCE, plan_id)]

    async def add(self, plan: PlanRow) -> int:
        """Keep a new version; returns its number."""
        row = plan.model_dump(exclude={"id", "made_at"})
        statement = insert(PlanRow).values(row).returning(type_coerce(col(PlanRow.id), Integer))
        plan_id: int = (await self._connection.execute(statement)).scalar_one()
        return plan_id

    async def decide(self, plan_id: int, state: PlanState, *, by: str, at: datetime) -> bool:
        """Publish or discard a draft; False where it is none any more. `at` is business time."""
        values = {"plan": plan_id, "state": state.value, "by": by, "at": at}
        return (await self._connection.execute(DECIDE, values)).first() is not None

    async def _one(self, query: str, *values: object) -> PlanVersion | None:
        row = await looked_up(self._connection, query, *values)
        return _version(row) if row else None


def _version(row: Mapping[str, Any]) -> PlanVersion:
    return PlanVersion(**{**row, "state": PlanState(row["state"])})
