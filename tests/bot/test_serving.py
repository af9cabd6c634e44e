"""Serving ends when it is told to: it finishes what it answers, and waits for nobody for ever."""

import asyncio
import socket

import httpx
import pytest
from fastapi import FastAPI, Request

from bot.serving import CannotListen, serving
from tests.tls import TRUST

HALF = b"POST /slow HTTP/1.1\r\nHost: wavepost\r\nContent-Length: 100\r\n\r\nhalf"
PATIENCE = 30
"""Seconds until a test that hangs is given up."""


class Slow:
    """An application that answers when it is let, and says when it was asked."""

    def __init__(self) -> None:
        self.app = FastAPI()
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.app.post("/slow")(self._answer)

    async def _answer(self, request: Request) -> str:
        self.asked.set()
        await request.body()
        await self.may_answer.wait()
        return "done"


async def until_it_refuses(url: str) -> None:
    """Wait until nobody new is let in."""
    while True:
        try:
            async with httpx.AsyncClient(verify=TRUST) as stranger:
                await stranger.get(url)
        except httpx.ConnectError:
            return
        except httpx.TransportError:
            continue  # let in as the door closed, and put out again without an answer


async def test_who_never_sends_the_rest_of_a_request_does_not_keep_the_server_from_ending(
    caplog: pytest.LogCaptureFixture,
) -> None:
    slow = Slow()
    async with asyncio.timeout(PATIENCE):
        async with serving(slow.app, grace=1) as address:
            reader, writer = await asyncio.open_connection("127.0.0.1", httpx.URL(address).port)
            writer.write(HALF)
            await slow.asked.wait()
        answered = await reader.readline()
        writer.close()
        await writer.wait_closed()

    assert b" 503 " in answered
    assert not [record for record in caplog.records if record.exc_info]


async def test_what_is_being_answered_is_finished_before_the_server_ends() -> None:
    slow, ending = Slow(), asyncio.Event()

    async def serve(address: "asyncio.Future[str]") -> None:
        async with serving(slow.app, grace=PATIENCE) as served:
            address.set_result(served)
            await ending.wait()

    address = asyncio.get_running_loop().create_future()
    async with (
        asyncio.timeout(PATIENCE),
        asyncio.TaskGroup() as tasks,
        httpx.AsyncClient(verify=TRUST) as asks,
    ):
        server = tasks.create_task(serve(address))
        url = f"{await address}/slow"
        answer = tasks.create_task(asks.post(url))
        await slow.asked.wait()
        ending.set()
        await until_it_refuses(url)
        assert not server.done()
        slow.may_answer.set()

        assert (await answer).json() == "done"


async def test_a_port_that_is_taken_is_told_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotListen, match=f"127.0.0.1:{port} .Address already in use"):
            async with serving(FastAPI(), port=port):
                pytest.fail("two cannot listen there")


@pytest.mark.parametrize("host", ["192.0.2.1", "not a host"])
async def test_a_host_that_is_not_this_machine_is_told_in_words(host: str) -> None:
    with pytest.raises(CannotListen, match="WAVEPOST_HOST") as told:
        async with serving(FastAPI(), host=host):
            pytest.fail("it is not this machine's")

    assert f"{host}:0 (" in str(told.value)
    assert "Unknown error" not in str(told.value)
