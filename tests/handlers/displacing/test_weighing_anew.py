"""What is not decided is weighed anew, once another plan holds or another day is wished."""

from sqlalchemy import text

from handlers.escalation_jobs import MAKE_ROOM, WEIGH, weigh_another_day
from handlers.triage_case import case_of
from store.session import Store
from tests.handlers.displacing.room import DUE, LEA, WEEK, approved, jobs_done, row_of, sent


async def test_what_is_not_decided_is_weighed_anew_once_another_plan_holds(store: Store) -> None:
    first = await sent(store, "joes-L1", wished_on=DUE)
    await sent(store, "joes-L3", wished_on=DUE)
    await jobs_done(store)
    await approved(store, first, DUE)
    assert await jobs_done(store) == [MAKE_ROOM, WEIGH]


async def edits(store: Store, number: int) -> int:
    """How often triage was shown an escalation in place of its first post."""
    async with store.reading() as reading:
        query = text(
            "SELECT count(*) FROM outbox JOIN escalation_posts ON updates = message"
            " WHERE escalation_id = :number"
        )
        return int((await reading.connection.execute(query, {"number": number})).scalar_one())


async def test_one_job_weighs_all_again_and_changes_only_the_posts_where_that_is_news(
    store: Store,
) -> None:
    granted = await sent(store, "joes-L1", wished_on=DUE)
    in_time = await sent(store, "cleos-L1", wished_on=DUE + WEEK)
    concerned = await sent(store, "wims-L1", wished_on=DUE)
    assert await jobs_done(store) == [WEIGH], "who came later joined the job that waited"
    before = {number: await edits(store, number) for number in (in_time, concerned)}

    await approved(store, granted, DUE)
    assert await jobs_done(store) == [MAKE_ROOM, WEIGH]
    rows = [await row_of(store, number) for number in (in_time, concerned)]
    assert [row.weighed and row.weighed["plan"] for row in rows] == [2, 2]
    assert await edits(store, in_time) == before[in_time]
    assert await edits(store, concerned) == before[concerned] + 1


async def test_another_day_is_weighed_in_place_of_the_one_before(store: Store) -> None:
    number = await sent(store, "joes-L1", wished_on=DUE)
    await jobs_done(store)
    row = await row_of(store, number)
    async with store.transaction(actor=LEA) as tx:
        await weigh_another_day(tx, row, DUE + WEEK)
        case = await case_of(tx, number)
    assert case
    assert case.weighed
    assert case.weighed.due_on == DUE, "what is known is shown until then"
    assert await jobs_done(store) == [WEIGH]
    weighed = (await row_of(store, number)).weighed
    assert weighed
    assert set(weighed) == {"plan", "due_on", "tradeoff"}
    assert weighed["due_on"] == (DUE + WEEK).isoformat()
