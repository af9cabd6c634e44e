"""The worker does jobs: shown while it does, tried again, and told where they go wrong."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import text

from bot.settings import Settings
from handlers.errors import Refused
from handlers.jobs import Work, begin, job
from store.jobs import JobState
from store.session import Store
from tests.bot.worker.jobs_given import (
    at_work,
    digs,
    ended,
    get,
    says_done,
    start,
    taken_by_a_dead_worker,
)
from tests.post_office import PostOffice


async def test_what_a_job_made_and_said_is_kept_with_its_end(
    settings: Settings, store: Store, office: PostOffice
) -> None:
    job_id = await start(store, office.person("ana"), depth=3)
    async with at_work(settings, digs(says_done)):
        over = await ended(store, job_id)
        await office.all_ended()
    assert (over.state, over.result, over.tries) == (JobState.done, {"depth": 3}, 1)
    assert office.heard_by("ana") == ["The hole is dug."]


async def test_a_job_that_is_started_wakes_the_worker(settings: Settings) -> None:
    async with at_work(settings, digs(says_done), look_every=3_600) as wavepost:
        for _ in range(3):
            assert (await ended(wavepost.store, await start(wavepost.store))).state == JobState.done


async def test_while_a_job_is_unfinished_its_key_makes_no_other(store: Store) -> None:
    async def begun(key: str | None) -> UUID:
        async with store.transaction(actor="test") as tx:
            return await begin(tx, "dig", {}, by="U1", about="A hole", key=key)

    first, second = await asyncio.gather(begun("here"), begun("here"))
    assert first == second
    assert len({await begun("there"), await begun(None), await begun(None), first}) == 4
    async with store.transaction(actor="test") as tx:
        assert await tx.jobs.cancel(first, "enough")
    assert await begun("here") != first
    async with store.reading() as reading:
        said = await reading.connection.execute(text("SELECT count(*) FROM outbox"))
        assert said.scalar_one() == 5, "the second of a key says nothing"


async def test_jobs_in_turn_are_done_one_after_the_other(settings: Settings, store: Store) -> None:
    at_once, order = [0], []

    async def alone(work: Work) -> None:
        at_once.append(at_once[-1] + 1)
        order.append(work.job.id)
        await asyncio.sleep(0.1)
        at_once.append(at_once[-1] - 1)

    jobs = [await start(store) for _ in range(3)]
    async with at_work(settings, job("dig", in_turn=True)(alone)):
        for each in jobs:
            await ended(store, each)
    assert max(at_once) == 1
    assert order == jobs


async def test_a_job_in_turn_waits_for_one_that_is_tried_again(
    settings: Settings, store: Store
) -> None:
    first, second = await start(store), await start(store)
    await taken_by_a_dead_worker(store)
    a_minute = timedelta(minutes=1)
    async with store.transaction(actor="worker") as tx:
        [taken] = await tx.jobs.lease(["dig"], most=2, duration=a_minute, in_turn=["dig"])
        assert taken.id == first
        assert await tx.jobs.put_back(taken, pause=a_minute, counts=True)
    async with store.transaction(actor="worker") as tx:
        assert await tx.jobs.lease(["dig"], most=2, duration=a_minute, in_turn=["dig"]) == []
        [other] = await tx.jobs.lease(["dig"], most=2, duration=a_minute)
        assert other.id == second


async def test_progress_is_shown_in_one_message(
    settings: Settings, store: Store, office: PostOffice
) -> None:
    go_on = asyncio.Event()

    async def slowly(work: Work) -> None:
        for spade in range(1_000):
            work.tell("Digging", spade, 2_000)
        await go_on.wait()
        await says_done(work)

    job_id = await start(store, office.person("ana"))
    async with at_work(settings, digs(slowly)):
        ana = await office.sandbox.person("ana")
        await ana.sees("49 %", in_="DM")
        go_on.set()
        await ended(store, job_id)
        await office.all_ended()
    assert office.heard_by("ana") == ["The hole is dug."]
    assert (await get(store, job_id)).step == "Digging"


async def test_what_goes_wrong_once_is_tried_again(settings: Settings, store: Store) -> None:
    async def stumbles(work: Work) -> None:
        if work.job.tries == 1:
            raise LookupError
        await says_done(work)

    job_id = await start(store)
    async with at_work(settings, digs(stumbles)):
        over = await ended(store, job_id)
    assert (over.state, over.tries) == (JobState.done, 2)


async def test_what_goes_wrong_each_time_is_told_to_the_asker_and_the_leads(
    settings: Settings, store: Store, office: PostOffice
) -> None:
    async def breaks(_: Work) -> None:
        raise LookupError

    await office.know("migration-triage")
    job_id = await start(store, office.person("ana"))
    async with at_work(settings, digs(breaks)):
        over = await ended(store, job_id)
        await office.all_ended()
    assert (over.state, over.tries) == (JobState.failed, 3)
    [told] = office.heard_by("ana")
    assert told.startswith("*A hole* could not be done. Something went wrong on our side")
    [told] = office.heard("migration-triage")
    assert told.startswith(f"*A hole*, asked for by <@{office.person('ana')}>, could not be done.")


async def test_what_is_refused_is_told_to_the_asker_alone(
    settings: Settings, store: Store, office: PostOffice
) -> None:
    async def refuses(_: Work) -> None:
        raise Refused("The ground is frozen.")

    await office.know("migration-triage")
    job_id = await start(store, office.person("ana"))
    async with at_work(settings, digs(refuses)):
        over = await ended(store, job_id)
        await office.all_ended()
    assert (over.state, over.tries, over.problem) == (JobState.failed, 1, "The ground is frozen.")
    assert office.heard_by("ana") == ["*A hole* could not be done. The ground is frozen."]
    assert office.heard("migration-triage") == []


async def test_a_kind_that_nobody_here_knows_waits_for_who_does(
    settings: Settings, store: Store
) -> None:
    job_id = await start(store)
    async with at_work(settings, job("build")(says_done)):
        async with store.transaction(actor="test") as tx:
            known = await tx.jobs.start("build", {}, by="U1")
        await ended(store, known)
        assert (await get(store, job_id)).state == JobState.waiting


async def test_the_result_of_a_job_is_empty_where_it_has_none(
    settings: Settings, store: Store
) -> None:
    async def nothing(_: Work) -> None:
        pass

    job_id = await start(store)
    async with at_work(settings, digs(nothing)):
        over = await ended(store, job_id)
    assert (over.state, over.result) == (JobState.done, None)
