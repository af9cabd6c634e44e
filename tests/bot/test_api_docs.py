"""docs/api.md: what it shows is what happens."""

import asyncio
import json
import os
import re
import shutil
from pathlib import Path
from socket import socket

import pytest
from fastapi import FastAPI

from bot.api_description import FAILURES
from bot.api_door import ApiDoor
from bot.serving import serving
from handlers import api
from handlers.api_tokens import make_token
from rules.location_life import State
from rules.roles import Role
from store.session import Store
from tests.waves_given import given_wave, states

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()


def block(language: str) -> str:
    """The one example in this language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```", DOCS, re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the example is one of curl")
async def test_the_example_with_curl_is_answered_as_shown(store: Store, listening: socket) -> None:
    await given_wave(store)
    async with store.transaction(actor="test") as tx:
        token = await make_token(tx, "point-of-sale", Role.csa)
    app = FastAPI()
    app.include_router(ApiDoor(store, api()).router())
    async with serving(app, at=listening) as address:
        settings = {"WAVEPOST_ADDRESS": address, "WAVEPOST_TOKEN": token}
        curl = await asyncio.create_subprocess_exec(
            "sh",
            "-c",
            block("sh"),
            env=os.environ | settings | {"no_proxy": "*"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, problem = await curl.communicate()

    assert curl.returncode == 0, problem
    assert json.loads(said) == json.loads(block("json"))
    assert (await states(store))["joes-L2"] is State.failed


def test_every_status_is_explained() -> None:
    told = set(re.findall(r"^\| (\d{3}) \|", DOCS, re.MULTILINE))

    assert told == set(FAILURES) | {"409"}
