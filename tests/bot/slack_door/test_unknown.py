"""What nobody knows: commands, forms of another version, people of whom nothing is kept yet."""

from bot.sandbox.person import Person
from bot.settings import COMMANDS, Settings
from handlers.blocks import built, section
from handlers.doors import command
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.session import Store
from tests.bot.front_door import Press, front_door
from tests.bot.slack_door.listeners import FIELD
from tests.world import counted, run


async def test_an_unknown_command_is_told_which_there_are(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store) as door:
        answer = await door.post(member.command("/nonsense"))

    known = ", ".join(COMMANDS)
    assert answer.json()["text"] == f"I do not know /nonsense. I answer {known}."
    assert answer.json()["response_type"] == "ephemeral"


async def test_a_form_of_an_older_version_says_so_and_keeps_what_was_typed(
    settings: Settings, store: Store, member: Press
) -> None:
    async with front_door(settings, store) as door:
        form = await door.post(member.submission("gone", [FIELD]))
        typeahead = await door.post(member.options("gone", "x"))
        happened = await door.post(member.event("gone"))

    assert "from an older Wavepost" in form.json()["errors"]["why"]
    assert typeahead.json() == {"options": []}
    assert happened.status_code == 200


async def test_who_is_not_in_the_directory_yet_is_looked_up_and_answered(
    ana: Person, store: Store
) -> None:
    await run(store, "DELETE FROM people WHERE id = :id", id=ana.id)

    answer = await ana.command("/schedule help")

    assert "Find out when" in answer
    assert await counted(store, f"people WHERE id = '{ana.id}'") == 1


async def test_a_command_may_be_called_otherwise(
    settings: Settings, store: Store, member: Press
) -> None:
    commands = settings.commands | {"/say": "/acme-say"}
    renamed = settings.model_copy(update={"commands": commands})

    async def name(ask: Interaction, store: Store) -> Reply:
        return note(built(section("x")), f"{ask.name} is called {ask.called}")

    async with front_door(renamed, store, command("/say", role=Role.viewer)(name)) as door:
        answer = await door.post(member.command("/acme-say"))

    assert answer.json()["text"] == "/say is called /acme-say"
