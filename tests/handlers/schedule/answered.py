"""What people see of an answer to /schedule, and many customers to ask about."""

from datetime import timedelta

from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.visible import lines_of_message
from tests.world import FIRST_MONDAY

FIRST, SECOND, FAR = (FIRST_MONDAY + timedelta(weeks=weeks) for weeks in (0, 2, 20))

MOST = 120


def first_line(answer: Answer) -> str:
    return answer.lines[0].replace("*", "")


def buttons(answer: Answer) -> list[str]:
    return [
        element["text"]["text"]
        for block in answer.blocks
        for element in block.get("elements", [])
        if element["type"] == "button"
    ]


def offered(answer: Answer) -> list[str]:
    return [
        option["text"]["text"]
        for block in answer.blocks
        for element in block.get("elements", [])
        if not element.get("action_id", "").startswith("follow")
        for option in element.get("options", [])
    ]


async def shown(person: Person, in_: str = "DM") -> Answer:
    """The newest message there."""
    newest = (await person.messages(in_))[-1]
    return Answer([newest], lines=person.readable(lines_of_message(newest)))


async def press(person: Person, words: str, in_: str = "DM", *, on: Json | None = None) -> None:
    """Press a button of a message (the newest, unless told), whatever small print stands above it."""
    newest = on or (await person.messages(in_))[-1]
    row, button = next(
        (block, element)
        for block in newest["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
        if element.get("text", {}).get("text") == words
    )
    address = {"channel": await person.conversation_id(in_), "ts": newest["ts"]}
    outcome = await person.act(address, row, button, {"type": "button"}, {})
    assert outcome["ok"]
