"""The courier between a real database and a Slack that fails: nothing is lost, nothing said twice."""

from itertools import count
from operator import methodcaller

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from bot.embedded_postgres import EmbeddedPostgres
from bot.sandbox.faults.faults import Faults
from bot.settings import Settings
from tests.bot.courier.outages import HISTORY, POST, Asked, events, listed, with_courier
from tests.database_outage import let_in
from tests.post_office import PostOffice, delivering, gaps, until
from tests.slack_calls import SlackCalls, after, mumbles_after


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


async def test_who_was_never_written_to_is_posted_to_at_once(
    settings: Settings, office: PostOffice, slack: SlackCalls
) -> None:
    ana = office.person("ana")
    await listed(office, ana)
    await office.say(ana, "one", "two")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one", "two"]
    assert not slack.of("conversations.open")
    assert [call.channel for call in slack.of(POST)] == [ana, office.direct(ana)]


async def test_a_person_whom_slack_knows_no_channel_of_is_written_to_in_one_that_is_opened(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults
) -> None:
    ana = office.person("ana")
    await listed(office, ana)
    faults.refuse("channel_not_found", method=POST)
    faults.drop_connection(accepted=True, method="conversations.open")
    await office.say(ana, "one")
    async with delivering(settings):
        await office.all_ended()
    assert office.heard_by("ana") == ["one"]
    assert not slack.of(HISTORY), "an opening without an answer has posted nothing"


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
            return {"an outcome could not be kept; the lease will end"} <= events(logs)

        async def waits_for_the_database() -> bool:
            return {"the courier waits for the database"} <= events(logs)

        async with delivering(settings):
            await until(noticed)
            await until(waits_for_the_database)
            await let_in(postgres_server, settings.database_url, allowed=True)
            await office.all_ended()
    assert office.heard("general") == ["one", "two"]
    assert len(slack.of(POST)) == 2


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
