"""Keeping steps that locations of a wave took: rows, failures, the timeline, and the audit."""

from collections.abc import Iterable

from handlers.wave_timeline import tell_of_locations
from handlers.wave_turn import Batch, Line, subject
from rules.location_life import State, Step
from store.audit import Change
from store.failures import Try
from store.jobs import Json
from store.session import Transaction


async def keep_lines(tx: Transaction, batch: Batch) -> None:
    """Keep all that steps of locations change, except what follows from them."""
    await tx.wave_locations.advance(batch.week, [line.row for line in batch.lines])
    await tx.wave_locations.keep_steps([_step(batch, line) for line in batch.lines])
    await _keep_failures(tx, batch)
    await tell_of_locations(tx, batch)
    tx.audit(_change(batch))


def _step(batch: Batch, line: Line) -> Json:
    return {
        "week": batch.week,
        "location_id": line.location_id,
        "version": line.row.version - 1,
        "step": line.step,
        "by": batch.by,
        "who": batch.who,
        "at": batch.at,
        "words": line.words,
        "wave_state": batch.wave.state,
        "batch": batch.id,
        "attempt": line.row.attempt,
        "details": line.details,
    }


async def _keep_failures(tx: Transaction, batch: Batch) -> None:
    """Keep what failed, what was done about it, and whether that worked, as its next try tells."""
    week, lines = batch.week, batch.lines
    failed = [
        {
            "location_id": line.location_id,
            "attempt": line.row.attempt,
            "cause_id": line.row.cause_id,
            "failed_on": line.on,
            "by": batch.by,
            "lost_orders": line.lost_orders,
        }
        for line in lines
        if line.step is Step.fail
    ]
    if failed:
        await tx.failures.add(week, failed)
    if wrong := _tries(line for line in lines if _was_wrong(line)):
        await tx.failures.withdraw(week, wrong)
    if remedied := _before(line for line in lines if line.step is Step.try_again):
        await tx.failures.remedy(week, remedied, by=batch.by, at=batch.at)
    for step, worked in ((Step.migrate, True), (Step.fail, False), (Step.unmark, None)):
        if known := _before(line for line in lines if line.step is step):
            await tx.failures.worked(week, known, worked=worked)


def _was_wrong(line: Line) -> bool:
    """Whether somebody takes back that it failed."""
    return line.step is Step.unmark and line.was is State.failed


def _tries(lines: Iterable[Line]) -> list[Try]:
    return [Try(line.location_id, line.row.attempt) for line in lines]


def _before(lines: Iterable[Line]) -> list[Try]:
    """The tries before those that the lines are about, where there was one."""
    return [
        Try(line.location_id, line.row.attempt - 1, line.words)
        for line in lines
        if line.row.attempt > 1
    ]


def _change(batch: Batch) -> Change:
    """What the audit keeps: where each location stood, and where it stands, by whose step."""
    told: Json = {
        "batch": str(batch.id),
        "by": batch.by,
        "who": batch.who,
        "at": batch.at.isoformat(),
        "wave_state": batch.wave.state,
    }
    return Change(
        "wave locations",
        subject(batch.week),
        before={
            "locations": {
                line.location_id: {"state": line.was, "version": line.row.version - 1}
                for line in batch.lines
            }
        },
        after=told | {"locations": {line.location_id: _told(line) for line in batch.lines}},
    )


def _told(line: Line) -> Json:
    told: Json = {"step": line.step, "state": line.now, "version": line.row.version}
    if line.words:
        told["words"] = line.words
    return told | (line.details or {})
