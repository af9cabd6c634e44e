"""Who gets an answer from the pages of files: by every route, whoever asks, and from wherever."""

import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.ids import stable_id
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.contents import PAGES
from handlers.page_doors import Method, Route, Routes
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from store.shared_file_rows import SharedFileRow
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.sheets_given import with_bucket
from tests.store.parcels_given import delivered, member, released, space
from tests.world import counted

SUE = stable_id("U", "sue")
ROUTES = tuple(Routes(*PAGES))
LIST = "/files"


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sent(store: Store) -> SharedFileRow:
    """Sue's file, which is with Dana."""
    async with store.transaction(actor="test") as tx:
        await give(tx, "sue@northwind.example", Role.sender)
        at = await space(tx)
        row = await released(tx, at, title="Secret menus", uploaded_by=SUE, author=SUE)
        await delivered(tx, row, at, await member(tx, at, "dana@acme.example"))
    return row


def path_of(route: Route, sent: SharedFileRow) -> str:
    return route.path.replace("{id}", str(sent.id))


async def audited(store: Store) -> int:
    return await counted(store, "audit WHERE action LIKE 'file%'")


def test_all_ways_are_tried() -> None:
    assert {route.path for route in ROUTES} >= {LIST, "/files/{id}", "/files/upload/confirm"}
    assert {route.method for route in ROUTES} == {Method.get, Method.post}


@pytest.mark.parametrize("who", [None, "gus"], ids=["nobody", "a guest"])
async def test_who_is_no_member_gets_no_answer(
    who: str | None, sandbox: Sandbox, wavepost: Wavepost, store: Store, sent: SharedFileRow
) -> None:
    before = await audited(store)
    async with web_browser(wavepost) as browser:
        if who:
            await sign_in(browser, sandbox, who)
        for route in ROUTES:
            told = await browser.request(
                route.method, path_of(route, sent), headers=own(browser), data={"csrf": "x"}
            )
            assert told.status_code in {303, 403}, route.name
            assert told.status_code == 403 or told.headers["location"].startswith("/sign-in")
            assert "Secret" not in told.text
    assert await audited(store) == before


async def test_a_member_without_a_part_in_it_finds_nothing(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, sent: SharedFileRow
) -> None:
    before = await audited(store)
    async with web_browser(wavepost) as vic:
        await sign_in(vic, sandbox, "vic")
        csrf = csrf_in((await vic.get(LIST)).text)
        for route in ROUTES:
            told = await vic.request(
                route.method, path_of(route, sent), headers=own(vic), data={"csrf": csrf}
            )
            if route.path == LIST:
                assert "You have sent no files yet." in told.text
            else:
                assert told.status_code == (403 if route.role is Role.sender else 404), route.name
            assert "Secret" not in told.text
        assert "Secret" not in (await vic.get(LIST, params={"find": "secret"})).text
    assert await audited(store) == before


async def test_a_session_that_was_ended_is_over_at_every_route(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, sent: SharedFileRow
) -> None:
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        csrf = csrf_in((await sue.get(LIST)).text)
        async with store.transaction(actor="test") as tx:
            await tx.web_sessions.end_all(SUE)
        for route in ROUTES:
            told = await sue.request(
                route.method, path_of(route, sent), headers=own(sue), data={"csrf": csrf}
            )
            assert told.status_code == 303, route.name
            assert told.headers["location"].startswith("/sign-in")


async def test_a_form_that_is_not_from_our_own_page_changes_nothing(
    sandbox: Sandbox, wavepost: Wavepost, store: Store, sent: SharedFileRow
) -> None:
    before = await audited(store)
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        csrf = csrf_in((await sue.get(LIST)).text)
        elsewhere = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        for route in ROUTES:
            if route.method is Method.get:
                continue
            path = path_of(route, sent)
            for headers, form in (
                (own(sue), {}),
                (own(sue), {"csrf": "x"}),
                (elsewhere, {"csrf": csrf}),
            ):
                told = await sue.post(path, headers=headers, data=form)
                assert told.status_code == 403, route.name
    assert await audited(store) == before
