"""The mailbox of a trial: what Wavepost mails arrives there, and is read at this machine alone."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot.assembly import Wavepost
from bot.mailer import SmtpMailer, mailer
from bot.serving import serving
from bot.settings import SmtpSettings
from bot.trial_mail import HOST, MOST_KEPT, Mailbox, post_office
from bot.trial_mailbox_page import PATH, MailboxPage, parts
from handlers.files.mailing import Letter
from store.session import Store
from tests.tls import TRUST

IVY, BOB = "ivy@hopandvine.example", "bob@hopandvine.example"
LINK = "https://wavepost.example/d/abc-DEF_123"


@pytest.fixture
def mailbox(tmp_path: Path) -> Mailbox:
    return Mailbox(tmp_path / "mail")


@pytest.fixture
async def post(mailbox: Mailbox) -> AsyncIterator[SmtpMailer]:
    """What Wavepost sends by, to the mailbox."""
    async with post_office(mailbox) as port:
        settings = SmtpSettings(
            host=HOST, port=port, security="none", sender="Wavepost <us@northwind.example>"
        )
        made = mailer(settings)
        assert made
        yield made


@pytest.fixture
async def page(
    wavepost: Wavepost, mailbox: Mailbox, post: SmtpMailer
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at this machine."""
    shown = MailboxPage(
        wavepost.store, mailbox, address="http://127.0.0.1:2", back="http://127.0.0.1:1"
    )
    wavepost.app.include_router(shown.router())
    async with (
        serving(wavepost.app) as address,
        httpx.AsyncClient(base_url=address, verify=TRUST) as client,
    ):
        yield client


async def given_ivy(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        organisation = await tx.spaces.make_organisation("Hop & Vine", "test")
        await tx.spaces.keep_recipient(organisation.id, email=IVY, name="Ivy Chen")


async def test_what_was_mailed_is_kept_as_it_was_the_newest_first(
    mailbox: Mailbox, post: SmtpMailer
) -> None:
    first = Letter(IVY, "A price list for you", f"Grüß dich\n\n{LINK}")
    for letter in (first, Letter(BOB, "Your code: 123456", "It holds for ten minutes")):
        await post.send(letter)
    newest, oldest = mailbox.newest_first()
    assert newest.to == BOB
    assert oldest.text == f"Grüß dich\n\n{LINK}\n"
    assert (oldest.subject, oldest.to) == ("A price list for you", IVY)
    assert oldest.sender == "Wavepost <us@northwind.example>"
    assert oldest.at == first.at.replace(microsecond=0)
    assert str(first.id) in oldest.message_id


def test_only_so_many_are_kept(mailbox: Mailbox) -> None:
    for number in range(MOST_KEPT + 3):
        mailbox.keep(f"{number}@x.example", b"Date: Sat, 15 Jan 2022 09:30:00 +0000\r\n\r\nx\r\n")
    kept = mailbox.newest_first()
    assert len(kept) == MOST_KEPT
    assert kept[0].to == f"{MOST_KEPT + 2}@x.example"


async def test_the_page_says_whose_a_mail_is_and_opens_its_link(
    page: httpx.AsyncClient, post: SmtpMailer, store: Store
) -> None:
    assert "No mail yet" in (await page.get(PATH)).text
    await given_ivy(store)
    await post.send(Letter(IVY, "A <b>list</b> & more", f"<script>alert(1)</script> {LINK}."))
    await post.send(Letter(BOB, "Your code", "123456"))
    shown = (await page.get(PATH)).text
    assert "<strong>Ivy Chen</strong>, Hop &amp; Vine" in shown
    assert f'<a href="{LINK}" target="_blank" rel="noopener noreferrer">{LINK}</a>.' in shown
    assert "<script>" not in shown
    assert "<b>list" not in shown
    assert shown.index("Your code") < shown.index("&amp; more")
    to_ivy = (await page.get(PATH, params={"to": IVY})).text
    assert "&amp; more" in to_ivy
    assert "123456" not in to_ivy
    assert (await page.get(f"{PATH}.css")).headers["content-type"].startswith("text/css")


async def test_a_link_of_an_earlier_start_leads_to_where_the_pages_are_now(
    page: httpx.AsyncClient, post: SmtpMailer
) -> None:
    await post.send(Letter(IVY, "A file", "http://127.0.0.1:40001/d/x"))
    assert 'href="http://127.0.0.1:2/d/x"' in (await page.get(PATH)).text


async def test_it_is_for_this_machine_only_and_runs_nothing(page: httpx.AsyncClient) -> None:
    headers = (await page.get(PATH)).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert (await page.get(PATH, headers={"Host": "evil.example"})).status_code == 404
    assert (await page.get(f"{PATH}.css", headers={"Host": "evil.example"})).status_code == 404


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("", []),
        ("no link", []),
        (f"({LINK})", [LINK]),
        (f'"{LINK}"', [LINK]),
        (f"{LINK}?a=b&c=d, then", [f"{LINK}?a=b&c=d"]),
        ("javascript:alert(1) data:text/html,x", []),
    ],
)
def test_only_addresses_of_the_web_are_links(text: str, links: list[str]) -> None:
    found = parts(text)
    assert [each.words for each in found if each.is_link] == links
    assert "".join(each.words for each in found) == text
