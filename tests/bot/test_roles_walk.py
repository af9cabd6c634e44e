"""Every listener and every route × every role and kind of person: allowed exactly when the rules say so.

The walk finds listeners and routes by itself. A new listener is walked with the role it names; a new
route has to say in its tags who may ask for it.
"""

import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text

from bot.assembly import Wavepost, assembled
from bot.cookies import SESSION, Cookies
from bot.page_door import Guard, PageDoor, csrf_of
from bot.sandbox.delivery import Parcel
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.trial_clock_page import business_time
from bot.web import Access
from handlers import pages, register
from handlers.blocks import built, section
from handlers.doors import ROOT, SLACK, Answer, Door, Listener
from handlers.interaction import Interaction
from handlers.page_doors import Method, Reaction, Route
from handlers.pages import Html
from handlers.reply import Reply, note
from handlers.visit import Visit
from rules.roles import Kind, Role, effective
from store.people import PersonRow
from store.session import Store
from tests.bot.front_door import FrontDoor, Press, front_door
from tests.world import counted

FIELD = {"type": "input", "block_id": "field"}
ALLOWED = "you may"
LISTENERS = list(register())


@dataclass(frozen=True)
class Somebody:
    """A person as the directory has them, and the role they were given."""

    id: str
    kind: Kind = Kind.member
    active: bool = True
    role: Role | None = None

    def may(self, listener: Listener) -> bool:
        given = {self.role} if self.role else set()
        holds = effective(given, self.kind, active=self.active)
        return listener.role == SLACK or bool({listener.role, listener.also} & holds)


PEOPLE = [
    *(Somebody(f"U_{role}", role=role) for role in Role),
    Somebody("U_plain"),
    Somebody("U_guest", Kind.guest, role=Role.admin),
    Somebody("U_stranger", Kind.stranger, role=Role.admin),
    Somebody("U_bot", Kind.bot, role=Role.admin),
    Somebody("U_gone", active=False, role=Role.admin),
]


@pytest.fixture
async def everybody(store: Store) -> list[Somebody]:
    async with store.transaction(actor="test") as tx:
        for each in PEOPLE:
            person = PersonRow(id=each.id, name=each.id, kind=each.kind, active=each.active)
            await tx.people.keep([person])
            if each.role:
                await tx.roles.give(each.id, each.role, by="test")
    return PEOPLE


async def kept(store: Store) -> dict[str, int]:
    """How many rows there are in each table that a refusal or an answer writes."""
    return {table: await counted(store, table) for table in ("audit", "outbox", "interactions")}


def noting(called: list[str], name: str) -> Answer:
    """In place of what a listener does: note that it was reached, and by whom."""

    async def answer(ask: Interaction, store: Store) -> Reply:
        called.append(f"{name} {ask.person.id}")
        return note(built(section(ALLOWED)), ALLOWED)

    return answer


KNOCKS: dict[Door, Callable[[Press, str], Parcel]] = {
    Door.command: Press.command,
    Door.topic: lambda press, name: press.command(ROOT, name),
    Door.action: Press.action,
    Door.home: lambda press, name: press.event(name, tab="home"),
    Door.options: lambda press, name: press.options(name, "x"),
    Door.submission: lambda press, name: press.submission(name, [FIELD]),
    Door.closed: Press.closed,
    Door.shortcut: Press.shortcut,
    Door.event: Press.event,
    Door.message: Press.message,
}
"""How a person reaches a listener, by its door."""


def knock(listener: Listener, person: str) -> Parcel:
    return KNOCKS[listener.door](Press(person), listener.name)


def test_every_listener_names_a_role_and_only_events_are_slack_s_own() -> None:
    assert LISTENERS
    for listener in LISTENERS:
        assert (listener.role == SLACK) == (listener.door is Door.event), listener
        assert listener.role == SLACK or listener.role in Role


def test_what_leads_and_approvers_alike_may_see_is_whom_announcements_reached() -> None:
    both = {each.name for each in LISTENERS if (each.role, each.also) == (Role.lead, Role.approver)}
    assert both == {"reached", "reached_page", "reached_open"}
    alike = {each.name for each in LISTENERS if each.also}
    assert {name for name in alike if not name.startswith(("file_", "space"))} == both


@pytest.mark.parametrize("door", Door)
async def test_a_listener_answers_exactly_those_who_hold_its_role(
    door: Door, settings: Settings, store: Store, everybody: list[Somebody]
) -> None:
    called: list[str] = []
    behind = [listener for listener in LISTENERS if listener.door is door]
    noted = (replace(each, answer=noting(called, each.name)) for each in behind)
    async with front_door(settings, store, *noted) as front:
        for listener in behind:
            await check_listener(front, store, listener, everybody, called)


async def check_listener(
    front: FrontDoor, store: Store, listener: Listener, everybody: list[Somebody], called: list[str]
) -> None:
    called.clear()
    before = await kept(store)
    for person in everybody:
        await check_refusal(front, store, listener, person)

    may = [person.id for person in everybody if person.may(listener)]
    assert called == [f"{listener.name} {person}" for person in may], listener
    said = len(everybody) if listener.door is Door.message else 0
    more = {"audit": len(everybody) - len(may), "outbox": said, "interactions": said}
    assert await kept(store) == {table: before[table] + more[table] for table in more}, listener


async def check_refusal(
    door: FrontDoor, store: Store, listener: Listener, person: Somebody
) -> None:
    answer = await door.post(knock(listener, person.id))

    assert answer.status_code == 200
    if person.may(listener):
        return
    assert ALLOWED not in answer.text
    if listener.door in (Door.command, Door.topic):
        assert answer.json()["response_type"] == "ephemeral"
        assert words_for(person) in answer.json()["text"]
    if listener.door is Door.submission:
        assert words_for(person) in answer.json()["errors"]["field"]
    if listener.door is Door.options:
        assert answer.json() == {"options": []}
    if listener.door is Door.message:
        async with store.reading() as reading:
            lane = text("SELECT fallback FROM outbox WHERE lane = :person")
            said = await reading.connection.execute(lane, {"person": person.id})
            assert words_for(person) in said.scalar_one()
    query = text("SELECT actor, action, subject FROM audit ORDER BY id DESC LIMIT 1")
    async with store.reading() as reading:
        last = (await reading.connection.execute(query)).one()
    assert tuple(last) == (person.id, "refused", f"{listener.door} {listener.name}")


def words_for(person: Somebody) -> str:
    if person.kind is Kind.guest:
        return "You are here as a guest"
    if person.kind is Kind.member and person.active:
        return "who can give it to you"
    return "I can only answer members of this workspace"


@pytest.mark.parametrize("role", Role)
async def test_a_member_without_the_role_is_told_which_one_it_takes(
    role: Role, settings: Settings, store: Store, everybody: list[Somebody]
) -> None:
    listener = Listener(Door.command, "/only", role, noting([], "/only"))
    async with front_door(settings, store, listener) as door:
        for person in everybody:
            await check_refusal(door, store, listener, person)


async def test_who_nobody_knows_is_looked_up_before_anything_is_allowed(
    settings: Settings, store: Store, sandbox: Sandbox
) -> None:
    called: list[str] = []
    listener = Listener(Door.command, "/only", Role.viewer, noting(called, "/only"))
    names = ("vic", "gus", "sam", "dan")
    async with front_door(settings, store, listener) as door:
        for name in names:
            await door.post(Press(sandbox.people.user(name).id).command("/only"))
        nobody = await door.post(Press("U0NOBODY").command("/only"))

    assert called == [f"/only {sandbox.people.user('vic').id}"]
    assert "Slack did not take what belongs to this (user_not_found)" in nobody.json()["text"]
    assert await counted(store, "audit") == 3


async def test_a_guest_is_refused_in_words_where_they_type(
    sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    gus = await sandbox.person("gus")

    answer = await gus.command("/schedule", in_="DM")

    assert "I can only answer members of this workspace. You are here as a guest" in answer
    assert answer.is_private
    assert await counted(store, "audit WHERE action = 'refused'") == 1


# Routes


def routes(router: FastAPI | APIRouter) -> Iterator[APIRoute]:
    """All routes, those of included routers too; anything else that is served fails the walk."""
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            yield from routes(included)
        else:
            assert isinstance(route, APIRoute), route
            yield route


async def test_every_route_says_who_may_ask_for_it(settings: Settings, sandbox: Sandbox) -> None:
    async with assembled_for_a_trial(settings, sandbox) as wavepost:
        paths = {route.path for route in routes(wavepost.app)}
        assert {"/healthz", "/readyz", "/metrics", "/slack/events", "/business-time"} <= paths
        assert {"/", "/customers/{id:path}", "/sign-in", "/link/{token}"} <= paths
        for route in routes(wavepost.app):
            assert len(route.tags) == 1, route.path
            assert route.tags[0] in list(Access), route.path


async def test_what_is_for_a_trial_is_served_in_none_but_a_trial(settings: Settings) -> None:
    async with assembled(settings) as wavepost:
        served = {route.tags[0] for route in routes(wavepost.app)}
        assert not served & {Access.trial, Access.trial_page}


async def test_every_route_answers_exactly_those_who_may_ask(
    settings: Settings, sandbox: Sandbox
) -> None:
    async with assembled_for_a_trial(settings, sandbox) as wavepost:
        for route in routes(wavepost.app):
            access = Access(str(route.tags[0]))
            here, elsewhere = [
                await asked(wavepost.app, route, host) for host in ("127.0.0.1", "192.0.2.7")
            ]
            expected = STATUS[access]
            if access is Access.visitor:
                expected = AT_THE_DOOR[next(iter(route.methods or ())), route.path]
            assert (here, elsewhere) == expected, route.path


STATUS = {
    Access.anyone: (200, 200),
    Access.operator: (200, 404),
    Access.slack: (401, 401),
    Access.visitor: (200, 200),
    Access.person: (303, 303),
    Access.form: (403, 403),
    Access.recipient: (303, 303),
    Access.recipient_form: (403, 403),
    Access.calendar: (404, 404),
    Access.program: (401, 401),
    Access.trial: (200, 404),
    Access.trial_page: (403, 404),
}
"""What who asks without any credential gets: on this machine, and from elsewhere."""

AT_THE_DOOR = {
    ("GET", "/sign-in"): (200, 200),
    ("GET", "/signed-out"): (200, 200),
    ("GET", "/sign-in/slack"): (303, 303),
    ("GET", "/sign-in/done"): (400, 400),
    ("GET", "/link/{token}"): (410, 410),
    ("POST", "/link/{token}"): (403, 403),
    ("GET", "/portal/sign-in"): (200, 200),
    ("POST", "/portal/sign-in"): (403, 403),
    ("GET", "/portal/code"): (303, 303),
    ("POST", "/portal/code"): (403, 403),
    ("GET", "/portal/enter/{token}"): (410, 410),
    ("POST", "/portal/enter/{token}"): (403, 403),
    ("POST", "/portal/access"): (403, 403),
    ("GET", "/d/{token}"): (404, 404),
    ("POST", "/d/{token}"): (403, 403),
    ("GET", "/d/{rest:path}"): (404, 404),
}
"""The same, for the pages by which one comes in."""


@asynccontextmanager
async def assembled_for_a_trial(settings: Settings, sandbox: Sandbox) -> AsyncIterator[Wavepost]:
    """Wavepost with everything that it serves anywhere."""
    async with (
        assembled(settings) as wavepost,
        business_time(wavepost.app, wavepost.store, sandbox, "http://127.0.0.1"),
    ):
        await wavepost.store.read_names()
        yield wavepost


async def asked(app: FastAPI, route: APIRoute, host: str) -> int:
    transport = httpx.ASGITransport(app, client=(host, 1234))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        method = next(iter(route.methods or ()))
        return (await client.request(method, route.path, content=b"command=/schedule")).status_code


# Pages

PAGES = list(pages())


def shown_to(called: list[str]) -> Reaction:
    """In place of what a page does: note who got through to it."""

    async def answer(visit: Visit, store: Store) -> Html:
        called.append(visit.person.id)
        return Html(ALLOWED)

    return answer


@pytest.mark.parametrize("route", PAGES, ids=lambda route: route.name)
async def test_a_page_is_shown_to_exactly_those_who_hold_its_role(
    route: Route, store: Store, everybody: list[Somebody]
) -> None:
    called: list[str] = []
    app = page_door(store, replace(route, answer=shown_to(called)))
    for person in everybody:
        async with store.transaction(actor="test") as tx:
            token = await tx.web_sessions.begin(person.id)
        await check_page(app, route, person, token)

    allowed = [person.id for person in everybody if has_role(person, route.role)]
    assert called == allowed
    refused = len(everybody) - len(allowed)
    assert await counted(store, f"audit WHERE subject = '{route.name}'") == refused


@pytest.mark.parametrize("role", Role)
async def test_a_page_for_any_role_is_shown_to_who_holds_it_and_says_why_to_others(
    role: Role, store: Store, everybody: list[Somebody]
) -> None:
    called: list[str] = []
    for route in (
        Route(Method.get, "/only", role, shown_to(called)),
        Route(Method.post, "/only", role, shown_to(called)),
    ):
        called.clear()
        app = page_door(store, route)
        for person in everybody:
            async with store.transaction(actor="test") as tx:
                token = await tx.web_sessions.begin(person.id)
            await check_page(app, route, person, token)
        assert called == [person.id for person in everybody if has_role(person, role)]


def has_role(person: Somebody, role: Role) -> bool:
    given = {person.role} if person.role else set()
    return role in effective(given, person.kind, active=person.active)


async def check_page(app: FastAPI, route: Route, person: Somebody, token: str) -> None:
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", cookies={SESSION: token}
    ) as browser:
        path = re.sub(r"\{[^}]*\}", "anything", route.path)
        if route.method is Method.get:
            answer = await browser.get(path)
        else:
            ours = {"Origin": "http://127.0.0.1"}
            answer = await browser.post(path, data={"csrf": csrf_of(token)}, headers=ours)
    if has_role(person, route.role):
        assert (answer.status_code, answer.text) == (200, ALLOWED)
    else:
        assert answer.status_code == 403
        assert words_for(person) in answer.text


def page_door(store: Store, route: Route) -> FastAPI:
    """Wavepost's door of pages with one page of this test's."""
    app = FastAPI()
    guard = Guard(store, Cookies(secure=False), "http://127.0.0.1")
    app.include_router(PageDoor(guard, [route], 20).router())
    return app


def test_the_walk_knows_every_kind_of_access() -> None:
    assert set(STATUS) == set(Access)
