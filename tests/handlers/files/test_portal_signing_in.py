"""Coming into the portal: who proves what, and what tells nobody anything."""

import httpx
import pytest

from bot.cookies import PORTAL
from handlers.files.portal_signing_in import NO_ADDRESS
from rules.one_time_code import LONG_DIGITS, MOST_ASKED, MOST_TRIES, MOST_TRIES_IN_ALL
from rules.receipts import Grade
from tests.handlers.files.portal_world import OWN, PortalWorld, ask, code_in, press
from tests.queries import queries_of
from tests.world import counted, run

IVY = "ivy@acme.example"
WRONG = "This is not the code"


async def asked(browser: httpx.AsyncClient, address: str = IVY, at: str = "/portal/sign-in") -> str:
    """Ask for a code, and give the page that asks for it."""
    went = await ask(browser, at, address=address)
    assert (went.status_code, went.headers["location"]) == (303, "/portal/code"), went.text
    return (await browser.get("/portal/code")).text


async def wrong(browser: httpx.AsyncClient, code: str = "") -> str:
    """Type a code that is none, and give the page that says so."""
    answer = await ask(browser, "/portal/code", code=code or "no digits at all")
    assert WRONG in answer.text
    return " ".join(answer.text.replace("\N{NO-BREAK SPACE}", " ").split())


async def test_who_types_the_code_that_was_mailed_is_in(world: PortalWorld) -> None:
    ivy = await world.recipient(IVY)
    given = await world.given(ivy)
    async with world.browser() as browser:
        assert "A file was sent to you" in (await browser.get(given.link)).text
        assert "ivy@acme.example" in await asked(browser, at=given.link)
        (mail,) = world.mails.mails
        assert mail["To"] == IVY
        typed = await ask(browser, "/portal/code", code=code_in(world.mails))
        assert (typed.status_code, typed.headers["location"]) == (303, given.page)
        page = await browser.get(given.page)
    assert "Download" in page.text
    assert await world.grade(given) is Grade.opened
    session = typed.headers.get_list("set-cookie")[0]
    assert session.startswith(f"{PORTAL}=")
    assert "HttpOnly" in session
    assert "SameSite=lax" in session


async def test_an_address_that_nobody_has_gets_the_same_answer_and_no_mail(
    world: PortalWorld,
) -> None:
    await world.recipient(IVY)
    pages = []
    for address in (IVY, "nobody@acme.example"):
        async with world.browser() as browser:
            pages.append((await asked(browser, address)).replace(address, "ADDRESS"))
            wrong = await ask(browser, "/portal/code", code="000 000")
            pages[-1] += wrong.text.replace(address, "ADDRESS")
    assert pages[0] == pages[1]
    assert world.mails.recipients == [IVY]


async def test_the_code_goes_to_the_address_that_is_kept_and_not_to_one_that_looks_alike(
    world: PortalWorld,
) -> None:
    await world.recipient("mike@acme.example")
    async with world.browser() as browser:
        # To a database, the Kelvin sign in small letters is a k.
        await asked(browser, "mi\N{KELVIN SIGN}e@acme.example")
    assert set(world.mails.recipients) <= {"mike@acme.example"}


@pytest.mark.parametrize(
    "address",
    ["", "ivy", "ivy@acme", "a b@c.example", "ivy@acme.example\r\nBcc: x@y.example", "x" * 300],
)
async def test_what_is_no_address_is_said_to_be_none(world: PortalWorld, address: str) -> None:
    async with world.browser() as browser:
        answer = await ask(browser, "/portal/sign-in", address=address)
    assert NO_ADDRESS in answer.text
    assert world.mails.taken == []


async def test_a_code_holds_once_and_for_its_address_alone(world: PortalWorld) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser, world.browser() as thief:
        await asked(browser)
        code = code_in(world.mails)
        await asked(thief, "other@acme.example")
        assert WRONG in (await ask(thief, "/portal/code", code=code)).text
        kept = dict(browser.cookies)
        assert (await ask(browser, "/portal/code", code=code)).status_code == 303
        browser.cookies.update(kept)
        assert WRONG in (await ask(browser, "/portal/code", code=code)).text


async def test_a_wrong_code_says_how_many_tries_are_left(world: PortalWorld) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser:
        await asked(browser)
        page = await wrong(browser)
        assert "4 more tries before" in page
        for _ in range(MOST_TRIES - 2):
            page = await wrong(browser)
        assert "1 more try before" in page
        assert "only codes of twelve digits work" in await wrong(browser)


async def test_who_is_guessed_at_gets_in_by_a_long_code_that_no_wrong_try_ends(
    world: PortalWorld,
) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser, world.browser() as thief:
        await asked(browser)
        short = code_in(world.mails)
        await asked(thief)
        for _ in range(MOST_TRIES):
            await wrong(thief)
        assert "only codes of twelve digits work" in await wrong(browser, short)
        await asked(browser)
        long = code_in(world.mails)
        assert len(long.replace(" ", "")) == LONG_DIGITS
        for _ in range(MOST_TRIES):
            await wrong(thief)
        assert (await ask(browser, "/portal/code", code=long)).status_code == 303


async def test_whatever_strangers_ask_for_lets_in_who_reads_the_mail(world: PortalWorld) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser:
        for _ in range(3 * MOST_ASKED):
            async with world.browser() as stranger:
                await asked(stranger)
        # While a code holds, nothing more is sent; it is as good in hers as in theirs.
        assert len(world.mails.taken) == 1
        assert "still holds" in await asked(browser)
        assert len(world.mails.taken) == 1
        code = code_in(world.mails)
        assert (await ask(browser, "/portal/code", code=code)).status_code == 303
        await asked(browser)
    assert len(world.mails.taken) == 2


async def test_a_code_that_did_not_come_is_sent_anew_after_a_while_a_few_times(
    world: PortalWorld,
) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser:
        await asked(browser)
        first = code_in(world.mails)
        for _ in range(2 * MOST_ASKED):
            await run(world.store, "UPDATE one_time_codes SET sent_at = sent_at - interval '2 min'")
            await run(
                world.store,
                "UPDATE one_time_codes SET sent_at = now() - interval '9 min'"
                " WHERE sent_at < now() - interval '9 min'",
            )
            await asked(browser)
        assert len(world.mails.taken) == MOST_ASKED
        assert (await ask(browser, "/portal/code", code=first)).status_code == 303


async def test_where_many_guess_at_many_addresses_codes_are_long(world: PortalWorld) -> None:
    await world.recipient(IVY)
    async with world.browser() as thief:
        for number in range(MOST_TRIES_IN_ALL // MOST_TRIES):
            await asked(thief, f"who{number}@acme.example")
            for _ in range(MOST_TRIES):
                await wrong(thief)
        await asked(thief)
    assert len(code_in(world.mails).replace(" ", "")) == LONG_DIGITS


async def test_a_known_address_is_worth_the_same_work_as_one_that_nobody_has(
    world: PortalWorld,
) -> None:
    await world.recipient(IVY)
    done = []
    for address in (IVY, "nobody@acme.example"):
        async with world.browser() as browser:
            answer = await ask(browser, "/portal/sign-in", address=address)
            # What is looked up and sent comes after the answer, and holds no connection up.
            assert answer.headers["connection"] == "close"
            for _ in range(MOST_TRIES + 1):
                async with queries_of(world.store) as queries:
                    await wrong(browser)
                done.append((address, queries))
    known = [queries for address, queries in done if address == IVY]
    unknown = [queries for address, queries in done if address != IVY]
    assert known == unknown
    assert all(known)


async def test_a_code_is_over_after_ten_minutes(world: PortalWorld) -> None:
    await world.recipient(IVY)
    async with world.browser() as browser:
        await asked(browser)
        await run(world.store, "UPDATE one_time_codes SET sent_at = now() - interval '10 minutes'")
        assert WRONG in await wrong(browser, code_in(world.mails))


async def test_where_a_mail_is_not_taken_nobody_hears_whose_address_it_was(
    world: PortalWorld,
) -> None:
    await world.recipient(IVY)
    world.mails.to[IVY] = "550 no such user"
    async with world.browser() as browser:
        assert "Look into your mail" in await asked(browser)
        # It holds up no other: the next ask sends one at once.
        world.mails.to.clear()
        await asked(browser)
        assert (await ask(browser, "/portal/code", code=code_in(world.mails))).status_code == 303


async def test_a_code_whose_mail_may_have_gone_lets_in_who_reads_it(world: PortalWorld) -> None:
    await world.recipient(IVY)
    world.mails.hangs_up = True
    async with world.browser() as browser:
        await asked(browser)
        assert (await ask(browser, "/portal/code", code=code_in(world.mails))).status_code == 303


async def test_the_page_of_the_code_says_which_codes_still_hold(world: PortalWorld) -> None:
    await world.recipient(IVY)
    for address in (IVY, "nobody@acme.example"):
        async with world.browser() as browser:
            page = await asked(browser, address)
            assert "One that came within the last ten minutes and was not used still holds" in page
            assert "all that came hold" in page
            for _ in range(MOST_TRIES):
                page = await wrong(browser)
            for shown in (page, await asked(browser, address)):
                assert "only one of twelve digits still holds" in shown
                assert "those of twelve digits hold" in shown
                assert "One that came" not in shown


async def test_a_one_time_link_from_slack_lets_in_once_and_previews_leave_it_good(
    world: PortalWorld,
) -> None:
    ivy = await world.recipient(IVY)
    async with world.store.transaction(actor="test") as tx:
        token = await tx.portal.make_entry(ivy.id, "/portal/files/1")
    path = f"/portal/enter/{token}"
    async with world.browser() as preview, world.browser() as browser:
        for _ in range(3):
            looked = await preview.get(path)
            await preview.head(path)
            assert looked.headers.get("set-cookie") is None
        assert (await preview.post(path)).status_code == 403
        used = await ask(browser, path)
        assert (used.status_code, used.headers["location"]) == (303, "/portal/files/1")
        assert (await browser.get("/portal")).status_code == 200
        assert (await ask(preview, path)).status_code == 410
        assert (await preview.get(path)).status_code == 410


@pytest.mark.parametrize("path", ["//evil.example", "https://evil.example", "/admin", "/\\evil"])
async def test_nobody_is_sent_on_to_anything_but_the_portal(world: PortalWorld, path: str) -> None:
    ivy = await world.recipient(IVY)
    async with world.browser(ivy) as browser:
        went = await browser.get("/portal/sign-in", params={"next": path})
    assert went.headers["location"] == "/portal"


async def test_who_signs_out_is_out_whoever_has_a_copy_of_the_session(world: PortalWorld) -> None:
    ivy = await world.recipient(IVY)
    async with world.browser(ivy) as browser:
        copy = browser.cookies[PORTAL]
        out = await press(browser, "/portal/sign-out")
        assert out.headers["location"] == "/portal/sign-in"
        browser.cookies.set(PORTAL, copy, domain="127.0.0.1")
        assert (await browser.get("/portal")).status_code == 303
    assert await counted(world.store, "portal_sessions") == 0


async def test_a_session_ends_after_twelve_hours(world: PortalWorld) -> None:
    async with world.browser(await world.recipient(IVY)) as browser:
        assert (await browser.get("/portal")).status_code == 200
        await run(world.store, "UPDATE portal_sessions SET made_at = now() - interval '12 hours'")
        assert (await browser.get("/portal")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        OWN | {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=str,
)
async def test_a_form_that_another_site_sends_changes_nothing(
    world: PortalWorld, headers: dict[str, str]
) -> None:
    ivy = await world.recipient(IVY)
    given = await world.given(ivy)
    async with world.browser(ivy) as browser:
        for path in ("/portal/sign-in", given.link, "/portal/code", f"{given.page}/download"):
            answer = await browser.post(path, data={"address": IVY}, headers=headers)
            assert answer.status_code == 403, path
        unsigned = await browser.post(f"{given.page}/download", headers=OWN)
        assert unsigned.status_code == 403
    assert await world.grade(given) is Grade.untold
    assert world.mails.taken == []
