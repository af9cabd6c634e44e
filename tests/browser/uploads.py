"""The upload page in a browser: spaces to send to, a file of several parts, and what a person does there."""

import random
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.async_api import Page, Request, expect

from handlers.roles import give
from rules.roles import Role
from rules.upload_parts import SMALLEST_PART
from store.session import Store
from tests.browser.web import AtWeb, sign_in

SUE = "sue@northwind.example"
DANA = "dana@acme.example"
SPACE = "Menus"
WORKING = 60_000
"""Milliseconds in which some parts are sent on a busy machine."""


async def spaces(store: Store) -> None:
    """Sue sends files; Dana of Acme is a member of its space, and another organisation has one too."""
    async with store.transaction(actor="test") as tx:
        await give(tx, SUE, Role.sender)
        for name in ("Acme", "Bolt"):
            organisation = await tx.spaces.make_organisation(name, "test")
            space = await tx.spaces.make_space(organisation.id, SPACE, "test")
            who = f"dana@{name.lower()}.example"
            kept = await tx.spaces.keep_recipient(organisation.id, email=who, name="Dana")
            await tx.spaces.add(space.id, kept.id, "test")


def file_of(folder: Path, size: int, *, seed: int = 1, name: str = "menus.bin") -> Path:
    """A file of so many bytes, the same for the same seed."""
    file = folder / str(seed) / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(random.Random(seed).randbytes(size))
    return file


def parts(number: float) -> int:
    """How many bytes so many parts have."""
    return int(number * SMALLEST_PART)


async def upload_page(at_web: AtWeb, address: str, *size: tuple[int, int]) -> Page:
    """The page, with Sue signed in."""
    page = await at_web(f"{address}/files/upload", *size)
    page.set_default_timeout(WORKING)
    await sign_in(page, "Sue Sender")
    await expect(page.get_by_role("heading", name="Upload files")).to_be_visible()
    return page


async def fill_in(page: Page, *files: Path, title: str = "Menus for June") -> None:
    """All that is needed."""
    await page.get_by_label("Files", exact=True).set_input_files(files)
    await page.get_by_role("checkbox", name="Menus (Acme)").check()
    await page.get_by_label("Title").fill(title)


async def press_upload(page: Page) -> None:
    """Look at who gets it, agree, and see it on its way."""
    await page.get_by_role("button", name="Next: who gets it").click()
    await expect(page.get_by_role("region", name="Send this?")).to_contain_text("will get")
    await page.get_by_role("button", name="Upload and send").click()
    await expect(page.get_by_role("heading", name="Uploading")).to_be_visible(timeout=WORKING)


async def arrived(page: Page) -> None:
    """Wait until the browser is at the page of the file."""
    await expect(page.get_by_role("heading", name="What it is")).to_be_visible(timeout=WORKING)


def parts_sent(page: Page) -> list[int]:
    """The parts that a page sends to the store from now on, as their numbers come."""
    numbers: list[int] = []

    def see(request: Request) -> None:
        number = parse_qs(urlsplit(request.url).query).get("partNumber")
        if request.method == "PUT" and number:
            numbers.append(int(number[0]))

    page.on("requestfinished", see)
    return numbers
