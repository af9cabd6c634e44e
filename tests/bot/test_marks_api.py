"""POST /api/waves/{week}/marks as a program meets it: tokens, answers row by row, and failures in words."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from bot.api_door import MOST_BYTES, ApiDoor
from handlers import api
from handlers.api_doors import ApiAnswer, ApiRoute, Call
from handlers.api_tokens import make_token, withdraw_token
from handlers.marks_api import MOST, MarksAnswer, MarksGiven
from rules.location_life import State, Step
from rules.roles import Role
from store.session import Store
from tests.waves_given import given_wave, states, taken
from tests.world import counted, run

PATH = "/api/waves/2022-01-17/marks"


@pytest.fixture
async def token(store: Store) -> str:
    async with store.transaction(actor="test") as tx:
        return await make_token(tx, "point-of-sale", Role.csa)


@pytest.fixture
async def program(store: Store, token: str) -> AsyncIterator[httpx.AsyncClient]:
    """A program that has a token."""
    async with served(store, *api()) as client:
        client.headers["authorization"] = f"Bearer {token}"
        yield client


def served(store: Store, *routes: ApiRoute) -> httpx.AsyncClient:
    app = FastAPI()
    app.include_router(ApiDoor(store, routes).router())
    transport = httpx.ASGITransport(app)
    return httpx.AsyncClient(transport=transport, base_url="http://wavepost.test")


def moved(*locations: str) -> dict[str, Any]:
    marks = [{"location_id": each, "outcome": "migrated"} for each in locations]
    return {"marks": marks}


async def test_marks_are_answered_one_by_one_and_the_same_again_change_nothing(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store)
    failed = {
        "location_id": "joes-L2",
        "outcome": "failed",
        "cause": "No power",
        "on": "2022-01-17",
    }
    sent = {"marks": [*moved("joes-L1")["marks"], failed, *moved("gone-L1")["marks"]]}

    looked = await program.post(PATH, params={"dry_run": "true"}, json=sent)
    assert set((await states(store)).values()) == {State.planned}
    done = await program.post(PATH, json=sent)

    assert looked.status_code == done.status_code == 200
    assert looked.json() == done.json() | {"dry_run": True}
    answer = done.json()
    assert [answer[each] for each in ("wave", "state", "marked", "unchanged", "refused")] == [
        "2022-01-17",
        "running",
        2,
        0,
        1,
    ]
    assert [each["answer"] for each in answer["marks"]] == ["marked", "marked", "refused"]
    assert "is offboarded" in answer["marks"][2]["why"]
    assert answer["marks"][2]["field"] == "location_id"
    assert (await states(store))["joes-L2"] is State.failed
    assert await counted(store, "audit WHERE actor = 'the program point-of-sale'") > 0

    before = await counted(store, "location_steps")
    again = (await program.post(PATH, json=sent)).json()
    assert (again["marked"], again["unchanged"], again["refused"]) == (0, 2, 1)
    assert await counted(store, "location_steps") == before


async def test_marks_that_contradict_each_other_are_all_refused(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store)
    sent = moved("joes-L1", "joes-L2", "joes-L2", "joes-L1")
    sent["marks"][3] = {"location_id": "joes-L1", "outcome": "failed", "cause": "No power"}

    answer = (await program.post(PATH, json=sent)).json()

    told = [each["answer"] for each in answer["marks"]]
    assert told == ["refused", "marked", "unchanged", "refused"]
    assert answer["marks"][0]["why"].startswith("Marks 0 and 3 are of the same location")
    assert (await states(store))["joes-L1"] is State.planned


async def test_a_wrong_day_of_a_second_try_is_refused_under_its_field_and_the_others_are_marked(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store)
    await taken(store, "joes-L1", Step.fail, "No power")
    sent = moved("joes-L1", "joes-L2", "joes-L3")
    sent["marks"][0] |= {"remedy": "Plugged it in", "on": "2022-01-10"}
    sent["marks"][1] |= {"on": "2022-01-19"}

    looked = await program.post(PATH, params={"dry_run": "true"}, json=sent)
    done = await program.post(PATH, json=sent)

    assert looked.status_code == done.status_code == 200, done.text
    assert looked.json() == done.json() | {"dry_run": True}
    marks = done.json()["marks"]
    assert [each["answer"] for each in marks] == ["refused", "refused", "marked"]
    assert [each["field"] for each in marks[:2]] == ["on", "on"]
    assert "is before the wave" in marks[0]["why"]
    assert "is still to come" in marks[1]["why"]
    assert await states(store) == {
        "joes-L1": State.failed,
        "joes-L2": State.planned,
        "joes-L3": State.migrated,
    }

    sent["marks"][0] |= {"on": "2022-01-17"}
    assert (await program.post(PATH, json=sent)).json()["marked"] == 1
    assert (await states(store))["joes-L1"] is State.migrated


async def test_the_same_call_many_times_at_once_has_one_effect(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store)
    key = {"Idempotency-Key": "one"}
    keyed = [program.post(PATH, json=moved("joes-L1"), headers=key) for _ in range(4)]
    others = [program.post(PATH, json=moved("joes-L1")) for _ in range(4)]

    answers = await asyncio.gather(*keyed, *others)

    assert {each.status_code for each in answers} == {200}
    assert await counted(store, "location_steps WHERE location_id = 'joes-L1'") == 1
    assert len({each.text for each in answers[:4]}) == 1, "one answer for one key"
    told = [each.json()["marked"] for each in answers[3:]]
    assert sum(told) == 1, "one of all of them marked it"


async def test_where_nothing_can_be_taken_the_answer_is_a_conflict_that_can_be_tried_again(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store, running=False)
    await run(store, "INSERT INTO waves (week, state) VALUES ('2022-01-17', 'announced')")
    key = {"Idempotency-Key": "one"}

    refused = await program.post(PATH, json=moved("joes-L1"), headers=key)
    assert refused.status_code == 409
    assert "The mark could not be taken, so nothing was changed." in refused.json()["message"]
    assert "has not started" in refused.json()["marks"][0]["why"]

    assert await counted(store, "interactions") == 0, "the key is free for the next try"


async def test_a_key_has_one_effect_and_one_answer(
    program: httpx.AsyncClient, store: Store
) -> None:
    await given_wave(store)
    key = {"Idempotency-Key": "e3b0c442"}
    first = await program.post(PATH, json=moved("joes-L1"), headers=key)
    again = await program.post(PATH, json=moved("joes-L1"), headers=key)
    other = await program.post(PATH, json=moved("joes-L2"), headers=key)
    bad = await program.post(PATH, json=moved("joes-L2"), headers={"Idempotency-Key": "a b"})

    assert first.json() == again.json()
    assert again.json()["marked"] == 1, "the answer that was given then"
    assert other.status_code == bad.status_code == 422
    assert "came before with something else" in other.json()["message"]
    assert (await states(store))["joes-L2"] is State.planned


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer wavepost_no"}, {"authorization": "Basic eDp5"}]
)
async def test_who_shows_no_good_token_is_told_how_to_get_one(
    headers: dict[str, str], store: Store
) -> None:
    async with served(store, *api()) as client:
        answer = await client.post(PATH, json=moved("joes-L1"), headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "oken" in answer.json()["message"]


async def test_a_withdrawn_token_opens_nothing(program: httpx.AsyncClient, store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await withdraw_token(tx, "point-of-sale")

    assert (await program.post(PATH, json=moved("joes-L1"))).status_code == 401


async def test_a_token_without_the_role_is_refused_and_that_is_written_down(
    token: str, store: Store
) -> None:
    async def answer(call: Call, store: Store) -> ApiAnswer:
        raise AssertionError("it was let in")

    for_leads = ApiRoute("/api/only", Role.lead, MarksGiven, MarksAnswer, answer)
    async with served(store, for_leads) as client:
        headers = {"authorization": f"Bearer {token}"}
        refused = await client.post("/api/only", json=moved("joes-L1"), headers=headers)

    assert refused.status_code == 403
    assert "needs a token with the role lead; yours has the role csa" in refused.json()["message"]
    assert await counted(store, "audit WHERE action = 'refused' AND reason = 'needs lead'") == 1


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ("2022-01-18", "the wave of that week is 2022-01-17"),
        ("soon", "named by its Monday"),
        ("2030-01-07", "There is no wave in the week of"),
    ],
)
async def test_a_wave_that_is_not_there_is_told(
    program: httpx.AsyncClient, week: str, words: str
) -> None:
    answer = await program.post(f"/api/waves/{week}/marks", json=moved("joes-L1"))

    assert answer.status_code == 404
    assert words in answer.json()["message"]


async def test_what_cannot_be_read_is_told_field_by_field(program: httpx.AsyncClient) -> None:
    marks: list[dict[str, object]] = [
        {"location_id": "", "outcome": "migrated"},
        {"location_id": "L-1", "outcome": "gone", "lost_orders": "maybe"},
        {"location_id": "L-1", "outcome": "migrated", "on": "soon", "colour": "red"},
    ]
    answer = await program.post(PATH, json={"marks": marks})

    assert answer.status_code == 422
    places = {each.partition(":")[0] for each in answer.json()["messages"]}
    assert places == {
        "marks.0.location_id",
        "marks.1.outcome",
        "marks.1.lost_orders",
        "marks.2.on",
        "marks.2.colour",
    }
    assert (await program.post(PATH, content=b"{")).status_code == 422


@pytest.mark.parametrize("query", ["?dry_run=maybe", "?dryrun=true", "?dry_run=true&x=1"])
async def test_a_misspelt_look_is_not_taken_for_the_thing_itself(
    program: httpx.AsyncClient, store: Store, query: str
) -> None:
    await given_wave(store)
    answer = await program.post(PATH + query, json=moved("joes-L1"))

    assert answer.status_code == 422
    assert (await states(store))["joes-L1"] is State.planned


async def test_more_than_is_taken_at_once_is_refused_whole(program: httpx.AsyncClient) -> None:
    many = await program.post(PATH, json=moved(*["L"] * (MOST + 1)))
    large = await program.post(PATH, content=b" " * (MOST_BYTES + 1))

    assert many.status_code == large.status_code == 413
    assert "nothing was changed" in many.json()["message"]
    assert "nothing was changed" in large.json()["message"]


async def test_it_is_described_as_openapi_has_it(store: Store) -> None:
    async with served(store, *api()) as client:
        told = (await client.get("/api/openapi.json")).json()

    operation = told["paths"]["/api/waves/{week}/marks"]["post"]
    assert set(operation["responses"]) == {"200", "401", "403", "404", "409", "413", "422", "503"}
    schemas = told["components"]["schemas"]
    assert schemas["MarkGiven"]["required"] == ["location_id", "outcome"]
    assert set(schemas["Outcome"]["enum"]) == {"migrated", "failed"}
