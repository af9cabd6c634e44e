import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .workspaces import manifest, workspace


@pytest.mark.proves("users.list")
async def test_everyone_is_listed_with_what_they_are(client: AsyncWebClient) -> None:
    members = {m["name"]: m for m in (await client.users_list())["members"]}
    assert members["bo"]["is_admin"] is True
    assert members["gus"]["is_restricted"] is True
    assert members["sam"]["is_stranger"] is True
    assert members["sam"]["team_id"] != members["ana"]["team_id"]
    assert members["old"]["deleted"] is True
    assert members["postbox"]["is_bot"] is True
    assert members["ana"]["profile"]["title"] == "CSA"


@pytest.mark.proves("users.list")
async def test_the_list_is_paged(client: AsyncWebClient) -> None:
    seen: list[str] = []
    async for page in await client.users_list(limit=2):
        seen += [member["id"] for member in page["members"]]
    everyone = [member["id"] for member in (await client.users_list())["members"]]
    assert seen == everyone
    assert len(everyone) == 6


@pytest.mark.proves("users.info")
@pytest.mark.proves("users.info", "user_not_found")
async def test_one_person_is_described(client: AsyncWebClient, ana: Person) -> None:
    user = (await client.users_info(user=ana.id))["user"]
    assert user["real_name"] == "Ana Ito"
    assert user["tz"] == "America/New_York"
    assert user["profile"]["email"] == "ana@bakery.test"
    with pytest.raises(SlackApiError, match="user_not_found"):
        await client.users_info(user="U123")


@pytest.mark.proves("users.info")
async def test_addresses_need_their_scope() -> None:
    app = manifest(without=("users:read.email",))
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        ana = sandbox.people.user("ana").id
        assert "email" not in (await client.users_info(user=ana))["user"]["profile"]


@pytest.mark.proves("users.lookupByEmail")
@pytest.mark.proves("users.lookupByEmail", "users_not_found")
async def test_people_are_found_by_address(client: AsyncWebClient, ana: Person) -> None:
    found = await client.users_lookupByEmail(email="Ana@Bakery.test")
    assert found["user"]["id"] == ana.id
    for nobody in ("old@bakery.test", "who@bakery.test", "sam@other.test"):
        with pytest.raises(SlackApiError, match="users_not_found"):
            await client.users_lookupByEmail(email=nobody)


@pytest.mark.proves("usergroups.list")
@pytest.mark.proves("usergroups.users.list")
@pytest.mark.proves("usergroups.users.list", "no_such_subteam")
async def test_groups_and_their_members_are_listed(client: AsyncWebClient, bo: Person) -> None:
    (group,) = (await client.usergroups_list(include_users=True))["usergroups"]
    assert group["handle"] == "leads"
    assert group["users"] == [bo.id]
    assert (await client.usergroups_users_list(usergroup=group["id"]))["users"] == [bo.id]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await client.usergroups_users_list(usergroup="S123")


async def test_ids_stay_the_same_for_a_key() -> None:
    first = Sandbox(manifest=manifest(), workspace=workspace())
    second = Sandbox(manifest=manifest(), workspace=workspace())
    assert first.people.user("ana").id == second.people.user("ana").id
    assert first.people.channel("general").id == second.people.channel("general").id
    assert first.bot_token != second.bot_token
