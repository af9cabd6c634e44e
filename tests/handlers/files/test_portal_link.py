"""The link of a delivery: what machines do with it, and what people do who were not meant."""

import asyncio
import re

import httpx
import pytest

from bot.cookies import PORTAL
from rules.receipts import Grade, Kind, Refusal
from tests.handlers.files.portal_world import (
    HOST,
    NAVIGATION,
    OWN,
    PortalWorld,
    ask,
    code_in,
    press,
)
from tests.store.parcels_given import NOW
from tests.world import counted, run

BROWSER = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"
)
AGENTS = (
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "facebookexternalhit/1.1",
    "WhatsApp/2.24.1 A",
    "TelegramBot (like TwitterBot)",
    "Twitterbot/1.0",
    "LinkedInBot/1.0",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "SkypeUriPreview Preview/0.5",
    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1) Microsoft Office/16.0 (Outlook Safe Links)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0) BingPreview/1.0b",
    "Mimecast-URL-Scanner",
    "Barracuda Sentinel (EE)",
    "Proofpoint-URL-Defense",
    "python-requests/2.32.0",
    "curl/8.10.1",
    "Go-http-client/2.0",
    "",
    BROWSER,  # a scanner that lies about what it is
)
PREFETCH = NAVIGATION | {"Sec-Purpose": "prefetch;prerender"}


async def test_a_storm_of_previews_leaves_it_at_notified(world: PortalWorld) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.store.transaction(actor="test") as tx:
        await tx.evidence.note(given.delivery.id, Kind.notified, NOW)
        token = await tx.portal.make_entry(given.recipient.id, given.page)
    paths = (given.link, f"/portal/enter/{token}", given.page, "/portal", "/portal/sign-in")

    async def storm(agent: str) -> None:
        async with world.browser() as machine:
            machine.headers.clear()
            machine.headers["User-Agent"] = agent
            for path in paths:
                await machine.get(path)
                await machine.head(path)
                await machine.post(path, data={"address": "ivy@acme.example"})
            for deed in ("open", "download", "check", "pass-on", "ask"):
                await machine.post(f"{given.page}/{deed}", data={"csrf": "x", "sha256": "0"})
            await machine.get(given.link, headers=PREFETCH | {"User-Agent": BROWSER})

    await asyncio.gather(*map(storm, AGENTS))

    receipt = await world.receipt(given)
    assert receipt.grade is Grade.notified
    assert (receipt.others, receipt.passed_on, receipt.refusals) == ({}, 0, ())
    assert world.mails.taken == []
    async with world.browser() as browser:
        assert (await ask(browser, f"/portal/enter/{token}")).status_code == 303


async def test_a_browser_that_goes_there_has_fetched_it_and_no_more_and_once_an_hour(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.browser() as browser:
        page = await browser.get(given.link)
        assert [(await browser.get(given.link)).text for _ in range(2)] == [page.text] * 2
    assert await world.grade(given) is Grade.fetched
    assert not (await world.receipt(given)).grade.is_seen
    assert await counted(world.store, "delivery_evidence") == 1
    # Whoever has the link learns nothing of the file, its sender or its reader.
    for secret in (given.file.title, given.file.file_name, "acme", "ivy", given.recipient.name):
        assert secret not in page.text.lower(), secret


async def test_a_colleague_who_uses_the_link_has_the_file_and_the_sender_sees_it(
    world: PortalWorld,
) -> None:
    ivy, tom = [await world.recipient(f"{name}@acme.example") for name in ("ivy", "tom")]
    given = await world.given(ivy)
    async with world.browser() as browser:
        await ask(browser, given.link, address="tom@acme.example")
        typed = await ask(browser, "/portal/code", code=code_in(world.mails))
        assert typed.headers["location"] == given.page
        got = await press(browser, f"{given.page}/download", page=given.page)
        assert "X-Amz" in got.headers["location"]
    receipt = await world.receipt(given)
    assert receipt.grade is Grade.untold
    assert receipt.others == {str(tom.id): Grade.opened}
    assert receipt.is_reshared
    async with world.store.reading() as reading:
        own = await reading.deliveries.of(given.file.id, tom.id)
        assert own
        kinds = {each.kind for each in (await reading.evidence.of_files([given.file.id]))[own.id]}
    assert kinds == {Kind.opened, Kind.issued}


async def test_another_organisation_s_person_can_ask_and_learns_nothing(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    eve = await world.recipient("eve@acme2.example", "acme2")
    async with world.browser(eve) as browser:
        opened = await press(browser, f"{given.link}/open", page=given.link)
        assert opened.status_code == 403
        assert "This file was not sent to you" in opened.text
        assert given.file.title not in opened.text
        for _ in range(2):
            asked = await press(browser, f"{given.link}/access", page=given.link)
            assert "The sender was asked" in asked.text
    receipt = await world.receipt(given)
    assert {each.why for each in receipt.refusals} == {Refusal.other_organisation}
    # Asking is no other try.
    assert receipt.refused == 1
    assert (receipt.grade, receipt.others) == (Grade.fetched, {})
    assert await counted(world.store, "access_requests WHERE kind = 'access'") == 1
    said = "outbox WHERE lane = 'U0SENDER' AND blocks::text LIKE '%eve%asks for%They proved%'"
    assert await counted(world.store, said) == 1


async def test_a_colleague_of_another_space_can_ask_as_well(world: PortalWorld) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.store.transaction(actor="test") as tx:
        tom = await tx.spaces.keep_recipient(
            given.space.organisation_id, email="tom@acme.example", name="Tom"
        )
    async with world.browser(tom) as browser:
        opened = await press(browser, f"{given.link}/open", page=given.link)
    assert opened.status_code == 403
    assert {each.why for each in (await world.receipt(given)).refusals} == {Refusal.no_member}


async def test_who_has_no_code_asks_the_sender_known_or_not_and_not_without_end(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    answers = set()
    for number in range(8):
        address = f"who{number}@else.example" if number else "ivy@acme.example"
        async with world.browser() as browser:
            await ask(browser, given.link, address=address)
            answer = await ask(browser, "/portal/access")
            answers.add(answer.text.replace(address, "ADDRESS"))
    assert len(answers) == 1
    assert await counted(world.store, "access_requests") == 5
    assert await counted(world.store, "outbox WHERE blocks::text LIKE '%They proved nothing%'") == 5


async def test_an_expired_file_can_be_asked_for_and_the_sender_is_told_once(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    await run(world.store, "UPDATE shared_files SET expires_at = '2022-01-14'")
    async with world.browser(given.recipient) as browser:
        for _ in range(2):
            asked = await press(browser, f"{given.page}/ask", page=given.page)
            assert "The sender was asked" in asked.text
    assert await counted(world.store, "outbox WHERE blocks::text LIKE '%which expired%'") == 1


async def test_who_passes_it_on_is_seen_to_and_the_link_opens_nothing_by_itself(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.browser(given.recipient) as browser:
        page = await press(browser, f"{given.page}/pass-on", page=given.page)
    address = page.text.partition('value="http://127.0.0.1')[2].partition('"')[0]
    assert address.startswith("/d/")
    assert (await world.receipt(given)).passed_on == 1
    async with world.browser() as browser:
        assert "Your e-mail address" in (await browser.get(address)).text


async def test_where_nobody_said_at_which_address_we_are_found_no_broken_link_is_made(
    world: PortalWorld,
) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    session = await world.session(given.recipient)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(world.app(address=None)),
        base_url=HOST,
        cookies={PORTAL: session},
    ) as browser:
        page = await browser.get(given.page)
        assert "Make a link" not in page.text
        assert "WAVEPOST_ADDRESS" in page.text
        made = await press(browser, f"{given.page}/pass-on", page="/portal")
    assert made.status_code == 400
    assert "so none was" in made.text
    assert (await world.receipt(given)).passed_on == 0


async def test_a_list_marks_what_is_new_and_what_was_done_with_the_others(
    world: PortalWorld,
) -> None:
    ivy = await world.recipient("ivy@acme.example")
    given = await world.given(ivy)
    tom = await world.recipient("tom@acme.example")
    marks = []
    async with world.browser(ivy) as browser, world.browser(tom) as colleague:
        for path, form in (
            ("open", {}),
            ("download", {}),
            ("check", {"sha256": given.file.sha256 or ""}),
        ):
            marks.append(mark_in((await browser.get("/portal")).text))
            # What somebody else does with the link marks nothing of hers.
            await press(colleague, f"{given.link}/open", page=given.link)
            await press(browser, f"{given.page}/{path}", **form)
        marks.append(mark_in((await browser.get("/portal")).text))
    assert marks == ["New", "Opened", "Downloaded", "Checked"]


def mark_in(page: str) -> str:
    found = re.search(r'class="mark[^>]*>(\w+)<', page)
    return found[1] if found else ""


async def test_who_was_let_in_meanwhile_goes_to_the_file_and_asks_nobody(
    world: PortalWorld,
) -> None:
    ivy, tom = [await world.recipient(f"{name}@acme.example") for name in ("ivy", "tom")]
    given = await world.given(ivy)
    async with world.browser(tom) as browser:
        went = await press(browser, f"{given.link}/access", page=given.link)
    assert (went.status_code, went.headers["location"]) == (303, given.page)
    assert await counted(world.store, "access_requests") == 0


async def test_what_is_gone_is_not_offered_to_be_asked_for(world: PortalWorld) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    await run(world.store, "UPDATE shared_files SET expires_at = '2022-01-14', removed_at = now()")
    async with world.browser(given.recipient) as browser:
        page = await browser.get(given.page)
        await press(browser, f"{given.page}/ask", page=given.page)
    assert "not kept any more" in page.text
    assert "Ask for a new link" not in page.text
    assert await counted(world.store, "access_requests") == 0


async def test_search_engines_are_asked_to_stay_away(world: PortalWorld) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.browser() as robot:
        assert (await robot.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"
        page = await robot.get(given.link)
    assert page.headers["x-robots-tag"] == "noindex, nofollow"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex, nofollow">' in page.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_no_other_method_does_anything(world: PortalWorld, method: str) -> None:
    given = await world.given(await world.recipient("ivy@acme.example"))
    async with world.browser(given.recipient) as browser:
        for path in (given.link, given.page, f"{given.page}/download"):
            assert (await browser.request(method, path, headers=OWN)).status_code == 405
