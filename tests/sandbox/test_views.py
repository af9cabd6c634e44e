import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox

from .apps import Receiver
from .forms import form, home, note, text_field
from .workspaces import manifest, workspace


def refusal(refused: pytest.ExceptionInfo[SlackApiError]) -> str:
    return str(refused.value.response["error"])


async def trigger_of(receiver: Receiver, person: Person) -> str:
    await person.command("/form", in_="#general")
    return (await receiver.next()).form["trigger_id"]


@pytest.mark.proves("views.open")
async def test_an_opened_view_is_answered_whole(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    view = (await client.views_open(trigger_id=trigger, view=form(note("x"))))["view"]
    assert view["id"].startswith("V")
    assert view["app_id"] == sandbox.world.directory.app.app_id
    assert view["hash"]
    assert (view["close"], view["private_metadata"], view["notify_on_close"]) == (None, "", False)
    assert view["blocks"][0]["block_id"]
    assert view["state"] == {"values": {}}


@pytest.mark.proves("views.open")
@pytest.mark.proves("views.open", "exchanged_trigger_id")
async def test_a_trigger_is_used_once(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    await client.views_open(trigger_id=trigger, view=form(note("x")))
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=form(note("x")))
    assert refusal(refused) == "exchanged_trigger_id"


@pytest.mark.proves("views.open", "expired_trigger_id")
async def test_a_trigger_lives_three_seconds(
    sandbox: Sandbox, receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    sandbox.clock.advance(3.1)
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=form(note("x")))
    assert refusal(refused) == "expired_trigger_id"


@pytest.mark.proves("views.open")
@pytest.mark.proves("views.open", "invalid_arguments")
async def test_a_trigger_survives_a_refused_view(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=form(title="x" * 25))
    assert (await client.views_open(trigger_id=trigger, view=form(note("x"))))["ok"]


@pytest.mark.parametrize(
    ("trigger", "error"), [("1.2.3", "invalid_trigger_id"), ("", "invalid_arguments")]
)
@pytest.mark.proves("views.open", "{error}")
async def test_a_made_up_trigger_is_refused(
    client: AsyncWebClient, trigger: str, error: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=trigger, view=form(note("x")))
    assert refusal(refused) == error


@pytest.mark.proves("views.push", "invalid_trigger_id")
async def test_a_push_needs_a_trigger_from_a_modal(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    with pytest.raises(SlackApiError) as refused:
        await client.views_push(trigger_id=trigger, view=form(note("x")))
    assert refusal(refused) == "invalid_trigger_id"


@pytest.mark.proves("views.open")
async def test_a_modal_opened_from_a_modal_lies_on_it(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    await client.views_open(trigger_id=trigger, view=form(note("x", button="More")))
    await ana.press("More", in_="modal")
    trigger = (await receiver.next()).json["trigger_id"]
    await client.views_open(trigger_id=trigger, view=form(note("y"), title="Top"))
    assert ((await ana.modal.look()).title, ana.modal.depth) == ("Top", 2)


@pytest.mark.proves("views.open")
async def test_a_new_command_leaves_an_abandoned_modal_behind(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    for title in ("First", "Second"):
        trigger = await trigger_of(receiver, ana)
        await client.views_open(trigger_id=trigger, view=form(note("x"), title=title))
    assert ((await ana.modal.look()).title, ana.modal.depth) == ("Second", 1)


@pytest.mark.proves("views.update")
@pytest.mark.proves("views.update", "hash_conflict")
async def test_an_update_with_an_old_hash_is_refused(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    view = (await client.views_open(trigger_id=trigger, view=form(note("one"))))["view"]
    args = {"view_id": view["id"], "hash": view["hash"]}
    updated = (await client.views_update(view=form(note("two")), **args))["view"]
    assert updated["hash"] != view["hash"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_update(view=form(note("three")), **args)
    assert await ana.sees("two", in_="modal")


@pytest.mark.proves("views.open", "duplicate_external_id")
@pytest.mark.proves("views.update")
async def test_a_view_can_be_named_by_the_app(
    receiver: Receiver, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    view = form(note("one"), external_id="mine")
    await client.views_open(trigger_id=trigger, view=view)
    await client.views_update(external_id="mine", view=form(note("two"), external_id="mine"))
    assert await ana.sees("two", in_="modal")
    trigger = await trigger_of(receiver, bo)
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await client.views_open(trigger_id=trigger, view=view)


@pytest.mark.proves("views.open")
@pytest.mark.proves("views.update", "not_found")
async def test_a_closed_view_cannot_be_updated(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    view = (await client.views_open(trigger_id=trigger, view=form(note("x"))))["view"]
    await ana.modal.close()
    with pytest.raises(SlackApiError, match="not_found"):
        await client.views_update(view_id=view["id"], view=form(note("y")))
    with pytest.raises(SlackApiError, match="view_id"):
        await client.api_call("views.update", json={"view": form(note("y"))})


@pytest.mark.proves("views.open")
async def test_nobody_can_send_or_close_the_modal_of_another(
    receiver: Receiver, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    view = (await client.views_open(trigger_id=trigger, view=form(text_field())))["view"]
    for deed in ("submit", "close"):
        with pytest.raises(AssertionError, match="no longer open"):
            await bo.wire.post(f"views/{view['id']}/{deed}")


@pytest.mark.proves("views.open", "view_too_large")
async def test_a_view_too_large_is_refused(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    blocks = [note("x" * 2900) for _ in range(90)]
    with pytest.raises(SlackApiError, match="view_too_large"):
        await client.views_open(trigger_id=trigger, view=form(*blocks))


@pytest.mark.proves("views.publish")
@pytest.mark.proves("app_home_opened")
async def test_a_home_is_published_and_seen(
    receiver: Receiver, client: AsyncWebClient, ana: Person, bo: Person
) -> None:
    assert await ana.home() is None
    event = (await receiver.next_event()).json["event"]
    assert (event["type"], event["user"], event["tab"]) == ("app_home_opened", ana.id, "home")
    assert "view" not in event

    published = await client.views_publish(user_id=ana.id, view=home(note("Your week")))
    assert await ana.sees("Your week", in_="home")
    assert await bo.home() is None
    await receiver.next_event()
    await ana.home()
    event = (await receiver.next_event()).json["event"]
    assert event["view"]["id"] == published["view"]["id"]


@pytest.mark.proves("views.publish")
@pytest.mark.proves("block_actions")
async def test_a_button_in_the_home_is_told(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    await client.views_publish(user_id=ana.id, view=home(note("Your week", button="Go")))
    await ana.press("Go", in_="home")
    payload = (await receiver.next()).json
    assert payload["container"]["type"] == "view"
    assert payload["view"]["type"] == "home"
    await client.views_open(trigger_id=payload["trigger_id"], view=form(note("x")))
    assert (await ana.modal.look()).depth == 1


@pytest.mark.proves("views.publish")
@pytest.mark.proves("views.publish", "hash_conflict")
async def test_a_home_published_with_an_old_hash_is_refused(
    client: AsyncWebClient, ana: Person
) -> None:
    first = (await client.views_publish(user_id=ana.id, view=home(note("one"))))["view"]
    await client.views_publish(user_id=ana.id, view=home(note("two")), hash=first["hash"])
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await client.views_publish(user_id=ana.id, view=home(note("x")), hash=first["hash"])


@pytest.mark.proves("views.publish", "invalid_arguments", "not_enabled")
async def test_a_home_needs_its_tab_and_a_person(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id="U123", view=home(note("x")))
    app = manifest()
    app["features"]["app_home"]["home_tab_enabled"] = False
    async with Sandbox(manifest=app, workspace=workspace()).running() as sandbox:
        client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_address)
        ana = sandbox.people.user("ana").id
        with pytest.raises(SlackApiError, match="not_enabled"):
            await client.views_publish(user_id=ana, view=home(note("x")))


@pytest.mark.proves("views.open", "invalid_arguments")
@pytest.mark.proves("views.publish", "invalid_arguments")
async def test_a_home_is_not_a_modal(
    receiver: Receiver, client: AsyncWebClient, ana: Person
) -> None:
    trigger = await trigger_of(receiver, ana)
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_open(trigger_id=trigger, view=home(note("x")))
    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.views_publish(user_id=ana.id, view=form(note("x")))
