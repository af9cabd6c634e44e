"""Large files through the upload page: whole after every break, and nothing of what was given up."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import pytest
from playwright.async_api import Page, expect

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.ids import stable_id
from bot.settings import Settings
from rules.file_life import State
from store.bucket import set_up
from store.files import Files
from store.session import Store
from store.shared_files import SharedFile
from tests.browser.uploads import (
    WORKING,
    arrived,
    file_of,
    fill_in,
    parts,
    parts_sent,
    press_upload,
    spaces,
    upload_page,
)
from tests.browser.web import PHONE, AtWeb
from tests.cable import Cable
from tests.chromium import DESK
from tests.sandbox.browser.axe import faults_of
from tests.sheets_given import with_bucket

pytestmark = pytest.mark.browser


@pytest.fixture
async def cable(s3_server: EmbeddedS3) -> AsyncIterator[Cable]:
    """The way from browsers to the store, which is another one than ours."""
    async with Cable(s3_server.endpoint).running() as cable:
        yield cable


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, cable: Cable) -> Settings:
    public = {"s3_public_endpoint": cable.address}
    return with_bucket(settings, s3_server).model_copy(update=public)


@pytest.fixture
async def address(store: Store, wavepost: Wavepost) -> str:
    """Where the pages are; the bucket takes what they send."""
    await spaces(store)
    address = str(wavepost.settings.address)
    await set_up(bucket_of(wavepost), address=address)
    return address


def bucket_of(wavepost: Wavepost) -> Files:
    assert wavepost.files
    return wavepost.files


async def file_at(store: Store, page: Page) -> SharedFile:
    """The file whose page is open."""
    async with store.reading() as reading:
        file = await reading.shared_files.get(UUID(page.url.rpartition("/")[2]))
    assert file
    return file


async def released(store: Store, page: Page) -> SharedFile:
    """The file whose page is open, once it is out."""
    file = await file_at(store, page)
    for _ in range(120):
        if file.state is not State.scanning:
            break
        await page.wait_for_timeout(250)
        file = await file_at(store, page)
    assert file.state is State.released
    return file


async def is_stored(store: Store, wavepost: Wavepost, page: Page, original: Path) -> bool:
    """Whether the store has the file whose page is open, once it is out, as it was chosen."""
    file = await released(store, page)
    return await bucket_of(wavepost).get(file.row.key) == await asyncio.to_thread(
        original.read_bytes
    )


async def check(page: Page) -> None:
    """It is for everyone: axe finds nothing, and nothing lies beside the screen."""
    assert await faults_of(page) == []
    assert not await page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize(
    ("size", "scheme"), [(PHONE, "light"), (DESK, "dark")], ids=["phone", "desk at night"]
)
async def test_a_form_says_what_is_missing_and_keeps_what_was_typed(
    size: tuple[int, int], scheme: str, at_web: AtWeb, address: str
) -> None:
    page = await upload_page(at_web, address, size)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await check(page)
    await page.get_by_label("Title").fill("Menus for June")
    await page.get_by_label("It was encrypted before it came here").check()
    await page.get_by_role("button", name="Next: who gets it").click()

    await expect(page.get_by_text("Choose the file.")).to_be_visible()
    await expect(page.get_by_text("Choose the space that gets it.")).to_be_visible()
    await expect(page.get_by_text("Say who has the key")).to_be_visible()
    await expect(page.get_by_label("Files", exact=True)).to_be_focused()
    await expect(page.get_by_label("Title")).to_have_value("Menus for June")
    await check(page)


async def test_a_file_of_several_parts_arrives_whole_and_is_released(
    at_web: AtWeb, address: str, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    original = file_of(tmp_path, parts(2.5))
    page = await upload_page(at_web, address, PHONE)
    await fill_in(page, original)
    await press_upload(page)
    await arrived(page)

    await expect(page.get_by_role("heading", name="Menus for June")).to_be_visible()
    file = await released(store, page)
    data = await asyncio.to_thread(original.read_bytes)
    assert (file.row.sha256, file.row.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert await is_stored(store, wavepost, page, original)
    await page.reload()
    await expect(page.get_by_text("1 of 1 has not opened it.")).to_be_visible()
    await check(page)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="Download it to look at it").click()
    saved = await (await download.value).path()
    assert await asyncio.to_thread(saved.read_bytes) == data


async def test_a_break_of_the_network_loses_nothing(
    at_web: AtWeb, address: str, cable: Cable, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    original = file_of(tmp_path, parts(3.1))
    page = await upload_page(at_web, address)
    cable.most = parts(1.9)
    await fill_in(page, original)
    await press_upload(page)
    await expect(page.get_by_role("status")).to_contain_text("goes on by itself", timeout=WORKING)
    await check(page)

    cable.put_in()
    await arrived(page)
    assert await is_stored(store, wavepost, page, original)


async def test_who_pauses_goes_on_later(
    at_web: AtWeb, address: str, cable: Cable, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    original = file_of(tmp_path, parts(1.5))
    page = await upload_page(at_web, address)
    cable.pull()
    await fill_in(page, original)
    await press_upload(page)
    await page.get_by_role("button", name="Pause").click()
    await expect(page.get_by_role("status")).to_have_text("Paused. What was sent is kept.")
    await expect(page.get_by_role("button", name="Go on")).to_be_focused()
    cable.put_in()
    await page.get_by_role("button", name="Go on").click()
    await arrived(page)
    assert await is_stored(store, wavepost, page, original)


async def test_after_the_page_was_loaded_again_only_what_is_missing_is_sent(
    at_web: AtWeb, address: str, cable: Cable, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    original = file_of(tmp_path, parts(3.9))
    page = await upload_page(at_web, address)
    before = parts_sent(page)
    cable.most = parts(3.5)  # cut at 90 %
    await fill_in(page, original)
    await press_upload(page)
    await expect(page.get_by_role("status")).to_contain_text("goes on by itself", timeout=WORKING)
    arrived_before = set(before)
    assert arrived_before < {1, 2, 3, 4}

    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    cable.put_in()
    unfinished = page.get_by_role("region", name="Not finished yet")
    await expect(unfinished).to_contain_text("menus.bin")
    await check(page)
    again = unfinished.get_by_label("menus.bin, chosen again")
    await again.set_input_files(file_of(tmp_path, parts(3.9), seed=2))
    await unfinished.get_by_role("button", name="Go on with it").click()
    await expect(page.get_by_text("This is another file")).to_be_visible(timeout=WORKING)

    await page.reload()
    after = parts_sent(page)
    await again.set_input_files(original)
    await unfinished.get_by_role("button", name="Go on with it").click()
    await arrived(page)
    assert set(after) == {1, 2, 3, 4} - arrived_before
    assert await is_stored(store, wavepost, page, original)


async def test_a_file_of_another_size_is_refused_before_anything_is_sent(
    at_web: AtWeb, address: str, cable: Cable, tmp_path: Path
) -> None:
    page = await upload_page(at_web, address)
    cable.pull()
    await fill_in(page, file_of(tmp_path, 2_000))
    await press_upload(page)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    cable.put_in()
    sent = parts_sent(page)
    unfinished = page.get_by_role("region", name="Not finished yet")
    await unfinished.get_by_label("chosen again").set_input_files(file_of(tmp_path, 900, seed=2))
    await unfinished.get_by_role("button", name="Go on with it").click()
    await expect(unfinished.get_by_role("alert")).to_contain_text("2.0 kB (2,000 bytes)")
    assert sent == []


async def test_what_is_cancelled_leaves_nothing(
    at_web: AtWeb, address: str, cable: Cable, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    page = await upload_page(at_web, address)
    cable.most = parts(1.1)
    await fill_in(page, file_of(tmp_path, parts(1.5)))
    await press_upload(page)
    await expect(page.get_by_role("status")).to_contain_text("goes on by itself", timeout=WORKING)
    await page.get_by_role("button", name="Cancel this upload").click()

    await expect(page.get_by_role("button", name="Next: who gets it")).to_be_visible()
    await expect(page.get_by_role("region", name="Not finished yet")).to_have_count(0)
    async with store.reading() as reading:
        [file], _ = await reading.shared_files.sent_by(stable_id("U", "sue"), most=9)
    assert file.state is State.dropped
    bucket = bucket_of(wavepost)
    left = await bucket.call(lambda client: client.list_multipart_uploads(Bucket=bucket.bucket))
    assert "Uploads" not in left
    assert not await bucket.exists(file.row.key)


async def test_where_the_browser_hashes_nothing_itself_our_script_does(
    at_web: AtWeb, address: str, store: Store, wavepost: Wavepost, tmp_path: Path
) -> None:
    original = file_of(tmp_path, 70_001)
    page = await upload_page(at_web, address)
    await page.context.add_init_script(
        "Object.defineProperty(crypto, 'subtle', {value: undefined})"
    )
    await page.reload()
    await fill_in(page, original)
    await press_upload(page)
    await arrived(page)
    assert await is_stored(store, wavepost, page, original)
