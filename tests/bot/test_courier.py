"""The courier between a real database and a Slack that fails in every way it knows."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from itertools import count
from operator import methodcaller

import pytest
from pydantic import SecretStr
from sqlalchemy import text
from starlette.responses import Response
from structlog.testing import capture_logs

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox import posting
from bot.sandbox.clock import Clock
from bot.sandbox.faults.faults import Faults
from bot.sandbox.messages import Message as SlackMessage
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from rules.roles import Kind, Role
from store.people import PersonRow
from store.session import Store
from tests.conftest import MANIFEST
from tests.database_outage import altered, let_in
from tests.post_office import PostOffice, delivering, gaps, until
from tests.slack_calls import SlackCalls, after, mumbles_after, watched
from tests.workspace import WORKSPACE

POST = "chat.postMessage"
HISTORY = "conversations.history"

Asked = Callable[[Faults], object]


@pytest.fixture
async def slack(sandbox: Sandbox) -> AsyncIterator[SlackCalls]:
    async with watched(sandbox) as slack:
        yield slack


@pytest.fixture
def faults(sandbox: Sandbox) -> Faults:
    return sandbox.faults


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Wavepost's settings with a pace that is in nobody's way."""
    courier = settings.courier.model_copy(update={"workspace_messages_a_minute": 60_000})
    return settings.model_copy(update={"courier": courier})


@pytest.fixture
def office(store: Store, sandbox: Sandbox) -> PostOffice:
    return PostOffice(store, sandbox)


@pytest.fixture
def general(office: PostOffice) -> str:
    return office.channel("general")


def with_courier(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update={"courier": settings.courier.model_copy(update=changes)})


async def test_messages_of_a_transaction_arrive_in_its_order(
    settings: Settings, office: PostOffice, general: str
) -> None:
    words = [f"line {n}" for n in range(30)]
    await office.say(general, *words)
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == words


async def test_a_message_said_while_its_lane_runs_empty_is_not_left_lying(
    settings: Settings, office: PostOffice, general: str
) -> None:
    rare = with_courier(settings, look_every=60.0)
    async with delivering(rare) as wavepost:
        ours = PostOffice(wavepost.store, office.sandbox)
        for n in range(40):
            await ours.say(general, f"line {n}")

            async def arrived(n: int = n) -> bool:
                return len(office.heard("general")) > n

            await until(arrived)
    assert office.heard("general") == [f"line {n}" for n in range(40)]


async def test_retry_after_is_honoured(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    faults.rate_limit(retry_after=0.7, times=2, method=POST)
    await office.say(general, "patience", "and more")
    async with delivering(settings):
        await office.all_ended()
    first, second, third, _ = [call.came_at for call in slack.of(POST)]
    assert second - first >= 0.7
    assert third - second >= 0.7
    assert office.heard("general") == ["patience", "and more"]


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
    "fault",
    [
        methodcaller("no_answer", accepted=False, method=POST),
        methodcaller("server_error", method=POST),
        methodcaller("drop_connection", method=POST),
        methodcaller("refuse", "fatal_error", method=POST),
    ],
)
async def test_what_was_not_accepted_is_sent_once_in_the_end(
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


async def test_a_slack_that_cannot_be_reached_is_waited_for(
    settings: Settings, store: Store
) -> None:
    port = a_free_port()
    stand_in = Sandbox(manifest=MANIFEST, workspace=WORKSPACE, port=port, rates=None)
    office = PostOffice(store, stand_in)
    await office.say(office.channel("general"), "one", "two")
    async with delivering(at(stand_in, settings, f"http://127.0.0.1:{port}/api/")):

        async def tried() -> bool:
            row = (await office.ledger())["one"]
            return bool(row.tries >= 2)

        await until(tried)
        async with stand_in.running(), watched(stand_in) as slack:
            await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert slack.of(HISTORY) == [], "nothing was sent, so there was nothing to look for"


def at(stand_in: Sandbox, settings: Settings, address: str) -> Settings:
    """Settings for another Slack."""
    token = SecretStr(stand_in.bot_token)
    return settings.model_copy(update={"slack_address": address, "slack_token": token})


def a_free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "team_added_to_org"])
async def test_with_a_dead_token_everything_waits_and_then_goes_on(
    settings: Settings, office: PostOffice, faults: Faults, general: str, error: str
) -> None:
    faults.refuse(error, times=3, method=POST)
    await office.say(general, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one", "two"]


async def test_a_token_that_dies_before_the_look_leaves_nothing_uncertain(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    faults.server_error(accepted=True, method=POST)
    faults.refuse("token_revoked", times=settings.courier.most_failed_looks, method=HISTORY)
    faults.rate_limit(retry_after=0.05, times=settings.courier.most_failed_looks, method=HISTORY)
    await office.say(general, "one")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard("general") == ["one"]
    assert (await office.states())["one"][0] == "delivered"


async def test_a_message_tried_for_days_still_only_waits(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    await office.say(general, "one")
    async with office.store.transaction(actor="test") as tx:
        await tx.connection.execute(text("UPDATE outbox SET tries = 5000"))
    faults.refuse("token_revoked", method=POST)
    async with delivering(settings):

        async def refused() -> bool:
            return (await office.states())["one"] == ("waiting", "token_revoked")

        await until(refused)


async def test_a_message_to_an_archived_channel_fails_and_the_leads_are_told(
    settings: Settings, office: PostOffice
) -> None:
    await office.know("migration-triage")
    await office.say(office.channel("old-pilot"), "to nobody")
    async with delivering(settings):
        await office.all_ended()
    assert (await office.states())["to nobody"] == ("failed", "is_archived")
    assert office.heard("migration-triage") == ["A message could not be delivered: is_archived"]


async def test_a_message_to_a_channel_without_us_fails_and_the_lane_goes_on(
    settings: Settings, office: PostOffice
) -> None:
    await office.know("migration-triage")
    await office.say(office.channel("random"), "too early")
    async with delivering(settings):
        await office.all_ended()
        office.sandbox.people.invite_app("random")
        await office.say(office.channel("random"), "in time")
        await office.all_ended()
    assert (await office.states())["too early"] == ("failed", "not_in_channel")
    assert office.heard("random")[-1] == "in time"
    assert len(office.heard("migration-triage")) == 1


async def test_a_message_to_a_deactivated_person_fails_with_slacks_reason(
    settings: Settings, office: PostOffice
) -> None:
    await office.know("migration-triage")
    await office.say(office.person("dan"), "still there?")
    async with delivering(settings):
        await office.all_ended()
    assert (await office.states())["still there?"] == ("failed", "user_disabled")
    assert office.heard("migration-triage") == ["A message could not be delivered: user_disabled"]


async def test_a_notice_about_a_notice_is_not_sent(settings: Settings, office: PostOffice) -> None:
    await office.know("migration-triage")
    office.sandbox.people.archive("migration-triage", by="ada")
    await office.say(office.channel("old-pilot"), "to nobody")
    async with delivering(settings):
        await office.all_ended()
    assert [state for state, _ in (await office.states()).values()] == ["failed", "failed"]


async def test_trouble_in_the_leads_own_channel_reaches_each_lead(
    settings: Settings, office: PostOffice
) -> None:
    await office.know("migration-triage")
    lea = office.person("lea")
    async with office.store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id=lea, name="Lea", kind=Kind.member)])
        await tx.roles.give(lea, Role.lead, by="test")
    office.sandbox.people.archive("migration-triage", by="ada")
    await office.say(office.channel("migration-triage"), "for the leads")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("lea") == ["A message could not be delivered: is_archived"]


async def test_without_leads_the_one_who_said_it_is_told(
    settings: Settings, office: PostOffice
) -> None:
    await office.say(office.channel("old-pilot"), "to nobody", by=office.person("ana"))
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["A message could not be delivered: is_archived"]


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


async def test_who_was_never_written_to_is_posted_to_at_once(
    settings: Settings, office: PostOffice, slack: SlackCalls
) -> None:
    ana = office.person("ana")
    await _listed(office, ana)
    await office.say(ana, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one", "two"]
    assert not slack.of("conversations.open")
    assert [call.channel for call in slack.of(POST)] == [ana, office.direct(ana)]


async def test_a_direct_conversation_is_opened_to_look_into_it_until_slack_answers_that(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults
) -> None:
    ana = office.person("ana")
    await _listed(office, ana)
    faults.drop_connection(accepted=True, method="conversations.open")
    faults.no_answer(accepted=True, method=POST)
    await office.say(ana, "one", "two", "three")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one", "two", "three"]
    assert len(slack.of("conversations.open")) == 2, "one without an answer, one with"


async def test_a_person_whom_slack_knows_no_channel_of_is_written_to_in_one_that_is_opened(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults
) -> None:
    ana = office.person("ana")
    await _listed(office, ana)
    faults.refuse("channel_not_found", method=POST)
    faults.drop_connection(accepted=True, method="conversations.open")
    await office.say(ana, "one")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one"]
    assert not slack.of(HISTORY), "an opening without an answer has posted nothing"


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


async def test_two_couriers_keep_order_pauses_and_pace(
    settings: Settings, office: PostOffice, slack: SlackCalls
) -> None:
    office.sandbox.people.invite_app("random")
    lanes = [office.channel("general"), office.channel("random"), office.person("ana")]
    paced = with_courier(settings, pause_between_messages=0.25, workspace_messages_a_minute=1_200)
    rounds = 8
    for n in range(rounds):
        for lane in lanes:
            await office.say(lane, f"line {n}")
    began = office.sandbox.clock.machine()
    async with delivering(paced), delivering(paced):
        await office.all_ended()

    in_order = [f"line {n}" for n in range(rounds)]
    assert [office.heard(name) for name in ("general", "random")] == [in_order, in_order]
    assert office.heard_by("ana") == in_order
    by_channel: dict[str, list[float]] = {}
    for call in slack.of(POST):
        by_channel.setdefault(call.channel, []).append(call.came_at)
    assert all(gap >= 0.25 for times in by_channel.values() for gap in gaps(times))
    turns = sorted(call.came_at for call in slack.of(POST))
    assert all(came - began >= n * 0.05 for n, came in zip(count(), turns))


async def test_a_courier_held_up_before_it_posts_lets_go(
    settings: Settings, office: PostOffice, faults: Faults
) -> None:
    async def lease_runs_low() -> None:
        async with office.store.transaction(actor="test") as tx:
            shorten = text("UPDATE lanes SET leased_until = now() + interval '1.9 s'")
            await tx.connection.execute(shorten)

    faults.refuse("channel_not_found", method=POST)
    faults.on_call(after(lease_runs_low), "Lease runs low", method="conversations.open")
    await office.say(office.person("ana"), "one")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one"]
    row = (await office.ledger())["one"]
    assert row.tries == 2


async def test_an_outcome_that_the_database_did_not_hear_of_is_found_out(
    settings: Settings,
    office: PostOffice,
    slack: SlackCalls,
    faults: Faults,
    postgres_server: EmbeddedPostgres,
    general: str,
) -> None:
    async def database_goes_away() -> None:
        await let_in(postgres_server, settings.database_url, allowed=False)

    faults.on_call(after(database_goes_away), "Database goes away", method=POST)
    await office.say(general, "one", "two")
    with capture_logs() as logs:

        async def noticed() -> bool:
            return {"an outcome could not be kept; the lease will end"} <= _events(logs)

        async def waits_for_the_database() -> bool:
            return {"the courier waits for the database"} <= _events(logs)

        async with delivering(settings):
            await until(noticed)
            await until(waits_for_the_database)
            await let_in(postgres_server, settings.database_url, allowed=True)
            await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert len(slack.of(POST)) == 2


async def test_a_database_that_only_reads_for_a_while_is_waited_for(
    settings: Settings, office: PostOffice, postgres_server: EmbeddedPostgres, general: str
) -> None:
    """As a standby does until it is promoted."""
    await office.say(general, "one")
    await altered(postgres_server, settings.database_url, "SET default_transaction_read_only = on")
    with capture_logs() as logs:

        async def refused() -> bool:
            return {"the lanes could not be leased"} <= _events(logs)

        async with delivering(settings):
            await until(refused)
            await altered(
                postgres_server, settings.database_url, "RESET default_transaction_read_only"
            )
            await office.all_ended()
    assert office.heard("general") == ["one"]


async def test_a_message_nobody_foresaw_holds_up_only_its_own_lane(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    """slack_sdk itself fails on an answer that is text, with status 200."""
    faults.on_call(mumbles_after, "Mumble", method=POST)
    await office.say(general, "one")
    async with delivering(settings):
        await slack.called(POST)
        await office.say(office.channel("migration-triage"), "elsewhere")

        async def elsewhere() -> bool:
            return office.heard("migration-triage") == ["elsewhere"]

        await until(elsewhere)
        await office.all_ended()
    assert office.heard("general") == ["one"]


async def _listed(office: PostOffice, person: str) -> None:
    async with office.store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id=person, name=person, kind=Kind.member)])


def _events(logs: Sequence[Mapping[str, object]]) -> set[object]:
    return {entry["event"] for entry in logs}
