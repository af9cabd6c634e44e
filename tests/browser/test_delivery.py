"""A file on its way, clicked by everybody it concerns: sent, agreed to, opened, passed on, taken back."""

import re
from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.ids import stable_id
from bot.settings import Settings
from handlers.roles import give
from rules.roles import Role
from store.session import Store
from tests.browser.web import PHONE, AtWeb, sign_in
from tests.chromium import OpenAs
from tests.handlers.files.files_given import spaces_given
from tests.mail_server import MailServer, mail_server
from tests.sandbox.browser.axe import faults_of
from tests.sheets_given import with_bucket

pytestmark = pytest.mark.browser

WORKING = 60_000
"""Milliseconds in which a file is brought, looked into and delivered on a busy machine."""
NORA, CARL, EVE = "nora@joes.example", "carl@joes.example", "eve@elsewhere.example"
SEALED = b"7z\xbc\xaf\x27\x1c" + bytes(range(256)) * 40
NEWER = SEALED[::-1]


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, mails: MailServer) -> Settings:
    return with_bucket(settings, s3_server).model_copy(update={"smtp": mails.settings()})


@pytest.fixture
async def _joes(store: Store, wavepost: Wavepost) -> None:
    """Sue sends, Ben agrees; Gus, Nora and Carl are of Joe's Pizza, and Eve is of nowhere."""
    async with store.transaction(actor="test") as tx:
        await give(tx, "sue@northwind.example", Role.sender)
        await give(tx, "ben@northwind.example", Role.approver)
    gus = (stable_id("U", "gus"), "Gus Guest")
    await spaces_given(store, "Joe's Pizza", "Menus", people=[gus], outside=[NORA, CARL])


async def say(page: Page, words: str) -> None:
    composer = page.get_by_label(re.compile("^Message "))
    await composer.fill(words)
    await composer.press("Enter")


async def messages(page: Page) -> Locator:
    """What Wavepost wrote to this person."""
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    return page.get_by_role("log")


async def close(page: Page) -> None:
    """Close what is open."""
    await page.get_by_role("dialog").last.get_by_role("button", name="Close").last.click()


async def fill_and_send(form: Locator, page: Page, file: Path) -> None:
    """Give an encrypted file in the open form, and agree to what the confirmation says."""
    await form.locator("input[type=file]").set_input_files(file)
    await form.get_by_role("combobox", name="What it holds").click()
    await page.get_by_role("option", name="The customer's own matters").click()
    await form.get_by_role("radio", name="Yes, before it came here").check()
    await form.get_by_label("How it is encrypted").fill("7-Zip with AES-256")
    await form.get_by_label("Who has the key").fill("Sue Sender")
    await form.get_by_label("How to reach them").fill("+1 555 0100")
    await form.get_by_role("button", name="Next").click()
    asked = page.get_by_role("dialog", name="Send this?")
    await expect(asked).to_contain_text("3 people of Joe's Pizza will get this file")
    await expect(asked).to_contain_text("a second person has agreed")
    await asked.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_role("dialog").last).to_contain_text("being checked")
    await close(page)


async def say_in_general(page: Page, words: str) -> None:
    """Write where commands are written, whatever is open now."""
    while await page.get_by_role("dialog").count():
        await close(page)
    await page.get_by_role("button", name=re.compile("^general")).click()
    await say(page, words)


async def mailed(mails: MailServer, to: str, words: str) -> EmailMessage:
    """The newest mail to an address that has these words, once it is there."""
    while True:
        fitting = [
            mail for mail in mails.mails if to in str(mail["To"]) and words in mail.get_content()
        ]
        if fitting:
            return fitting[-1]
        mails.came.clear()
        await mails.came.wait()


async def come_in(page: Page, mails: MailServer, address: str) -> None:
    """Prove with a code from the mail who one is."""
    await page.get_by_label("Your e-mail address").fill(address)
    await page.get_by_role("button", name="Send me a code").click()
    mail = await mailed(mails, address, "Your code is")
    code = re.search(r"\b\d{3} \d{3}\b", mail.get_content())
    assert code
    await page.get_by_label("The code").fill(code[0])
    await page.get_by_role("button", name="Go on").click()


async def download(page: Page) -> bytes:
    async with page.expect_download() as saved:
        await page.get_by_role("button", name=re.compile("^Download")).click()
    return read(await (await saved.value).path())


def read(path: Path) -> bytes:
    return path.read_bytes()


async def agree(to_decide: Locator) -> None:
    """Release what waits, as a second person."""
    release = to_decide.get_by_role("button", name="Release", exact=True)
    await expect(release).to_have_count(1, timeout=WORKING)
    await release.click()
    sure = to_decide.page.get_by_role("dialog", name=re.compile("^Release “"))
    await expect(sure).to_contain_text("so far. Each is told at once.")
    await sure.get_by_role("button", name="Release").click()
    await expect(release).to_have_count(0, timeout=WORKING)


async def open_in_slack(gus: Page, his: Locator, at_web: AtWeb) -> Page:
    """Press Open in Slack, and go on in a browser of a phone."""
    await expect(his).to_contain_text("Sue Sender sent you a file", timeout=WORKING)
    await his.get_by_role("button", name="Open").click()
    way = gus.get_by_role("dialog").get_by_role("link", name=re.compile("browser"))
    page = await at_web(await way.get_attribute("href") or "", PHONE)
    await page.get_by_role("button", name="Continue as Gus Guest").click()
    assert await faults_of(page) == []
    return page


async def check(page: Page, file: Path) -> None:
    """Have the browser compute the SHA-256 of what was downloaded."""
    await page.get_by_role("link", name="Check what I downloaded").click()
    await page.get_by_label(re.compile("Choose the file")).set_input_files(file)
    await expect(page.get_by_role("heading", name="It is the same file")).to_be_visible()
    assert await faults_of(page) == []


async def ask_for_access(eve: Page) -> None:
    """Come by a link that was passed on, and be of nowhere."""
    await eve.get_by_label("Your e-mail address").fill(EVE)
    await eve.get_by_role("button", name="Send me a code").click()
    await eve.get_by_text("No code came?").click()
    await eve.get_by_role("button", name="Ask for access").click()
    await expect(eve.get_by_role("heading", name="The sender was asked")).to_be_visible()


async def see_who_has_it(sue: Page, at_web: AtWeb, address: str) -> Locator:
    """Read in Slack and on the web who has it, and how sure that is; gives the file's card."""
    await say_in_general(sue, "/share 1")
    card = sue.get_by_role("dialog", name="File 1")
    await expect(card).to_contain_text(re.compile("Gus Guest.*checked", re.DOTALL))
    on_web = await at_web(f"{address}/files")
    await sign_in(on_web, "Sue Sender")
    await expect(on_web.get_by_role("main")).to_contain_text("Prices of 2022")
    assert await faults_of(on_web) == []
    return card


async def revoke(sue: Page) -> None:
    await say_in_general(sue, "/share 2")
    await sue.get_by_role("dialog", name="File 2").get_by_role("button", name="Revoke").click()
    why = sue.get_by_role("dialog", name=re.compile("Revoke"))
    await why.get_by_role("textbox").fill("The prices were last year's")
    await why.get_by_role("button", name="Revoke").click()


@pytest.mark.usefixtures("_joes")
async def test_a_file_is_sent_agreed_to_opened_checked_passed_on_replaced_and_revoked(
    open_as: OpenAs, at_web: AtWeb, mails: MailServer, tmp_path: Path, settings: Settings
) -> None:
    first, second = tmp_path / "prices.7z", tmp_path / "prices-2.7z"
    first.write_bytes(SEALED)
    second.write_bytes(NEWER)
    sue, ben, gus = await open_as("sue"), await open_as("ben"), await open_as("gus")

    await say(sue, "/share menus")
    form = sue.get_by_role("dialog", name="Deliver files")
    await form.get_by_label("Title").fill("Prices of 2022")
    await fill_and_send(form, sue, first)
    to_decide, heard, his = await messages(ben), await messages(sue), await messages(gus)
    await agree(to_decide)
    await expect(heard).to_contain_text("agreed to", timeout=WORKING)

    at_portal = await open_in_slack(gus, his, at_web)
    assert await download(at_portal) == SEALED
    await check(at_portal, first)

    mail = await mailed(mails, NORA, "Prices of 2022")
    link = re.search(r"https?://\S+/d/\S+", mail.get_content())
    assert link
    nora = await at_web(link[0])
    await come_in(nora, mails, NORA)
    assert await download(nora) == SEALED

    # A colleague has it at once by a link that is passed on; a stranger gets not even a code.
    await nora.get_by_role("button", name="Make a link to pass on").click()
    passed_on = await nora.get_by_label(re.compile("^Link to")).input_value()
    carl, eve = await at_web(passed_on, PHONE), await at_web(passed_on)
    await come_in(carl, mails, CARL)
    await expect(carl.get_by_role("heading", name="Prices of 2022")).to_be_visible()
    await ask_for_access(eve)
    assert not [each for each in mails.mails if EVE in str(each["To"])]
    await expect(heard).to_contain_text(EVE, timeout=WORKING)

    card = await see_who_has_it(sue, at_web, str(settings.address))
    await card.get_by_role("button", name="New edition").click()
    await fill_and_send(sue.get_by_role("dialog", name="New edition"), sue, second)
    await agree(to_decide)
    await expect(his).to_contain_text("takes the place of edition 1", timeout=WORKING)
    await nora.goto(link[0])
    await nora.get_by_role("button", name="Open").click()
    await expect(nora.get_by_role("main")).to_contain_text("A newer edition took its place")
    await nora.get_by_role("link", name=re.compile("^edition 2")).first.click()
    assert await download(nora) == NEWER

    await revoke(sue)
    await expect(his).to_contain_text("revoked", timeout=WORKING)
    await nora.get_by_role("button", name=re.compile("^Download")).click()
    await expect(nora.get_by_role("main")).to_contain_text("took this file back")
    for page in (sue, ben, gus, nora, carl, eve):
        assert await faults_of(page) == []
