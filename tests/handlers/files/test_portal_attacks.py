"""Files of one organisation and the people of another: every route, every kind of stranger, one answer."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from handlers import portal
from handlers.files.portal_pages import NOTHING_FOR_YOU
from handlers.page_doors import Method
from handlers.portal_doors import May, PortalRoute
from rules.file_life import State, Step, Who
from rules.receipts import Grade, Refusal
from rules.roles import Kind
from store.people import PersonRow
from store.space_rows import RecipientRow
from tests.handlers.files.portal_world import BYTES, NOWHERE, OWN, Given, PortalWorld, press
from tests.store.parcels_given import NOW, SENDER, space, step
from tests.world import counted, run

OF_FILES = [route for route in portal() if "{id}" in route.path]


async def knock(browser: httpx.AsyncClient, route: PortalRoute, file_id: object) -> httpx.Response:
    path = route.path.replace("{id}", str(file_id))
    if route.method is Method.get:
        return await browser.get(path)
    return await press(browser, path, sha256="0" * 64)


async def two(world: PortalWorld) -> tuple[Given, RecipientRow]:
    """A file for Acme, and somebody of Acme2."""
    ivy = await world.recipient("ivy@acme.example", "acme")
    eve = await world.recipient("eve@acme2.example", "acme2")
    await world.given(eve, "acme2")
    return await world.given(ivy, "acme"), eve


def test_every_page_of_a_file_needs_a_recipient_who_proved_who_they_are() -> None:
    assert len(OF_FILES) == 7
    assert {route.may for route in OF_FILES} == {May.recipient}


@pytest.mark.parametrize("route", OF_FILES, ids=lambda route: route.name)
async def test_who_proved_nothing_is_asked_to(world: PortalWorld, route: PortalRoute) -> None:
    given, _ = await two(world)
    async with world.browser() as browser:
        path = route.path.replace("{id}", str(given.file.id))
        answer = await browser.request(route.method, path, headers=OWN)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/portal/sign-in")
    assert await world.grade(given) is Grade.untold


@pytest.mark.parametrize("route", OF_FILES, ids=lambda route: route.name)
async def test_what_is_another_organisation_s_is_not_there_at_all(
    world: PortalWorld, route: PortalRoute
) -> None:
    given, eve = await two(world)
    async with world.browser(eve) as browser:
        for file_id in (given.file.id, NOWHERE, uuid4(), "12", f"{given.file.id}".upper(), "%00"):
            answer = await knock(browser, route, file_id)
            assert (answer.status_code, NOTHING_FOR_YOU in answer.text) == (404, True), file_id
            assert given.file.title not in answer.text
    receipt = await world.receipt(given)
    assert (receipt.grade, receipt.others, receipt.passed_on) == (Grade.untold, {}, 0)
    assert (await world.receipt(given)).refusals == ()


@pytest.mark.parametrize("route", OF_FILES, ids=lambda route: route.name)
@pytest.mark.parametrize("how", ["removed", "closed", "deactivated", "stranger's bot"])
async def test_who_is_no_member_any_more_gets_nothing_from_that_moment(
    world: PortalWorld, route: PortalRoute, how: str
) -> None:
    given = await world.given(await in_slack(world))
    async with world.browser(given.recipient) as browser:
        assert (await browser.get(given.page)).status_code == 200
        await end(world, given, how)
        answer = await knock(browser, route, given.file.id)
        # Who left Slack is signed out; who left the space finds nothing.
        assert answer.status_code == (404 if how in ("removed", "closed") else 303)
        assert given.file.title not in (await browser.get("/portal")).text
    assert (await world.receipt(given)).grade is Grade.untold
    assert await counted(world.store, "access_requests") == 0


async def in_slack(world: PortalWorld) -> RecipientRow:
    """A guest who is a recipient, and has an address."""
    guest = PersonRow(id="U0GUEST", name="Gus", email="gus@acme.example", kind=Kind.guest)
    async with world.store.transaction(actor="test") as tx:
        await tx.people.keep([guest])
    recipient = await world.recipient("gus@acme.example")
    assert recipient.person_id == guest.id
    return recipient


async def end(world: PortalWorld, given: Given, how: str) -> None:
    async with world.store.transaction(actor="test") as tx:
        if how == "removed":
            await tx.spaces.remove(given.space.id, given.recipient.id, SENDER)
        elif how == "closed":
            await tx.spaces.close(given.space.id)
    if how == "deactivated":
        await run(world.store, "UPDATE people SET active = false WHERE id = 'U0GUEST'")
    elif how == "stranger's bot":
        await run(world.store, "UPDATE people SET kind = 'bot' WHERE id = 'U0GUEST'")


ENDS = {
    "revoked": (Step.revoke, Who.sender, Refusal.revoked),
    "superseded": (Step.supersede, Who.wavepost, Refusal.superseded),
    "expired": (Step.expire, Who.wavepost, Refusal.expired),
}


@pytest.mark.parametrize("how", [*ENDS, "expired, and not noted yet", "removed"])
@pytest.mark.parametrize("route", OF_FILES, ids=lambda route: route.name)
async def test_what_has_ended_gives_no_bytes_and_says_why(
    world: PortalWorld, route: PortalRoute, how: str
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    why = Refusal.expired
    async with world.store.transaction(actor="test") as tx:
        if how in ENDS:
            what, who, why = ENDS[how]
            await step(tx, given.file.id, what, who)
        elif how == "removed":
            await tx.shared_files.change(given.file.id, removed_at=NOW)
            why = Refusal.removed
        else:
            await tx.shared_files.change(given.file.id, expires_at=NOW - timedelta(days=1))
    async with world.browser(given.recipient) as browser:
        answer = await knock(browser, route, given.file.id)
        assert "X-Amz" not in answer.headers.get("location", "")
        assert BYTES not in answer.content
        page = await browser.get(given.page)
    assert "Download <span" not in page.text
    receipt = await world.receipt(given)
    assert receipt.grade is Grade.untold
    if route.path.endswith(("/download", "/open")):
        assert [each.why for each in receipt.refusals] == [why]
    asks = route.path.endswith("/ask") and why is Refusal.expired
    assert await counted(world.store, "access_requests") == asks


async def test_before_its_release_nobody_gets_it(world: PortalWorld) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    for state in set(State) - {State.released, State.superseded, State.revoked, State.expired}:
        await run(world.store, "UPDATE shared_files SET state = :state", state=state)
        async with world.browser(given.recipient) as browser:
            for route in OF_FILES:
                assert (await knock(browser, route, given.file.id)).status_code == 404, state


async def test_a_link_in_which_a_sign_was_changed_is_the_same_as_none(world: PortalWorld) -> None:
    given, eve = await two(world)
    others = ("/d/x", f"{given.link}x", f"/d/{given.file.id}", "/d/%F0%9F%98%80")
    for who in (None, eve):
        async with world.browser(who) as browser:
            answers = set()
            for at in (3, 10, 20, 44):
                sign = "A" if given.link[at] != "A" else "B"
                changed = given.link[:at] + sign + given.link[at + 1 :]
                answers.add(answer_of(await browser.get(changed)))
                answers.add(answer_of(await browser.post(changed, headers=OWN)))
            for other in others:
                answers.add(answer_of(await browser.get(other)))
                answers.add(answer_of(await browser.post(other, headers=OWN)))
            for beside in ("/d/", "/d//", f"{given.link}/x", f"{given.link}/open/x", "/d/x/y/z"):
                answers.add(answer_of(await browser.get(beside)))
            assert len(answers) == 1, "each browser gets one and the same answer"
            assert {status for status, _ in answers} == {404}
            slash = await browser.get(f"{given.link}/")
            assert (slash.status_code, slash.headers["location"]) == (303, given.link)
    assert (await world.receipt(given)).grade is Grade.untold


def answer_of(response: httpx.Response) -> tuple[int, str]:
    assert NOTHING_FOR_YOU in response.text, response.url
    return response.status_code, response.text


async def test_of_fifty_presses_at_once_one_gets_the_one_download_there_is(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"), most_fetches=1)
    async with world.browser(given.recipient) as browser:
        page = await browser.get(given.page)
        assert "1 download left" in page.text.replace("\N{NO-BREAK SPACE}", " ")
        presses = [press(browser, f"{given.page}/download") for _ in range(50)]
        answers = await asyncio.gather(*presses)
    to_store = [each for each in answers if "X-Amz" in each.headers["location"]]
    assert len(to_store) == 1
    assert {each.headers["location"] for each in answers if each not in to_store} == {given.page}
    receipt = await world.receipt(given)
    assert receipt.refused == 49
    assert await counted(world.store, "delivery_evidence WHERE kind = 'refused'") == 1
    assert {each.why for each in receipt.refusals} == {Refusal.limit_reached}


async def test_what_is_revoked_while_a_press_waits_for_another_is_given_to_nobody(
    world: PortalWorld,
) -> None:
    ivy = await world.recipient("ivy@acme.example")
    given = await world.given(ivy)
    async with world.browser(ivy) as browser:
        async with world.store.transaction(actor=SENDER) as tx:
            await tx.fetches.wanted(given.file.id, ivy.id, for_change=True)
            pressed = press(browser, f"{given.page}/download", page=given.page)
            pressing = asyncio.create_task(pressed)
            await somebody_waits(world)
            await step(tx, given.file.id, Step.revoke, Who.sender)
        answer = await pressing
    assert (answer.status_code, answer.headers["location"]) == (303, given.page)
    receipt = await world.receipt(given)
    assert [each.why for each in receipt.refusals] == [Refusal.revoked]
    assert receipt.grade < Grade.issued


async def somebody_waits(world: PortalWorld) -> None:
    """Until a transaction waits for the lock of another one."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    async with world.store.reading() as reading:
        while not (await reading.connection.execute(waiting)).scalar_one():
            await asyncio.sleep(0.01)


async def test_a_newer_edition_in_a_space_that_they_left_is_not_told_of(world: PortalWorld) -> None:
    async with world.store.transaction(actor="test") as tx:
        world.spaces["menus"] = await space(tx, "menus", "acme")
    ivy = await world.recipient("ivy@acme.example")
    assert (await world.recipient("ivy@acme.example", "menus")).id == ivy.id
    old = await world.given(ivy)
    new = await world.given(ivy, "menus", supersedes=old.file.id, edition=2)
    async with world.browser(ivy) as browser:
        assert new.page in (await browser.get(old.page)).text
        await end(world, new, "removed")
        assert new.page not in (await browser.get(old.page)).text
        assert (await browser.get(new.page)).status_code == 404


async def test_a_link_to_an_edition_that_was_superseded_gives_its_bytes_to_nobody(
    world: PortalWorld,
) -> None:
    ivy = await world.recipient("ivy@acme.example")
    old = await world.given(ivy)
    new = await world.given(ivy, data=b"new", supersedes=old.file.id, edition=2)
    async with world.store.transaction(actor="test") as tx:
        await step(tx, old.file.id, Step.supersede, Who.wavepost)
    async with world.browser(ivy) as browser:
        opened = await press(browser, f"{old.link}/open", page=old.link)
        assert opened.headers["location"] == old.page
        page = await browser.get(old.page)
        assert f'<a href="{new.page}">edition 2</a> instead' in page.text
        assert "Download <span" not in page.text
        got = await press(browser, f"{old.page}/download")
        assert got.headers["location"] == old.page
    receipt = await world.receipt(old)
    assert receipt.grade < Grade.opened
    assert {each.why for each in receipt.refusals} == {Refusal.superseded}


async def test_a_session_of_one_browser_signs_no_form_of_another(world: PortalWorld) -> None:
    given, eve = await two(world)
    async with world.browser(eve) as hers, world.browser(given.recipient) as theirs:
        hers_csrf = (await hers.get("/portal")).text.partition('name="csrf" value="')[2][:64]
        answer = await theirs.post(f"{given.page}/download", data={"csrf": hers_csrf}, headers=OWN)
    assert answer.status_code == 403
    assert (await world.receipt(given)).grade is Grade.untold
