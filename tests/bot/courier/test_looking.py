"""The courier looks whether a message arrived of which Slack said nothing."""

import asyncio
from operator import methodcaller

import pytest
from starlette.responses import Response

from bot.sandbox import posting
from bot.sandbox.clock import Clock
from bot.sandbox.faults.faults import Faults
from bot.sandbox.messages import Message as SlackMessage
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.bot.courier.outages import HISTORY, POST, Asked, at, listed, with_courier
from tests.conftest import MANIFEST
from tests.post_office import PostOffice, delivering
from tests.slack_calls import SlackCalls, after, mumbles_after
from tests.workspace import WORKSPACE


@pytest.mark.parametrize(
    "fault",
    [
        methodcaller("no_answer", accepted=True, method=POST),
        methodcaller("server_error", accepted=True, method=POST),
        methodcaller("drop_connection", accepted=True, method=POST),
        methodcaller("garbled_answer", method=POST),
        methodcaller("on_call", mumbles_after, "Mumble", method=POST),
    ],
)
async def test_what_was_accepted_without_an_answer_is_found_and_not_repeated(
    settings: Settings,
    office: PostOffice,
    slack: SlackCalls,
    faults: Faults,
    general: str,
    fault: Asked,
) -> None:
    fault(faults)
    await office.say(general, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert len(slack.of(HISTORY)) == 1
    assert {state for state, _ in (await office.states()).values()} == {"delivered"}


@pytest.mark.parametrize(
    ("repeats", "heard", "ends"),
    [
        (True, ["one", "one", "two"], ("delivered", None)),
        (False, ["one", "two"], ("uncertain", "the channel cannot be read")),
    ],
)
async def test_where_history_cannot_be_read_the_setting_chooses(
    settings: Settings,
    office: PostOffice,
    faults: Faults,
    general: str,
    *,
    repeats: bool,
    heard: list[str],
    ends: tuple[str, str | None],
) -> None:
    faults.server_error(accepted=True, method=POST)
    faults.refuse("missing_scope", method=HISTORY)
    await office.say(general, "one", "two")
    async with delivering(with_courier(settings, repeat_when_unknowable=repeats)):
        await office.all_ended()
    assert office.heard("general") == heard
    assert (await office.states())["one"] == ends


async def test_three_failed_looks_end_uncertain_and_the_leads_are_told(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    await office.know("migration-triage")
    faults.server_error(accepted=True, method=POST)
    faults.server_error(times=3, method=HISTORY)
    await office.say(general, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert len(slack.of(HISTORY)) == 3
    assert (await office.states())["one"][0] == "uncertain"
    assert office.heard("general") == ["one", "two"]
    told = office.sandbox.people.channel("migration-triage").log.messages[-1]
    assert told.text.startswith("A message may not have arrived")
    assert "look there before you repeat it" in str(told.blocks)


async def test_a_direct_conversation_is_opened_to_look_into_it_until_slack_answers_that(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults
) -> None:
    ana = office.person("ana")
    await listed(office, ana)
    faults.drop_connection(accepted=True, method="conversations.open")
    faults.no_answer(accepted=True, method=POST)
    await office.say(ana, "one", "two", "three")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one", "two", "three"]
    assert len(slack.of("conversations.open")) == 2, "one without an answer, one with"


async def test_a_message_in_a_thread_is_looked_for_in_its_thread(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    await office.say(general, "parent")
    async with delivering(settings):
        await office.all_ended()
        faults.server_error(accepted=True, method=POST)
        parent = (await office.ledger())["parent"].ts
        await office.say(general, "reply", thread=parent)
        await office.all_ended()
    assert office.heard("general") == ["parent", "reply"]
    assert len(slack.of("conversations.replies")) == 1
    assert (await office.states())["reply"][0] == "delivered"


async def test_a_message_is_found_behind_pages_of_others(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    async def chatter() -> None:
        world = office.sandbox.world
        conversation = world.directory.conversations[general]
        for n in range(1_100):
            said = SlackMessage(world.stamp(), general, office.person("ana"), f"chat {n}")
            posting.say(world, conversation, said)
            await asyncio.sleep(0)  # lets those who listen keep up

    faults.on_call(after(chatter, Response(status_code=500)), "Chatter", method=POST)
    await office.say(general, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert len(slack.of(HISTORY)) == 6


@pytest.mark.parametrize("seconds", [-240.0, 240.0])
async def test_a_clock_that_differs_from_slacks_hides_no_message(
    settings: Settings, store: Store, seconds: float
) -> None:
    class Elsewhere(Clock):
        def machine(self) -> float:
            return super().machine() + seconds

    stand_in = Sandbox(manifest=MANIFEST, workspace=WORKSPACE, clock=Elsewhere(), rates=None)
    async with stand_in.running():
        office = PostOffice(store, stand_in)
        stand_in.faults.server_error(accepted=True, method=POST)
        await office.say(office.channel("general"), "one")
        async with delivering(at(stand_in, settings, stand_in.api_address)):
            await office.all_ended()
        assert office.heard("general") == ["one"]
        assert (await office.states())["one"][0] == "delivered"
