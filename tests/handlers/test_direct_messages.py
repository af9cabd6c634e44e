"""What people write to Wavepost alone is answered there, in messages that arrive."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.assembly import Wavepost
from bot.sandbox.delivery import Parcel
from bot.sandbox.json_types import Json
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.doors import direct_message
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.schedule import answer_message
from rules.roles import Role
from store.session import Store
from tests.bot.front_door import Press, altered, front_door
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted

FIRST, SECOND = FIRST_MONDAY, FIRST_MONDAY + timedelta(weeks=2)
JOE_MOVES = glued("*Joe's Pizza* moves in the week of *Mon 17 Jan 2022*.")
RETRIED = {"X-Slack-Retry-Num": "1"}
MEMBERS_ONLY = "I can only answer members of this workspace."


@pytest.fixture
async def asking(ana: Person, store: Store) -> Person:
    """Ana, whose customer Joe's Pizza moves in the first week, and Sam's Diner in the second."""
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST: 2})
    world.customer("Sam's Diner", weeks={SECOND: 1})
    await world.keep(store)
    return ana


async def answer(person: Person, words: str, *, thread_ts: str | None = None) -> Json:
    """What Wavepost says to these words; the one message that is new."""
    before = len(await person.messages("DM", thread_ts=thread_ts))
    await person.says(words, "DM", thread_ts=thread_ts)

    async def answered() -> bool:
        return len(await person.messages("DM", thread_ts=thread_ts)) > before + 1

    assert await person.wire.until(answered, person.patience)
    return (await person.messages("DM", thread_ts=thread_ts))[-1]


def first(message: Json) -> str:
    words: str = message["blocks"][0]["text"]["text"]
    return words


# What is answered


@pytest.mark.parametrize(
    "asked",
    [
        "wen does joes piza move??",
        "Can you tell me when Joes Pizzza goes live please",
        "what do I tell Joe's Pizza?",
        "is joe's pizza movng before valentines day?",
    ],
)
async def test_a_name_is_found_in_whatever_is_written_around_it(asking: Person, asked: str) -> None:
    assert JOE_MOVES in first(await answer(asking, asked))


async def test_words_that_hold_no_name_are_not_taken_for_one(asking: Person) -> None:
    assert "moves" not in first(await answer(asking, "who else has pizza that week?"))


async def test_a_command_written_as_a_message_is_understood(asking: Person) -> None:
    assert JOE_MOVES in first(await answer(asking, "/schedule Joe's Pizza"))


async def test_a_question_gets_the_answer_of_the_command(asking: Person) -> None:
    commanded = await asking.command("/schedule Joe's Pizza")

    said = await answer(asking, "when is Joe's Pizza moving?")

    assert first(said) == JOE_MOVES
    assert [block["type"] for block in said["blocks"]] == [b["type"] for b in commanded.blocks]
    assert not said.get("ephemeral")


@pytest.mark.parametrize("words", ["help", "hi", "Hello!", "?", "thanks"])
async def test_help_and_greetings_get_the_help(words: str, asking: Person) -> None:
    said = first(await answer(asking, words))

    assert said.startswith(
        "*Ask me when a customer or location moves*\n`when is Joe's Pizza moving?`"
    )
    assert "message.im" not in said


async def test_what_is_not_understood_says_what_can_be_asked(asking: Person) -> None:
    said = await answer(asking, "what is the weather like?")

    assert "I know no customer or location called" in first(said)
    assert "“when is Joe's Pizza moving?”" in said["blocks"][1]["elements"][0]["text"]


async def test_one_can_ask_for_one_s_own_and_for_waves(asking: Person) -> None:
    assert glued("You have *2 customers*") in first(await answer(asking, "my customers"))
    assert glued("The next wave is the week of *Mon 17 Jan 2022*") in first(
        await answer(asking, "when is the next wave?")
    )
    assert glued("in the week of *Mon 31 Jan 2022*") in first(
        await answer(asking, "who moves in the week of 31 January?")
    )


async def test_several_names_get_a_line_each(asking: Person) -> None:
    said = first(await answer(asking, "when are Joe's Pizza, Sam's Diner & Zebra moving?"))

    assert said.split("\n")[0] == f"• {JOE_MOVES}"
    assert "Sam's Diner" in said.split("\n")[1]
    assert "`Zebra`" in said


async def test_marks_that_slack_escapes_are_read_as_they_were_typed(
    asking: Person, store: Store
) -> None:
    world = World()
    world.customer("R&D <Kitchen>", id="C-RD", weeks={FIRST: 1})
    await world.keep(store)

    assert first(await answer(asking, "R&D <Kitchen>")).startswith(
        "*R&amp;D &lt;Kitchen&gt;* moves"
    )


async def test_a_question_in_a_thread_is_answered_there(asking: Person) -> None:
    asked = await answer(asking, "hi")

    said = await answer(asking, "Joe's Pizza?", thread_ts=asked["ts"])

    assert first(said) == JOE_MOVES
    assert said["thread_ts"] == asked["ts"]


async def test_what_is_chosen_in_a_thread_is_answered_there(asking: Person) -> None:
    asked = await answer(asking, "hi")
    await answer(asking, "mine", thread_ts=asked["ts"])

    await asking.choose("Sam's Diner", in_="DM")

    in_thread = await asking.messages("DM", thread_ts=asked["ts"])
    assert first(in_thread[-1]).startswith("*Sam's Diner* moves")


@pytest.mark.parametrize("words", ["a\0b", "\ud83d", "x" * 5_000, "<@U1>", "a, " * 300])
async def test_odd_words_are_answered_like_any_others(
    words: str, settings: Settings, store: Store, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    async with front_door(settings, store, answer_message) as door:
        answer = await door.post(await wrote(sandbox, "ana", words))

    assert answer.status_code == 200
    assert await counted(store, "outbox") == 1
    assert await counted(store, "outbox WHERE fallback LIKE 'Something went wrong%'") == 0


# The buttons under it


async def test_the_buttons_work_as_those_of_the_command(asking: Person) -> None:
    await answer(asking, "joes pizza")

    await asking.press("What to tell them", in_="DM")
    assert asking.modal.title == "Tell Joe's Pizza"
    await asking.modal.close()
    await asking.press("Look up another", in_="DM")
    assert asking.modal.title == "Look up dates"


async def test_another_wave_takes_the_place_of_the_one_shown(asking: Person) -> None:
    shown = await answer(asking, "next wave")
    before = len(await asking.messages("DM"))

    await asking.press("Next: week of 31 Jan", in_="DM")

    assert await asking.sees("Sam's Diner", in_="DM")
    assert len(await asking.messages("DM")) == before
    assert (await asking.messages("DM"))[-1]["ts"] == shown["ts"]


# Who is answered


@pytest.mark.parametrize(("who", "words"), [("gus", "You are here as a guest"), ("sam", "")])
async def test_guests_and_strangers_get_the_refusal_that_they_get_elsewhere(
    who: str, words: str, sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    person = await sandbox.person(who)
    await person.says("when is Joe's Pizza moving?", "DM")

    assert await person.sees(f"{MEMBERS_ONLY} {words}".strip(), in_="DM")
    assert await counted(store, "audit WHERE action = 'refused'") == 1


async def test_our_own_answers_are_not_answered(
    asking: Person, sandbox: Sandbox, store: Store
) -> None:
    await answer(asking, "Joe's Pizza")
    await sandbox.world.events.settle()

    assert await counted(store, "outbox") == 1
    assert len(await asking.messages("DM")) == 2


# Once


async def wrote(sandbox: Sandbox, who: str, words: str) -> Parcel:
    """What Slack tells of these words of a person."""
    person = await sandbox.person(who)
    return Press(person.id).message(text=words, channel=await person.conversation_id("DM"))


async def test_a_message_that_slack_tells_of_again_is_answered_once(
    settings: Settings, store: Store, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    told, refused = await wrote(sandbox, "ana", "help"), await wrote(sandbox, "gus", "help")
    async with front_door(settings, store, answer_message) as door:
        answers = [await door.post(parcel) for parcel in (told, told, refused, refused, told)]

    assert [each.status_code for each in answers] == [200] * 5
    assert await counted(store, "outbox") == 2
    assert await counted(store, "audit") == 1


async def test_the_same_message_with_other_words_changes_nothing(
    settings: Settings, store: Store, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    told = await wrote(sandbox, "ana", "help")
    other = altered(told, event=told.payload["event"] | {"text": "mine"})
    async with front_door(settings, store, answer_message) as door:
        answers = [await door.post(told), await door.post(other)]

    assert [each.status_code for each in answers] == [200, 200]
    assert await counted(store, "outbox") == 1


async def break_down(ask: Interaction, store: Store) -> Reply:
    raise ValueError("nobody expected this")


async def test_a_failure_is_told_when_slack_asked_twice_and_not_tried_again(
    settings: Settings, store: Store, wavepost: Wavepost, sandbox: Sandbox, ana: Person
) -> None:
    told = await wrote(sandbox, "ana", "help")
    async with front_door(settings, store, direct_message(role=Role.viewer)(break_down)) as door:
        first = await door.post(told)
        assert await counted(store, "outbox") == 0
        later = [await door.post(told, headers=RETRIED) for _ in range(2)]

    assert first.status_code == 500
    assert [each.status_code for each in later] == [200, 200]
    assert await counted(store, "outbox") == 1
    assert await ana.sees("Something went wrong on our side", in_="DM")


async def test_while_the_database_is_away_slack_is_asked_to_tell_again(
    settings: Settings, store: Store, wavepost: Wavepost, sandbox: Sandbox
) -> None:
    nowhere = Store("postgresql+asyncpg://wavepost_app@127.0.0.1:1/gone")
    told = await wrote(sandbox, "ana", "help")
    async with front_door(settings, nowhere, answer_message) as door:
        away = await door.post(told)
    await nowhere.close()
    async with front_door(settings, store, answer_message) as door:
        back = await door.post(told)

    assert (away.status_code, back.status_code) == (500, 200)
    assert await counted(store, "outbox") == 1


async def test_what_is_written_to_us_is_kept_with_its_lane_and_channel(
    asking: Person, store: Store
) -> None:
    await answer(asking, "Joe's Pizza")

    async with store.reading() as reading:
        query = (
            "SELECT outbox.lane, people.direct_channel FROM outbox JOIN people ON people.id = lane"
        )
        row = (await reading.connection.execute(text(query))).one()
    assert tuple(row) == (asking.id, await asking.conversation_id("DM"))
