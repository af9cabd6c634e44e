"""What Slack delivers again has one effect, and the same reply."""

import asyncio

from bot.assembly import Wavepost
from bot.sandbox.delivery import Kind, Parcel
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from store.session import Store
from tests.bot.front_door import Press, altered, front_door
from tests.bot.slack_door.listeners import FIELD, each_delivery, everywhere, say_once
from tests.world import FIRST_MONDAY, World, counted

KEPT_DIFFERENTLY = "This was sent before with other content"


async def test_every_delivery_has_one_effect_and_the_same_reply_however_often_it_comes(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store, *everywhere(say_once)) as door:
        for number, parcel in enumerate(each_delivery(member), 1):
            replies = [await door.post(parcel) for _ in range(3)]
            together = await asyncio.gather(*(door.post(parcel) for _ in range(3)))

            bodies = {reply.text for reply in (*replies, *together)}
            assert len(bodies) == 1
            assert {reply.status_code for reply in (*replies, *together)} == {200}
            assert await counted(store, "outbox") == number

    assert await counted(store, "interactions") == 4


async def test_the_same_key_with_other_content_is_told_what_was_kept(
    settings: Settings, store: Store, member: Press
) -> None:
    parcel = member.command("/say", "this")
    form = member.submission("say", [FIELD], {"why": {"a": {"value": "this"}}})
    view = form.payload["view"] | {"state": {"values": {"why": {"a": {"value": "that"}}}}}
    happened = member.event("say", said="this")
    async with front_door(settings, store, *everywhere(say_once)) as door:
        for each in (parcel, form, happened):
            await door.post(each)
        told = await door.post(altered(parcel, text="that"))
        in_form = await door.post(altered(form, view=view))
        again = await door.post(
            altered(happened, event=happened.payload["event"] | {"said": "that"})
        )

    assert KEPT_DIFFERENTLY in told.json()["text"]
    assert KEPT_DIFFERENTLY in in_form.json()["errors"]["why"]
    assert again.status_code == 200
    assert await counted(store, "outbox") == 3


async def test_two_presses_of_one_button_post_once(
    ana: Person, sandbox: Sandbox, store: Store
) -> None:
    world = World()
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY: 1})
    await world.keep(store)
    await ana.command("/schedule joes pizza", in_="#general")
    await ana.press("Post here for all", in_="#general")
    pressed = [
        record["request"]
        for record in sandbox.world.inspector.after(0)
        if record["kind"] == Kind.interaction
    ][-1]

    for payload in (pressed, pressed | {"trigger_id": "another.press"}):
        parcel = Parcel(Kind.interaction, "block_actions", payload)
        receipt = await sandbox.world.delivery.send(parcel)
        assert receipt.status == 200

    assert await counted(store, "outbox") == 1


async def test_an_event_told_twice_is_kept_once(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    sandbox.people.edit("ana", real_name="Ana Maria")
    await sandbox.world.events.settle()
    told = [
        record["request"]
        for record in sandbox.world.inspector.after(0)
        if record["kind"] == Kind.event
    ][-1]

    receipt = await sandbox.world.delivery.send(Parcel(Kind.event, "user_change", told, 1))

    assert receipt.status == 200
    assert await counted(store, "interactions") == 1
