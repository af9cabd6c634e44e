"""Requests that no client of ours and no app makes are refused in words, never with a 500."""

import json

import aiohttp
import pytest

from bot.sandbox.server import Sandbox

DEEP = "[" * 100_000
JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


async def answered(
    sandbox: Sandbox, path: str, content: bytes | str, headers: dict[str, str]
) -> tuple[int, str]:
    async with (
        aiohttp.ClientSession() as session,
        session.post(sandbox.address + path, data=content, headers=headers) as answer,
    ):
        return answer.status, await answer.text()


@pytest.mark.parametrize("host", ["[bad", "evil.example", "127.0.0.1:8x", "127.0.0.1.evil.example"])
async def test_a_name_that_is_not_this_machines_is_refused(sandbox: Sandbox, host: str) -> None:
    status, words = await answered(sandbox, "/api/api.test", "{}", JSON | {"Host": host})

    assert (status, "on this machine only" in words) == (403, True)


@pytest.mark.parametrize("origin", ["http://[bad", "null", "http://evil.example"])
async def test_a_page_of_somebody_else_may_not_act(sandbox: Sandbox, origin: str) -> None:
    status, words = await answered(sandbox, "/client/api/home", "{}", JSON | {"Origin": origin})

    assert (status, words) == (403, "Another web page may not act here.")


@pytest.mark.parametrize("content", [DEEP, b"\xff\xfe", "{"], ids=["deep", "no text", "cut off"])
async def test_the_web_api_refuses_what_is_no_json(sandbox: Sandbox, content: bytes | str) -> None:
    status, words = await answered(sandbox, "/api/api.test", content, JSON)

    assert (status, json.loads(words)["error"]) == (200, "invalid_json")


@pytest.mark.parametrize(
    "content",
    [DEEP, b"\xff\xfe", '{"text": "\\ud800"}', "[]"],
    ids=["deep", "no text", "half", "list"],
)
async def test_the_page_refuses_what_is_no_json(sandbox: Sandbox, content: bytes | str) -> None:
    status, words = await answered(sandbox, "/client/api/commands", content, JSON)

    assert (status, json.loads(words)["error"]) == (400, "invalid_json")


@pytest.mark.parametrize("state", [{"names": "x"}, {"names": {"names": "x"}}, {"names": None}])
async def test_a_form_of_another_shape_is_refused(sandbox: Sandbox, state: object) -> None:
    me = sandbox.people.user("ana").id
    body = json.dumps({"as": me, "state": state, "container": {}, "value": {}})

    status, words = await answered(sandbox, "/client/api/views/V1/submit", body, JSON)

    assert status in (400, 404)
    assert json.loads(words)["message"]


@pytest.mark.parametrize("after", ["²", "9" * 5_000, "-1", "x"])
async def test_requests_are_counted_by_numbers(sandbox: Sandbox, after: str) -> None:
    async with aiohttp.ClientSession() as session:
        url = f"{sandbox.address}/client/api/requests"
        async with session.get(url, params={"after": after}) as answer:
            assert (answer.status, (await answer.json())["error"]) == (400, "invalid_after")


async def test_an_answer_without_its_payload_is_refused(sandbox: Sandbox) -> None:
    status, words = await answered(sandbox, "/commands/T1/1/none", "text=hello", FORM)

    assert status < 500
    assert words
