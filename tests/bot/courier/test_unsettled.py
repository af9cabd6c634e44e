"""Updates of messages of which nobody knows whether they arrived: never two for one cause."""

import pytest

from bot.sandbox.faults.faults import Faults
from bot.settings import Settings
from store.outbox import Message
from tests.bot.courier.outages import HISTORY, POST, with_courier
from tests.post_office import PostOffice, delivering
from tests.slack_calls import SlackCalls

LOOKS = 3
"""So many failed looks end a message as uncertain."""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return with_courier(settings, most_failed_looks=LOOKS)


async def unsettled(office: PostOffice, faults: Faults, lane: str, *, arrived: bool) -> Message:
    """A message that ended uncertain, and stands in its channel or not."""
    first = Message(lane, "working on it", [], cause="test")
    faults.server_error(accepted=arrived, method=POST)
    faults.server_error(times=LOOKS, method=HISTORY)
    await said(office, first)
    return first


async def said(office: PostOffice, *messages: Message) -> None:
    async with office.store.transaction(actor="test") as tx:
        for message in messages:
            tx.say(message)
    await office.all_ended()


def update(first: Message, words: str) -> Message:
    return Message(first.to, words, [], cause="test", updates=first.id)


@pytest.mark.parametrize("arrived", [True, False])
async def test_an_update_waits_until_it_is_known_whether_its_message_arrived(
    settings: Settings,
    office: PostOffice,
    slack: SlackCalls,
    faults: Faults,
    general: str,
    *,
    arrived: bool,
) -> None:
    async with delivering(settings):
        first = await unsettled(office, faults, general, arrived=arrived)
        faults.server_error(times=LOOKS - 1, method=HISTORY)
        await said(office, update(first, "done"), Message(general, "else", [], cause="test"))
        assert office.heard("general") == ["done", "else"]
        assert len(slack.of(HISTORY)) == LOOKS + LOOKS
        await said(office, update(first, "done, and told"))
    assert office.heard("general") == ["done, and told", "else"]
    assert len(slack.of(HISTORY)) == LOOKS + LOOKS, "what is settled is not looked for"
    ended = (await office.states())["working on it"]
    assert ended == (("delivered", None) if arrived else ("superseded", "was not in the channel"))


async def test_where_the_looks_go_on_failing_the_update_is_not_said_and_the_next_looks_anew(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    await office.know("migration-triage")
    async with delivering(settings):
        first = await unsettled(office, faults, general, arrived=True)
        faults.server_error(times=LOOKS, method=HISTORY)
        await said(office, update(first, "half"), Message(general, "else", [], cause="test"))
        assert office.heard("general") == ["working on it", "else"]
        assert (await office.ledger())["half"].state == "uncertain"
        told = office.sandbox.people.channel("migration-triage").log.messages[-1]
        assert "whether what it changes arrived" in str(told.blocks)
        assert "half" in str(told.blocks)
        await said(office, update(first, "done"))
    assert office.heard("general") == ["done", "else"]


@pytest.mark.parametrize(
    ("repeats", "heard"),
    [(True, ["working on it", "done"]), (False, ["working on it"])],
)
async def test_where_history_cannot_be_read_the_setting_chooses_for_an_update_too(
    settings: Settings,
    office: PostOffice,
    faults: Faults,
    general: str,
    *,
    repeats: bool,
    heard: list[str],
) -> None:
    async with delivering(with_courier(settings, repeat_when_unknowable=repeats)):
        first = await unsettled(office, faults, general, arrived=True)
        faults.refuse("missing_scope", method=HISTORY)
        await said(office, update(first, "done"))
    assert office.heard("general") == heard


async def test_an_update_that_waits_gives_way_to_a_newer_one(
    settings: Settings, office: PostOffice, slack: SlackCalls, faults: Faults, general: str
) -> None:
    async with delivering(settings):
        first = await unsettled(office, faults, general, arrived=True)
        looks = len(slack.of(HISTORY))
        faults.rate_limit(retry_after=2, method=HISTORY)
        async with office.store.transaction(actor="test") as tx:
            tx.say(update(first, "half"))
        await slack.called(HISTORY, looks + 1)
        await said(office, update(first, "done"))
    assert office.heard("general") == ["done"]
    assert (await office.ledger())["half"].state == "superseded"


async def test_what_takes_the_place_of_a_message_and_gets_no_answer_is_looked_for_itself(
    settings: Settings, office: PostOffice, faults: Faults, general: str
) -> None:
    async with delivering(settings):
        first = await unsettled(office, faults, general, arrived=False)
        faults.server_error(accepted=True, method=POST)
        await said(office, update(first, "done"))
        assert office.heard("general") == ["done"]
        await said(office, update(first, "done, and told"))
    assert office.heard("general") == ["done, and told"]
