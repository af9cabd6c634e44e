"""Messages that Slack refuses: they fail alone, and somebody is told."""

from bot.settings import Settings
from rules.roles import Kind, Role
from store.people import PersonRow
from tests.post_office import PostOffice, delivering


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
