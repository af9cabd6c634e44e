"""Locations that failed: what was done about it, and what is taken back."""

from handlers.wave_turn import Wish
from rules.location_life import Step
from rules.mark_hindrances import Hindrance
from store.session import Store
from tests.handlers.running.steps import WEEK, fail, marked, migrate, started, why


async def test_a_location_that_failed_twice_tells_which_remedy_did_not_work(store: Store) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    await marked(store, Wish("joes-L1", Step.try_again, "Restart the till"))
    await marked(store, fail("joes-L1", "menu sync: stopped"))
    await marked(store, Wish("joes-L1", Step.try_again, "New cable"))
    await marked(store, *migrate("joes-L1"))

    async with store.reading() as reading:
        failures = await reading.failures.of_wave(WEEK)
        causes = await reading.causes.all()
        (row,) = await reading.wave_locations.of(WEEK, ["joes-L1"])
    told = [(each.attempt, each.remedy, each.worked) for each in failures]
    assert told == [(1, "Restart the till", False), (2, "New cable", True)]
    assert [cause.words for cause in causes] == ["Menu sync stopped"]
    third = 3
    assert (row.state, row.attempt, row.migrated_on) == ("migrated", third, WEEK)


async def test_a_failure_marked_by_mistake_is_taken_back_and_can_be_given_again(
    store: Store,
) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    await marked(store, Wish("joes-L1", Step.unmark, "It was Main St"))
    async with store.reading() as reading:
        assert await reading.failures.of_wave(WEEK) == []

    await marked(store, fail("joes-L1", "No power"))

    async with store.reading() as reading:
        (failure,) = await reading.failures.of_wave(WEEK)
        causes = await reading.causes.some({failure.cause_id})
    assert (failure.attempt, causes[failure.cause_id].words) == (1, "No power")


async def test_a_failed_location_is_not_marked_anew_without_saying_what_was_done(
    store: Store,
) -> None:
    await started(store)
    await marked(store, fail("joes-L1"), fail("joes-L2"), fail("joes-L3"))

    outcome = await marked(
        store,
        *migrate("joes-L1"),
        fail("joes-L2", "No power"),
        fail("joes-L3", "menu SYNC stopped"),
    )

    told = why(outcome)
    assert told["joes-L1"].endswith(
        "so nothing was changed. Say first what was done about it: “Try again”."
    )
    assert "To give another cause, take that mark back first." in told["joes-L2"]
    assert [each.hindrance for each in outcome.refused] == [
        Hindrance.not_now,
        Hindrance.other_cause,
        Hindrance.done,
    ]


async def test_a_cause_of_the_catalogue_is_named_by_its_id(store: Store) -> None:
    await started(store)
    await marked(store, fail("joes-L1"))
    async with store.reading() as reading:
        (cause,) = await reading.causes.all()
    none_such = 99

    outcome = await marked(
        store,
        Wish("joes-L2", Step.fail, cause=cause.id),
        Wish("joes-L3", Step.fail, cause=none_such),
    )

    assert [line.words for line in outcome.taken] == ["Menu sync stopped"]
    assert why(outcome) == {
        "joes-L3": "The cause that was chosen for Joe's Pizza is not in the catalogue any more. "
        "Choose one, or name a new one."
    }
