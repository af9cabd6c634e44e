"""Escalations decided by several at once, twice over, while processes of Wavepost are killed.

Nothing is lost, doubled, or reached by a step that is not allowed: the steps replay to where each
stands, and so does the audit. `make test` runs a short form. The long one:
`WAVEPOST_ESCALATION_STEPS=200 make test ARGS="-s tests/handlers/test_escalation_life.py"`.
"""

import asyncio
import contextlib
import os
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from itertools import count
from typing import TypeVar

import httpx
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from bot.sandbox.delivery import Parcel
from bot.sandbox.ids import stable_id
from bot.sandbox.json_types import Json
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.escalating import Wish, escalate
from handlers.planning import publish_first_plan
from handlers.roles import give
from rules.escalation import Category, replay
from rules.parameters import Parameters
from rules.roles import Role
from store.session import Store
from tests.bot.front_door import FrontDoor, Press, altered
from tests.conftest import TODAY
from tests.post_office import until
from tests.replica import Replicas, shared_port
from tests.world import ANA, World, counted, run

STEPS = int(os.environ.get("WAVEPOST_ESCALATION_STEPS", "12"))
PATIENCE = 120.0
BETWEEN_KILLS = 4
REQUESTER = stable_id("U", "ana")
LEADS = (stable_id("U", "lea"), stable_id("U", "ada"))
WISHED = TODAY + timedelta(weeks=3)
Given = TypeVar("Given")


@dataclass(frozen=True)
class Deed:
    """What somebody does in a modal: its callback, and what its fields hold beside the words."""

    callback: str
    due_on: date | None = None
    to: str | None = None

    def parcel(self, person: str, number: int, version: int, words: str) -> Parcel:
        """The modal as Slack delivers it, about an escalation at a version."""
        values: Json = {"words": {"words": {"type": "plain_text_input", "value": words}}}
        if self.due_on:
            chosen: Json = {"type": "datepicker", "selected_date": self.due_on.isoformat()}
            values["due_on"] = {"due_on": chosen}
        if self.to:
            option: Json = {"text": {"type": "plain_text", "text": "A lead"}, "value": self.to}
            values["to"] = {"to": {"type": "static_select", "selected_option": option}}
        sent = Press(person).submission(self.callback, [], values)
        view = sent.payload["view"] | {"private_metadata": f"{number}|{version}"}
        return altered(sent, view=view)


DECISIONS = (
    Deed("triage_asked"),
    Deed("triage_declined"),
    Deed("triage_approved", due_on=WISHED),
    Deed("triage_approved_partly", due_on=WISHED + timedelta(weeks=2)),
    *(Deed("triage_handed_over", to=lead) for lead in LEADS),
)
REPLIES = (Deed("escalation_answer"), Deed("escalation_withdraw"))


class Triage:
    """Escalations, behind the door of processes that die."""

    def __init__(self, store: Store, door: FrontDoor, replicas: Replicas) -> None:
        self.store, self.door, self.replicas = store, door, replicas
        self.words = count(1)
        self.acts = count(1)
        self.killed = 0

    async def send(self) -> int:
        async with self.store.transaction(actor=REQUESTER) as tx:
            wish = Wish(["joes-L1", "joes-L2"], Category.leaving, "They sign elsewhere", WISHED)
            return await escalate(tx, wish, by=REQUESTER, today=TODAY)

    async def version(self, number: int) -> int:
        async with self.store.reading() as reading:
            row = await reading.escalations.get(number)
        assert row
        return row.version

    async def deliver(self, parcel: Parcel) -> None:
        """Deliver until there is an answer, as somebody would press again who heard nothing."""

        async def answered() -> bool:
            with contextlib.suppress(httpx.TransportError):
                return (await self.door.post(parcel)).status_code == HTTPStatus.OK
            return False

        await until(answered, patience=PATIENCE)

    async def all_at_once(self, parcels: Sequence[Parcel]) -> None:
        """Deliver everything twice, at the same time; at each fourth time a process is killed."""
        deaths = []
        if next(self.acts) % BETWEEN_KILLS == 0:
            self.killed += 1
            chance = random.Random(self.killed)
            deaths = [self.replicas.kill_one(chance)]
        await asyncio.gather(*map(self.deliver, [*parcels, *parcels]), *deaths)

    async def check(self, number: int) -> None:
        """The steps and the audit both lead to where it stands, and nothing is there twice."""
        async with self.store.reading(consistent=True) as reading:
            row = await reading.escalations.get(number)
            steps = await reading.escalations.steps(number)
            audit = await reading.connection.execute(
                text("""
                    SELECT action, before, after FROM audit
                    WHERE subject = :subject AND before IS NOT NULL ORDER BY id
                """),
                {"subject": f"escalation {number}"},
            )
            told = [tuple(each) for each in audit]
        assert row
        standing = replay(row.sent_by, [step.taken for step in steps])
        stands = (row.state, row.version, row.in_hand_of)
        assert stands == (standing.state, standing.version, standing.in_hand_of)
        said = [step.words for step in steps if step.words.startswith("words ")]
        assert len(said) == len(set(said)), "a delivery that came twice did one thing"
        assert [action for action, _, _ in told] == [f"escalation {step.step}" for step in steps]
        now = {"state": "new", "version": 1, "in_hand_of": None}
        for _, before, after in told:
            assert before == now
            now = {name: after[name] for name in now}
        assert (now["state"], now["version"], now["in_hand_of"]) == stands


def life(
    triage: Triage, wait: Callable[[Awaitable[object]], object]
) -> type[RuleBasedStateMachine]:
    """What may happen to one escalation; `wait` has something done in the test's own loop."""

    class Life(RuleBasedStateMachine):
        @initialize()
        def begin(self) -> None:
            self.number = int(str(wait(triage.send())))

        @rule(
            decisions=st.lists(st.sampled_from(DECISIONS), min_size=1, max_size=3),
            reply=st.none() | st.sampled_from(REPLIES),
            late_by=st.sampled_from([0, 0, 0, 1]),
        )
        def all_act_at_once(self, decisions: list[Deed], reply: Deed | None, late_by: int) -> None:
            seen = max(1, int(str(wait(triage.version(self.number)))) - late_by)
            deeds = [(LEADS[at % 2], deed) for at, deed in enumerate(decisions)]
            deeds += [(REQUESTER, reply)] if reply else []
            parcels = [
                deed.parcel(person, self.number, seen, f"words {next(triage.words)}")
                for person, deed in deeds
            ]
            wait(triage.all_at_once(parcels))

        @invariant()
        def everything_agrees(self) -> None:
            wait(triage.check(self.number))

    return Life


@pytest.fixture
async def triage(store: Store, sandbox: Sandbox, settings: Settings) -> AsyncIterator[Triage]:
    """Two processes of Wavepost, a plan that holds, and two leads."""
    world = World()
    world.csa()
    for name, customer in (("Cleo's", "cleos"), ("Joe's Pizza", "joes")):
        world.customer(name, id=customer, csa=ANA, unplaced=2, binding=None)
    await world.keep(store, planned=False)
    await run(
        store,
        "INSERT INTO waves SELECT '2021-12-06'::date + 7 * n, 'closed' FROM generate_series(0, 2) AS n",
    )
    async with store.transaction(actor="test") as tx:
        await publish_first_plan(tx, today=TODAY, parameters=Parameters())
    with contextlib.closing(shared_port()) as reserved:
        port = reserved.getsockname()[1]
        replicas = Replicas(settings, port)
        secret = settings.slack_signing_secret
        assert secret
        door = FrontDoor(f"http://127.0.0.1:{port}", secret.get_secret_value())
        try:
            await until(lambda: _knows(store, *LEADS, REQUESTER), patience=PATIENCE)
            async with store.transaction(actor="test") as tx:
                for lead in ("lea", "ada"):
                    await give(tx, f"{lead}@northwind.example", Role.lead)
            yield Triage(store, door, replicas)
        finally:
            replicas.end()


async def _knows(store: Store, *people: str) -> bool:
    async with store.reading() as reading:
        found = [(await reading.people.asking(person)).person for person in people]
    return all(found)


async def test_nothing_is_lost_or_doubled_or_reached_by_a_forbidden_step(triage: Triage) -> None:
    loop = asyncio.get_running_loop()

    def wait(work: Awaitable[Given]) -> Given:
        async def done() -> Given:
            return await work

        return asyncio.run_coroutine_threadsafe(done(), loop).result(3 * PATIENCE)

    short = hypothesis_settings(
        max_examples=max(1, STEPS // 12),
        stateful_step_count=12,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    machine = life(triage, wait)
    await asyncio.to_thread(run_state_machine_as_test, machine, settings=short)
    taken = await counted(triage.store, "escalation_steps WHERE words LIKE 'words %'")
    sent = next(triage.words) - 1
    assert triage.killed
    assert 0 < taken < sent, "some of what was sent was in time, and some was not"
