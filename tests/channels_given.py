"""Channels that are told what happens, and what they were told."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import cast

from sqlalchemy import text

from handlers import feature_announcing, wave_announcing
from handlers.jobs import InChild, SlackFiles, Work
from store.announcement_rows import ScheduleVersionRow
from store.channels import ChannelRow
from store.session import Store, Transaction

KINDS = {
    wave_announcing.ANNOUNCE: wave_announcing.announce,
    feature_announcing.ANNOUNCE: feature_announcing.announce,
}
LONG_AGO = datetime(2021, 12, 1, tzinfo=UTC)


async def given_channel(
    tx: Transaction,
    id_: str,
    people: Sequence[str] = (),
    *,
    is_shared: bool = False,
    **says: object,
) -> None:
    """A channel with these people and a schedule that `says` this, on Mondays at nine in UTC."""
    await tx.channels.keep([ChannelRow(id=id_, name=id_.lower(), joined=True, shared=is_shared)])
    await tx.channels.keep_members(id_, people)
    usual = {"since": LONG_AGO, "by": "test", "weekday": 0, "at_time": time(9), "zone": "UTC"}
    row = ScheduleVersionRow.model_validate({**usual, "channel": id_, **says})
    await tx.announcement_schedules.add(row)


async def announced(store: Store) -> None:
    """Let the jobs tell the channels."""
    async with store.transaction(actor="worker") as tx:
        jobs = await tx.jobs.lease([*KINDS], most=9, duration=timedelta(minutes=1))
    for job in jobs:
        work = Work(job, store, None, cast("SlackFiles", None), cast("InChild", None))
        await KINDS[job.kind].does(work)


async def said(store: Store) -> dict[str, list[str]]:
    """What was said since this was asked last, by lane; "=" changes a post, ">" stands below one."""
    async with store.transaction(actor="test") as tx:
        query = text("""
            UPDATE outbox SET state = 'delivered', ended_at = now(), ts = number::text
            WHERE state = 'waiting'
            RETURNING lane, blocks::text AS said, updates, thread_of, is_broadcast, number
        """)
        lanes: dict[str, list[str]] = {}
        rows = (await tx.connection.execute(query)).all()
        for row in sorted(rows, key=lambda row: row.number):
            mark = "=" if row.updates else ">" if row.thread_of else ""
            assert row.is_broadcast == bool(row.thread_of)
            words = row.said.replace("\N{NO-BREAK SPACE}", " ")
            lanes.setdefault(row.lane, []).append(mark + words)
        return lanes
