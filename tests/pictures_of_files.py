"""How files on their way to customers pose for the pictures of docs/sandbox.md."""

import re

from playwright.async_api import FilePayload, Page, expect

from tests.picturing import PHONE, Picture, act_as, say

MARIA = "maria@joes.example"


async def share(page: Page) -> None:
    """The form of a consultant who sends a file."""
    await say(page, "/share menus and prices")
    form = page.get_by_role("dialog", name="Deliver files")
    await expect(form).to_contain_text("people will get it")
    menu = FilePayload(name="menu-2022.csv", mimeType="text/csv", buffer=b"item,price\n" * 4_000)
    await form.locator("input[type=file]").set_input_files([menu])
    await form.get_by_label("Title").fill("Your menu in the new system")
    await form.get_by_label("Note to recipients").fill("Please look whether every price is right.")


async def share_confirmed(page: Page) -> None:
    """What stands between the form and its recipients: who will get it."""
    await share(page)
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_role("dialog", name="Send this?")).to_be_visible()


async def share_sent(page: Page) -> None:
    """What was sent, and who has not opened it."""
    await say(page, "/share sent")
    await expect(page.get_by_role("log")).to_contain_text("not opened it")
    await page.locator(".scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")


async def delivered(page: Page) -> None:
    """A file as a guest gets it in Slack, opened."""
    await act_as(page, "joe")
    await page.get_by_role("button", name="Open", exact=True).first.click()
    await expect(page.get_by_role("dialog", name="A file for you")).to_be_visible()


async def receipts(page: Page) -> None:
    """The page of a file: who has it, and how sure that is."""
    await sign_in(page, "/files")
    await page.get_by_role("link", name="Orders of December").click()
    await expect(page.get_by_role("heading", name="Orders of December")).to_be_visible()


async def upload(page: Page) -> None:
    """The page for large files."""
    await sign_in(page, "/files/upload")
    await expect(page.get_by_role("heading").first).to_be_visible()


async def mailbox(page: Page) -> None:
    """What recipients outside of Slack are mailed."""
    await page.goto(await address_of(page, "Mailbox"))
    await expect(page.get_by_text(MARIA).first).to_be_visible()


async def portal(page: Page) -> None:
    """A file's page, as a recipient reads it who came by mail and by code."""
    box = await address_of(page, "Mailbox")
    await page.goto(box)
    told = page.get_by_role("article").filter(has=page.get_by_role("link"))
    mail = told.filter(has_text=MARIA).first
    await page.goto(await mail.get_by_role("link").first.get_attribute("href") or "")
    asked = page.url
    await page.get_by_label("Your e-mail address").fill(MARIA)
    await page.get_by_role("button", name="Send me a code").click()
    await expect(page.get_by_label("The code")).to_be_visible()
    code = await newest_code(page, box)
    await page.get_by_label("The code").fill(code)
    await page.get_by_role("button", name="Go on").click()
    await expect(page.get_by_role("button", name=re.compile("^Download"))).to_be_visible()
    assert page.url != asked


async def newest_code(page: Page, box: str) -> str:
    """The code that was just mailed, read in another window."""
    beside = await page.context.new_page()
    found = None
    while found is None:
        await beside.goto(box)
        found = re.search(r"\b\d{3} \d{3}\b", await beside.locator("body").inner_text())
    await beside.close()
    return found[0]


async def sign_in(page: Page, path: str) -> None:
    """Open one of our pages, as Mateo who signs in with Slack."""
    await page.goto(f"{await address_of(page, 'Wavepost on the web')}{path}")
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name="Mateo", exact=False).click()


async def address_of(page: Page, link: str) -> str:
    """Where a link beside the business date leads."""
    return await page.get_by_role("link", name=link).get_attribute("href") or ""


OF_FILES = [
    Picture("share", share, "random", person="mateo", size=(1060, 900)),
    Picture("share-confirmed", share_confirmed, "random", person="mateo", size=(1060, 800)),
    Picture("share-sent", share_sent, person="mateo", size=(1060, 760)),
    Picture("delivered", delivered, person="mateo", size=(1060, 700)),
    Picture("portal", portal, person="mateo", size=PHONE),
    Picture("mailbox", mailbox, person="mateo", size=(900, 700)),
    Picture("receipts", receipts, person="mateo", size=(1000, 900)),
    Picture("upload", upload, person="mateo", size=(900, 900)),
]
