"""What happens to a customer in a wave, as its timeline tells it."""

from datetime import UTC, datetime

from handlers.running import start_wave, take_steps, take_wave_step
from handlers.timeline import WORDS, happened
from handlers.wave_turn import Wish
from rules import wave_life
from rules.finding import Named
from rules.location_life import Step, Who
from store.session import Store, Transaction
from store.timeline import Happening
from tests.world import FIRST_MONDAY, World

WEEK = FIRST_MONDAY
LEA = "U2LEA"
JOES = Named("customer", "joes", "joes", "Joe's Pizza")


async def story(store: Store) -> list[str]:
    async with store.reading() as reading:
        events = await happened(reading, JOES, oldest_first=True)
    told = [f"{each.title} | {each.detail}" if each.detail else each.title for each in events.items]
    return [each.replace("\N{NO-BREAK SPACE}", " ") for each in told]


async def wave_step(tx: Transaction, step: wave_life.Step, who: wave_life.Who, words: str) -> None:
    wave = await tx.waves.get(WEEK)
    assert wave
    at = await tx.clock.now()
    await take_wave_step(tx, WEEK, wave_life.Taken(step, LEA, who, wave.version, at, words))


def test_everything_that_can_happen_has_words() -> None:
    assert set(Happening) <= set(WORDS)


async def test_a_story_names_causes_remedies_checks_pauses_and_who_came_back(store: Store) -> None:
    world = World()
    world.csa()
    world.customer("Joe's Pizza", id="joes", weeks={WEEK: 3}, locations=["Dock St", "Main St"])
    await world.keep(store)
    async with store.transaction(actor=LEA) as tx:
        await tx.clock.set_now(datetime(2022, 1, 17, 9, tzinfo=UTC))
        await start_wave(tx, WEEK, by=LEA, who=wave_life.Who.lead)

        async def take(*wishes: Wish, who: Who = Who.lead) -> None:
            assert not (await take_steps(tx, WEEK, wishes, by=LEA, who=who)).refused

        await take(Wish("joes-L1", Step.fail, "Menu sync stopped"))
        await take(Wish("joes-L1", Step.try_again, "Publish the menu again"))
        await take(Wish("joes-L1", Step.migrate), Wish("joes-L2", Step.migrate))
        await take(Wish("joes-L2", Step.unmark, "It was another one"))
        await take(Wish("joes-L1", Step.passes, "No worse."), who=Who.wavepost)
        await wave_step(tx, wave_life.Step.pause, wave_life.Who.lead, "Orders were lost")
        await wave_step(tx, wave_life.Step.go_on, wave_life.Who.approver, "It was mended")
        await take(Wish("joes-L2", Step.give_back, "The customer asked"))

    assert await story(store) == [
        "Dock St: failed to migrate | Menu sync stopped.",
        "Dock St: tried again | Remedy: Publish the menu again.",
        "Dock St: migrated on Mon 17 Jan 2022 at try 2 | In the wave of the week of Mon 17 Jan 2022.",
        "Main St: migrated on Mon 17 Jan 2022 | In the wave of the week of Mon 17 Jan 2022.",
        "Main St: was marked migrated by mistake | It was another one.",
        "Dock St: passed the check | No worse.",
        (
            "The wave of the week of Mon 17 Jan 2022 was paused; 2 locations wait in it"
            " | Orders were lost."
        ),
        (
            "The wave of the week of Mon 17 Jan 2022 goes on, with 2 locations that waited"
            " | It was mended."
        ),
        (
            "Main St: comes back into the plan, out of the week of Mon 17 Jan 2022"
            " | The customer asked."
        ),
    ]
