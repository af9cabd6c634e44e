"""The pages of files for staff: who sees which, what they say, the sheet, and the bytes to review."""

import re
from html import unescape
from urllib.parse import urlsplit

import httpx
import pytest
from markupsafe import escape

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.ids import stable_id
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give
from rules.clearance import Classification, Scan
from rules.receipts import Kind
from rules.roles import Role
from store.session import Store
from store.shared_file_rows import SharedFileRow
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.sheets_given import with_bucket
from tests.store.parcels_given import NOW, delivered, file, member, released, space
from tests.world import counted

SUE = stable_id("U", "sue")
BYTES = b"<script>menus</script>"
TITLE = "=Menus <b>for June</b>"
NOT_HERE = "There is nothing here"


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sent(store: Store, wavepost: Wavepost) -> SharedFileRow:
    """Sue's file is with Dana, who opened it, and with Ed, who did not."""
    async with store.transaction(actor="test") as tx:
        for name, role in (("sue", Role.sender), ("ben", Role.approver), ("omar", Role.sender)):
            await give(tx, f"{name}@northwind.example", role)
        at = await space(tx)
        row = await released(
            tx,
            at,
            title=TITLE,
            file_name="menus.html",
            uploaded_by=SUE,
            author=SUE,
            sha256="ab" * 32,
        )
        dana, ed = [await member(tx, at, f"{who}@acme.example") for who in ("dana", "ed")]
        of_dana, _ = await delivered(tx, row, at, dana, ed)
        await tx.evidence.note(of_dana.id, Kind.opened, NOW, by=dana.id)
    assert wavepost.files
    await wavepost.files.put(row.key, BYTES, content_type="application/octet-stream")
    return row


@pytest.fixture
async def draft(store: Store, sent: SharedFileRow) -> SharedFileRow:
    """Another one of hers that nobody has."""
    async with store.transaction(actor="test") as tx:
        return await file(tx, uploaded_by=SUE, author=SUE, title="Not yet")


def plain(answer: httpx.Response) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(words.split())


async def test_who_sent_files_sees_who_has_not_opened_them(
    sandbox: Sandbox, wavepost: Wavepost, sent: SharedFileRow, draft: SharedFileRow
) -> None:
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        seen = plain(await sue.get("/files"))
        assert "You sent 2 files, the newest first." in seen
        assert "1 of 2 ed" in seen
        assert "have arrived" not in seen
        for told, said in {"2": True, "1": False, "11": False, "<b>": False}.items():
            after = plain(await sue.get("/files", params={"arrived": told}))
            assert ("All 2 files have arrived" in after) == said
        page = await sue.get(f"/files/{sent.id}")
        assert "1 of 2 has not opened it." in plain(page)
        assert "<b>for June" not in page.text
        assert plain(await sue.get(f"/files/{sent.number}")) == plain(page)
        found = plain(await sue.get("/files", params={"find": "june tags:x"}))
        assert "“ tags: ” is none of these" in found
        assert "Not yet" in plain(await sue.get("/files", params={"find": "not"}))
        for query in ({}, {"all": ""}, {"find": "menus"}):
            page = await sue.get("/files", params={**query, "state": "released"})
            assert TITLE in plain(page)
            assert "Not yet" not in plain(page)
            none = plain(await sue.get("/files", params={**query, "state": "in review"}))
            assert "No file here is in this state: waiting for a second person." in none
        odd = plain(await sue.get("/files", params={"state": "odd", "by": "sha256; --"}))
        assert "You sent 2 files, the newest first" in odd
        page = await sue.get("/files", params={"state": "released", "by": "title"})
        assert "by title" in plain(page)
        assert 'href="/files?all&amp;state=released&amp;by=title"' in page.text


async def test_a_page_says_in_plain_words_what_it_holds_and_where_its_buttons_are(
    sandbox: Sandbox, store: Store, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.shared_files.change(sent.id, size=999, file_name="ann\u202egpj.exe")
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        page = plain(await sue.get(f"/files/{sent.id}"))
    assert "What it holds the customer's own matters" in page
    assert "Size 999 bytes SHA-256" in page
    assert "File anngpj.exe " in page
    assert f"type /share {sent.number} there" in page
    assert "“Revoke it”" in page
    assert "1 opened it · 1 not reached yet" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../../etc/passwd", "_.._etc_passwd"),
        ("a\"b'c<i>.txt", "a_b'c_i_.txt"),
        ("m" * 300 + ".csv", "m" * 196 + ".csv"),
        ("Menus 🍕.csv", "Menus 🍕.csv"),
    ],
    ids=["path", "quotes", "long", "emoji"],
)
async def test_odd_names_are_shown_as_a_disk_would_keep_them(
    name: str, said: str, sandbox: Sandbox, store: Store, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.shared_files.change(sent.id, file_name=name, title=name)
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        page, listed = await sue.get(f"/files/{sent.id}"), await sue.get("/files")
    assert f" File {said} " in plain(page)
    for shown in (page, listed):
        assert shown.status_code == 200
        assert f"<bdi>{escape(name)}</bdi>" in shown.text
        assert "<i>" not in shown.text


async def test_who_may_only_look_is_offered_nothing(
    sandbox: Sandbox, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    async with web_browser(wavepost) as omar:
        await sign_in(omar, sandbox, "omar")
        page = plain(await omar.get(f"/files/{sent.id}"))
    assert "Revoke" not in page
    assert "/share" not in page


async def test_what_was_released_to_nobody_says_so(
    sandbox: Sandbox, store: Store, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    async with store.transaction(actor="test") as tx:
        row = await released(tx, await space(tx, "Empty"), uploaded_by=SUE, author=SUE)
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        page = plain(await sue.get(f"/files/{row.id}"))
    assert "Nobody is in its spaces yet. Whoever is added later gets it then." in page
    assert "CSV" not in page


async def test_what_is_not_theirs_to_see_is_not_there(
    sandbox: Sandbox, wavepost: Wavepost, sent: SharedFileRow, draft: SharedFileRow
) -> None:
    seen = {
        "sue": (200, 200),
        "ben": (200, 200),
        "omar": (200, 404),  # who sends knows of what was released
        "vic": (404, 404),
    }
    for name, statuses in seen.items():
        async with web_browser(wavepost) as browser:
            await sign_in(browser, sandbox, name)
            for row, status in zip((sent, draft), statuses, strict=True):
                for path in (f"/files/{row.id}", f"/files/{row.id}/receipts.csv"):
                    assert (await browser.get(path)).status_code == status, (name, path)
            for odd in (
                "0",
                "999999999",
                "1" * 30,
                "x",
                "½",
                "00000000-0000-0000-0000-000000000000",
            ):
                assert (await browser.get(f"/files/{odd}")).status_code == 404, odd
    async with web_browser(wavepost) as nobody:
        assert (await nobody.get(f"/files/{sent.id}")).headers["location"].startswith("/sign-in")


async def test_only_who_sent_it_or_may_release_it_gets_its_bytes_and_is_written_down(
    sandbox: Sandbox, store: Store, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    path = f"/files/{sent.id}/download"
    for name, may in (("sue", True), ("ben", True), ("omar", False)):
        async with web_browser(wavepost) as browser:
            await sign_in(browser, sandbox, name)
            form = {"csrf": csrf_in((await browser.get("/files")).text)}
            answer = await browser.post(path, data=form, headers=own(browser))
            assert (answer.status_code == 303) == may, name
            assert ("Download it" in (await browser.get(f"/files/{sent.id}")).text) == may
            if may:
                async with httpx.AsyncClient() as other:
                    got = await other.get(answer.headers["location"])
                assert got.content == BYTES
                assert got.headers["content-disposition"].startswith("attachment")
    looked = "audit WHERE action = 'file: reviewed'"
    assert await counted(store, looked) == 2


async def test_a_form_may_end_at_the_store_and_nowhere_else(
    sandbox: Sandbox, wavepost: Wavepost, sent: SharedFileRow
) -> None:
    async with web_browser(wavepost) as sue:
        await sign_in(sue, sandbox, "sue")
        policy = (await sue.get(f"/files/{sent.id}")).headers["content-security-policy"]
    store = urlsplit(str(wavepost.settings.s3_endpoint))
    assert f"form-action 'self' {store.scheme}://{store.netloc};" in policy
    assert "script-src" not in policy


@pytest.mark.parametrize(
    ("columns", "who"),
    [({"classification": Classification.personal}, "ben"), ({"scan": Scan.infected}, "sue")],
)
async def test_bytes_that_are_not_for_them_are_handed_out_to_nobody(
    sandbox: Sandbox,
    store: Store,
    wavepost: Wavepost,
    sent: SharedFileRow,
    columns: dict[str, object],
    who: str,
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.shared_files.change(sent.id, **columns)
    async with web_browser(wavepost) as browser:
        await sign_in(browser, sandbox, who)
        page = (await browser.get(f"/files/{sent.id}")).text
        assert "Download it" not in page
        form = {"csrf": csrf_in((await browser.get("/files")).text)}
        answer = await browser.post(f"/files/{sent.id}/download", data=form, headers=own(browser))
        assert answer.status_code != 303
