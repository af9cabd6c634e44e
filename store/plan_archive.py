"""What plans were asked and what they answered, so that any of them can be shown and asked again."""

import asyncio
import io
from collections.abc import Callable, Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date
from typing import Any, TypeVar
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt
import polars as pl
import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.problem import Allocations, Plan, Problem
from rules.question import Defaults, Question
from store.driver import looked_up
from store.plan_shelf import PlanShelf
from store.tables import Table

log = structlog.get_logger(__name__)

DAMAGED = (
    BadZipFile,
    OSError,
    EOFError,
    ValueError,
    KeyError,
    TypeError,
    pl.exceptions.PolarsError,
)

PROBLEM, PLAN, QUESTION = "problem", "plan", "question"
Arrays = dict[str, npt.NDArray[Any]]
Seen = TypeVar("Seen")
Made = TypeVar("Made", Problem, Plan, Defaults)


class PlanQuestionRow(Table, table=True):
    """The question of a plan and its answer.

    `arrays` is an .npz of the problem and the plan; the others are Arrow files, compressed: `parts`
    (a row for each of the problem's), `going` and `left_out` (a row for each location).
    """

    __tablename__ = "plan_questions"

    plan_id: int = Field(
        primary_key=True, foreign_key="plans.id", sa_column_kwargs={"autoincrement": False}
    )
    arrays: bytes
    parts: bytes
    going: bytes
    left_out: bytes


@dataclass(frozen=True, eq=False)
class Asked:
    """A plan as it was asked for and answered; a plan never changes, so neither does this."""

    question: Question
    plan: Plan

    @property
    def problem(self) -> Problem:
        """What the planner was asked."""
        return self.question.problem

    @property
    def parts(self) -> pl.DataFrame:
        """Whom each row of the problem means, see `rules.question.Question`."""
        return self.question.parts


MADE_AT = "SELECT made_at, first_monday FROM plans WHERE id = $1"
QUESTION_OF = "SELECT arrays, parts, going, left_out FROM plan_questions WHERE plan_id = $1"


class PlanArchive:
    """The questions of all plans."""

    def __init__(self, connection: AsyncConnection, shelf: PlanShelf) -> None:
        self._connection = connection
        self._shelf = shelf

    async def question(self, plan_id: int) -> Asked | None:
        """What a plan was asked and answered; None where that was not kept yet, or is damaged."""
        return await self.seen(plan_id, _itself)

    async def seen(self, plan_id: int, see: Callable[[Asked], Seen]) -> Seen | None:
        """What `see` makes of it, in a thread; at hand for the next look, like the question.

        Who gives up waiting finds it made a little later.
        """
        plan = await looked_up(self._connection, MADE_AT, plan_id)
        if not plan:
            return None
        # By the moment too: plans of other databases have the same numbers.
        key = (plan_id, plan["made_at"])
        row: Mapping[str, bytes] = {}
        if key not in self._shelf:
            row = await looked_up(self._connection, QUESTION_OF, plan_id)
            if not row:
                return None
        question = self._shelf.get(
            key, lambda: asyncio.to_thread(unpacked, row, plan["first_monday"])
        )

        async def look() -> Seen:
            return await asyncio.to_thread(see, await question)

        try:
            return await self._shelf.get((*key, see), look)
        except DAMAGED:
            log.exception("what a plan was asked cannot be read", plan=plan_id)
            return None

    async def keep(self, plan_id: int, question: Question, plan: Plan) -> None:
        """Keep the question of a plan and its answer."""
        values = await asyncio.to_thread(packed, question, plan)
        statement = insert(PlanQuestionRow).values(plan_id=plan_id, **values)
        await self._connection.execute(statement)


def _itself(asked: Asked) -> Asked:
    return asked


def packed(question: Question, plan: Plan) -> dict[str, bytes]:
    """A question and its answer as the columns of `plan_questions`."""
    arrays: Arrays = {
        **_arrays(PROBLEM, question.problem),
        **_arrays(PLAN, plan),
        QUESTION: np.array([question.begun, *astuple(question.defaults)], np.int64),
    }
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return {
        "arrays": file.getvalue(),
        "parts": _arrow(question.parts),
        "going": _arrow(question.going),
        "left_out": _arrow(question.left_out),
    }


def unpacked(row: Mapping[str, bytes], first_monday: date) -> Asked:
    """What `packed` made of it."""
    with np.load(io.BytesIO(row["arrays"]), allow_pickle=False) as file:
        arrays = dict(file)
    begun, usual, figures, region, by_size_alone = arrays[QUESTION].tolist()
    question = Question(
        first_monday=first_monday,
        problem=_made(PROBLEM, Problem, arrays),
        parts=pl.read_ipc(row["parts"]),
        going=pl.read_ipc(row["going"]),
        left_out=pl.read_ipc(row["left_out"]),
        begun=begun,
        defaults=Defaults(usual, figures, region, bool(by_size_alone)),
    )
    return Asked(question, _made(PLAN, Plan, arrays))


def _arrow(rows: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    rows.write_ipc(file, compression="zstd", compat_level=pl.CompatLevel.oldest())
    return file.getvalue()


def _arrays(name: str, given: Problem | Plan | Allocations) -> Arrays:
    """Every field of it as an array of its own; words as their number in a list of them."""
    arrays: Arrays = {}
    for field in fields(given):
        at, value = f"{name}.{field.name}", getattr(given, field.name)
        if isinstance(value, Allocations):
            arrays |= _arrays(at, value)
        elif isinstance(value, list):
            said, which = np.unique(np.array(value, np.str_), return_inverse=True)
            arrays |= {f"{at}.words": said, f"{at}.which": which.astype(np.int16)}
        else:
            arrays[at] = np.asarray(value)
    return arrays


def _made(name: str, kind: type[Made], arrays: Arrays) -> Made:
    """What was taken apart; a field that came later than the plan is as usual."""
    values: dict[str, Any] = {}
    for field in fields(kind):
        at = f"{name}.{field.name}"
        if at in arrays:
            array = arrays[at]
            values[field.name] = array.item() if array.ndim == 0 else array
        elif f"{at}.words" in arrays:
            values[field.name] = arrays[f"{at}.words"][arrays[f"{at}.which"]].tolist()
        elif f"{at}.customer" in arrays:
            each = {each.name: arrays[f"{at}.{each.name}"] for each in fields(Allocations)}
            values[field.name] = Allocations(**each)
    return kind(**values)
