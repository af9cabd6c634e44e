"""A customer outside of Slack gets a file: by a link, a code, a press, and a check; on a phone too."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from socket import AF_INET, SOCK_STREAM, socket
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, expect

from bot.cookies import PORTAL
from bot.serving import serving
from rules.file_life import Step, Who
from rules.receipts import Grade
from tests.browser.web import PHONE, AtWeb
from tests.chromium import DESK, PATIENCE
from tests.handlers.files.conftest import files, world
from tests.handlers.files.portal_world import BYTES, Given, PortalWorld, code_in
from tests.sandbox.browser.axe import faults_of
from tests.store.parcels_given import step
from tests.world import run

__all__ = ["files", "world"]

pytestmark = pytest.mark.browser

IVY = "ivy@acme.example"
NAME = "Übergabe <b>Q1</b> \N{RIGHT-TO-LEFT OVERRIDE}gpj.csv"
SAVED_AS = "Übergabe _b_Q1__b_ gpj.csv"


@pytest.fixture
async def address(world: PortalWorld) -> AsyncIterator[str]:
    """Where the portal is, which it knows."""
    with socket(AF_INET, SOCK_STREAM) as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        own = f"http://127.0.0.1:{listening.getsockname()[1]}"
        async with serving(world.app(address=own), grace=1, at=listening) as address:
            assert address == own
            yield address


async def price_list(world: PortalWorld, **more: Any) -> Given:
    """A file with all that can be said of one, for Ivy."""
    said: dict[str, Any] = {
        "title": "Price list for <script>alert(1)</script> Joe's Pizza",
        "file_name": NAME,
        "note": "Please have it in your till by Monday.\nThe old one holds until then.",
        "is_encrypted": True,
        "encryption_method": "AES-256, 7-Zip",
        "key_holder": "Ravi Rao",
        "key_reach": "+49 30 1234567, from 9 to 17",
    }
    return await world.given(await world.recipient(IVY), **said | more)


async def check(page: Page) -> None:
    """It is for everyone: axe finds nothing, and nothing lies beside the screen."""
    assert await faults_of(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("size", "scheme"),
    [(PHONE, "light"), (PHONE, "dark"), (DESK, "light")],
    ids=["phone", "phone at night", "desk"],
)
async def test_from_the_link_to_a_checked_download(
    size: tuple[int, int],
    scheme: str,
    at_web: AtWeb,
    world: PortalWorld,
    address: str,
    tmp_path: Path,
) -> None:
    given = await price_list(world)
    page = await at_web(address + given.link, size, scheme)
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(str(error)))

    def heard(line: ConsoleMessage) -> None:
        if "Policy" in line.text:
            troubles.append(line.text)

    page.on("console", heard)

    await expect(page.get_by_role("heading", name="A file was sent to you")).to_be_visible()
    await check(page)
    await page.get_by_label("Your e-mail address").fill(IVY)
    await page.get_by_role("button", name="Send me a code").click()

    await expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    await page.get_by_text("No code came?").click()
    await check(page)
    await page.get_by_label("The code").fill("000000")
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("alert")).to_contain_text("This is not the code")
    await check(page)
    await world.mails.came.wait()
    await page.get_by_label("The code").fill(code_in(world.mails))
    await page.get_by_role("button", name="Go on").click()

    await expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
    await check(page)
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    download = await downloading.value
    assert download.suggested_filename == SAVED_AS
    saved = tmp_path / "saved.csv"
    await download.save_as(saved)
    assert saved.read_bytes() == BYTES

    await page.get_by_role("link", name="Check what I downloaded").click()
    await expect(page.get_by_role("heading", name="Did it arrive whole?")).to_be_visible()
    (tmp_path / "other.csv").write_bytes(BYTES[:-1])
    chooser = page.get_by_label("Choose the file that you downloaded")
    await chooser.set_input_files(tmp_path / "other.csv")
    await expect(page.get_by_role("status")).to_contain_text("These are other bytes")
    await check(page)
    await chooser.set_input_files(saved)
    await expect(page.get_by_role("heading", name="It is the same file")).to_be_visible()
    await check(page)
    assert await world.grade(given) is Grade.confirmed
    assert troubles == []


async def test_a_link_to_pass_on_is_copied_by_one_press(
    at_web: AtWeb, world: PortalWorld, address: str
) -> None:
    given = await price_list(world)
    page = await at_web(address, PHONE)
    await page.context.add_cookies(
        [{"name": PORTAL, "value": await world.session(given.recipient), "url": address}]
    )
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await page.goto(address + given.page)
    await page.get_by_role("button", name="Make a link to pass on").click()
    link = page.get_by_label("Link to")
    await expect(link).to_have_value(re.compile(f"^{address}/d/"))
    await page.get_by_role("button", name="Copy").click()
    await expect(page.get_by_role("status")).to_have_text("Copied.")
    assert await page.evaluate("navigator.clipboard.readText()") == await link.input_value()
    await check(page)


async def test_without_javascript_all_works_but_the_check(
    browser: Browser,
    world: PortalWorld,
    address: str,
    tmp_path: Path,
) -> None:
    given = await price_list(world)
    async with world.store.transaction(actor="test") as tx:
        await tx.spaces.set_proxied(given.space.id, is_proxied=True)
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    await page.goto(address + given.link)
    await page.get_by_label("Your e-mail address").fill(IVY)
    await page.get_by_role("button", name="Send me a code").click()
    await world.mails.came.wait()
    await page.get_by_label("The code").fill(code_in(world.mails))
    await page.get_by_role("button", name="Go on").click()
    async with page.expect_download() as downloading:
        await page.get_by_role("button", name="Download").click()
    await (await downloading.value).save_as(tmp_path / "saved.csv")
    assert (tmp_path / "saved.csv").read_bytes() == BYTES
    await page.get_by_role("link", name="Check what I downloaded").click()
    await expect(page.get_by_text("certutil -hashfile")).to_be_visible()
    await expect(page.get_by_label("Choose the file")).to_be_hidden()
    await page.get_by_role("link", name="Back to the file").click()
    await expect(page.get_by_text("Available until").locator("xpath=..")).to_contain_text("UTC")
    await page.get_by_role("button", name="Make a link to pass on").click()
    await expect(page.get_by_label("Link to")).to_be_visible()
    await expect(page.get_by_role("button", name="Copy")).to_be_hidden()
    assert await world.grade(given) is Grade.completed


async def test_times_are_in_the_reader_s_own_zone(
    browser: Browser, world: PortalWorld, address: str
) -> None:
    until = datetime(2022, 7, 18, 22, 30, tzinfo=UTC)
    given = await price_list(world, expires_at=until)
    context = await browser.new_context(timezone_id="Asia/Tokyo")
    session = await world.session(given.recipient)
    await context.add_cookies([{"name": PORTAL, "value": session, "url": address}])
    page = await context.new_page()
    page.set_default_timeout(PATIENCE)
    for path in ("/portal", given.page):
        await page.goto(address + path)
        await expect(page.locator("time").first).to_have_text("Tue 19 Jul 2022, 07:30 GMT+9")


async def test_the_list_says_how_each_stands(
    at_web: AtWeb,
    world: PortalWorld,
    address: str,
) -> None:
    first = await price_list(world)
    second = await price_list(world, title="Price list", supersedes=first.file.id, edition=2)
    revoked = await price_list(world, title="Menus of the wrong brand")
    await price_list(world, title="Holidays", most_fetches=1)
    async with world.store.transaction(actor="test") as tx:
        await step(tx, first.file.id, Step.supersede, Who.wavepost)
        await step(tx, revoked.file.id, Step.revoke, Who.sender)
    old = await price_list(world, title="Last year's prices")
    await run(
        world.store,
        "UPDATE shared_files SET expires_at = '2022-01-10' WHERE id = :id",
        id=old.file.id,
    )
    page = await at_web(address, PHONE)
    await page.context.add_cookies(
        [{"name": PORTAL, "value": await world.session(first.recipient), "url": address}]
    )
    await page.goto(f"{address}/portal")
    for words in ("replaced by a newer edition", "taken back", "expired", "edition 2"):
        await expect(page.get_by_role("main")).to_contain_text(words)
    await check(page)
    holidays = page.get_by_role("listitem").filter(has_text="Holidays")
    await expect(holidays).to_contain_text("New")
    await holidays.get_by_role("button").click()
    await page.goto(f"{address}/portal")
    await expect(holidays).to_contain_text("Opened")
    for title, words in (
        ("Menus of the wrong brand", "took this file back"),
        ("Last year's prices", "was available until"),
        ("<script>", "A newer edition took its place"),
    ):
        await page.get_by_role("listitem").filter(has_text=title).get_by_role("button").click()
        await expect(page.get_by_role("main")).to_contain_text(words)
        await check(page)
        await page.goto(f"{address}/portal")
    assert await world.grade(second) is Grade.untold
