"""The bytes of a file: by a link of a minute or through us, whole or not at all, and never shown."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from bot.cookies import PORTAL
from bot.embedded_s3 import EmbeddedS3
from bot.serving import serving
from handlers.files.portal_download import MOST_GIVEN_BACK, NO_STORE
from rules.file_life import Step, Who
from rules.receipts import Grade, Refusal
from store.files import Files
from tests.cable import Cable
from tests.handlers.files.portal_world import BYTES, Given, PortalWorld, csrf_in, press
from tests.post_office import until
from tests.store.parcels_given import step
from tests.world import counted, run

NAMES = (
    "../../etc/passwd",
    "price\0list.csv".replace("\0", "\N{SYMBOL FOR NULL}"),
    "ann\N{RIGHT-TO-LEFT OVERRIDE}gpj.exe",
    "\"quoted\" 'twice'; filename=evil.html",
    "x" * 300 + ".csv",
    "Übergabe ☕ \N{FAMILY}.pdf",
    "page.html",
    "picture.svg",
    "a\r\nSet-Cookie: evil=1.txt",
    "NUL.txt",
    "𝔘𝔫𝔦.csv",
)
SHOWN = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"


async def ivy_s(world: PortalWorld, **more: Any) -> Given:
    return await world.given(await world.recipient("ivy@acme.example"), **more)


async def proxied(world: PortalWorld, **more: Any) -> Given:
    given = await ivy_s(world, **more)
    async with world.store.transaction(actor="test") as tx:
        await tx.spaces.set_proxied(given.space.id, is_proxied=True)
    return given


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("goes", ["by a link", "through us"])
async def test_whatever_it_is_called_it_is_saved_and_never_shown(
    world: PortalWorld, name: str, goes: str
) -> None:
    made = ivy_s if goes == "by a link" else proxied
    given = await made(world, file_name=name, data=SHOWN, media_type="image/svg+xml")
    async with world.browser(given.recipient) as browser:
        answer = await press(browser, f"{given.page}/download", page=given.page)
        if goes == "by a link":
            async with httpx.AsyncClient() as at_store:
                answer = await at_store.get(answer.headers["location"])
    assert (answer.status_code, answer.content) == (200, SHOWN)
    assert answer.headers["content-type"] == "application/octet-stream"
    kept_as = answer.headers["content-disposition"]
    assert re.fullmatch(r"attachment; filename=\"[ -~]+\"; filename\*=UTF-8''[\w.%~-]+", kept_as)
    plain = kept_as.partition('filename="')[2].partition('"')[0]
    assert not set(plain) & set('/\\"\r\n')
    assert "set-cookie" not in answer.headers
    if goes == "through us":
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "private, no-store"


async def test_the_link_is_for_a_minute_one_version_and_what_was_released(
    world: PortalWorld,
) -> None:
    given = await ivy_s(world)
    async with world.browser(given.recipient) as browser:
        page = await browser.get(given.page)
        answer = await press(browser, f"{given.page}/download", page=given.page)
    asked = parse_qs(urlsplit(answer.headers["location"]).query)
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(answer.headers["location"]))
    assert f"form-action 'self' {origin};" in page.headers["content-security-policy"]
    receipt = await world.receipt(given)
    assert receipt.grade is Grade.issued
    assert receipt.bytes_unknown
    assert await counted(world.store, "audit WHERE action = 'file fetched'") == 1


async def test_through_us_it_is_completed_when_all_of_it_went_out(world: PortalWorld) -> None:
    data = bytes(range(256)) * 20_000
    given = await proxied(world, data=data)
    async with at_the_server(world, given) as browser:
        answer = await download(browser, given)
    assert sha256(answer.content).hexdigest() == given.file.sha256
    assert answer.headers["content-length"] == str(len(data))
    assert await world.grade(given) is Grade.completed


@pytest.mark.parametrize("kept", [b"", BYTES[:-1], BYTES + b"x", BYTES[::-1]], ids=len)
async def test_other_bytes_than_those_that_were_sent_break_off_and_are_never_completed(
    world: PortalWorld, kept: bytes
) -> None:
    given = await proxied(world)
    changed = await world.files.put(given.file.key, kept, content_type="text/plain")
    async with world.store.transaction(actor="test") as tx:
        await tx.shared_files.change(given.file.id, object_version=changed.version)
    async with at_the_server(world, given) as browser:
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            await download(browser, given)
    assert await world.grade(given) is Grade.issued


async def test_who_hangs_up_in_the_middle_has_not_completed_it(world: PortalWorld) -> None:
    given = await proxied(world, data=bytes(30_000_000))
    async with at_the_server(world, given) as browser:
        csrf = csrf_in((await browser.get(given.page)).text)
        async with browser.stream(
            "POST", f"{given.page}/download", data={"csrf": csrf}, headers=own(browser)
        ) as answer:
            async for _ in answer.aiter_bytes(1_000):
                break
    # The server was asked to end, and has: what was to be noted is.
    assert await world.grade(given) is Grade.issued


async def test_who_hangs_up_in_the_middle_ends_what_comes_from_the_store(
    world: PortalWorld, s3_server: EmbeddedS3
) -> None:
    data = bytes(60_000_000)
    given = await proxied(world, data=data)
    async with Cable(s3_server.endpoint).running() as cable:
        there = Files(
            endpoint=cable.address,
            region=world.files.region,
            bucket=world.files.bucket,
            access_key=s3_server.access_key,
            secret_key=s3_server.secret_key,
        )
        async with at_the_server(replace(world, files=there), given) as browser:
            csrf = csrf_in((await browser.get(given.page)).text)
            async with browser.stream(
                "POST", f"{given.page}/download", data={"csrf": csrf}, headers=own(browser)
            ) as answer:
                await anext(answer.aiter_bytes(1_000))
                assert not cable.is_idle

            async def is_over() -> bool:
                return cable.is_idle

            await until(is_over)
        assert cable.brought < len(data)


async def test_a_store_that_is_away_counts_no_fetch_and_tells_nothing_of_itself(
    world: PortalWorld,
) -> None:
    away = Files(
        endpoint="http://127.0.0.1:9",
        region="us-east-1",
        bucket="secret-bucket",
        access_key="a",
        secret_key="s",
    )
    given = await proxied(world, most_fetches=1)
    async with world.browser(given.recipient, files=away) as browser:
        answer = await press(browser, f"{given.page}/download", page=given.page)
    assert answer.status_code == 400
    assert NO_STORE in answer.text
    assert "secret-bucket" not in answer.text
    assert await world.grade(given) is Grade.untold
    async with world.browser(given.recipient) as browser:
        assert (await press(browser, f"{given.page}/download")).content == BYTES


async def test_the_checksum_is_confirmed_by_the_same_one_alone_and_kept_once(
    world: PortalWorld,
) -> None:
    given = await ivy_s(world)
    async with world.browser(given.recipient) as browser:
        await press(browser, f"{given.page}/download", page=given.page)
        wrong = await press(browser, f"{given.page}/check", page=given.page, sha256="0" * 64)
        assert wrong.status_code == 400
        assert "These are other bytes" in wrong.text
        assert await world.grade(given) is Grade.issued
        pages = [await confirmed(browser, given) for _ in range(3)]
    right = pages[-1]
    assert "It is the same file" in right.text
    assert "The sender sees that you checked it" in right.text
    assert await world.grade(given) is Grade.confirmed
    kept = (
        "delivery_evidence WHERE kind = 'confirmed' AND times = 3 AND last_at > at - interval '1 s'"
    )
    assert await counted(world.store, kept) == 1
    assert await counted(world.store, "delivery_evidence WHERE kind = 'confirmed'") == 1


async def test_the_sum_that_stands_on_the_page_confirms_nothing_of_who_has_no_bytes(
    world: PortalWorld,
) -> None:
    given = await ivy_s(world)
    async with world.browser(given.recipient) as browser:
        right = await confirmed(browser, given)
    assert "It is the same file" in right.text
    assert "the sender is not told" in right.text
    assert await world.grade(given) is Grade.untold


async def test_what_was_taken_back_is_not_confirmed_but_said_to_be(world: PortalWorld) -> None:
    given = await ivy_s(world)
    async with world.browser(given.recipient) as browser:
        await press(browser, f"{given.page}/download", page=given.page)
        async with world.store.transaction(actor="test") as tx:
            await step(tx, given.file.id, Step.revoke, Who.sender)
        for answer in (await confirmed(browser, given), await browser.get(f"{given.page}/check")):
            assert (answer.status_code, answer.headers["location"]) == (303, given.page)
        assert "took this file back" in (await browser.get(given.page)).text
    assert await world.grade(given) is Grade.issued


async def test_a_broken_download_is_no_download_of_a_limit_and_not_without_end(
    world: PortalWorld,
) -> None:
    given = await proxied(world, most_fetches=1)
    changed = await world.files.put(given.file.key, BYTES[:-1], content_type="text/plain")
    async with world.store.transaction(actor="test") as tx:
        await tx.shared_files.change(given.file.id, object_version=changed.version)
    async with at_the_server(world, given) as browser:
        for _ in range(MOST_GIVEN_BACK + 1):
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
                await download(browser, given)
        refused = await download(browser, given)
    assert refused.headers["location"] == given.page
    assert {each.why for each in (await world.receipt(given)).refusals} == {Refusal.limit_reached}


async def test_a_download_under_way_stops_when_the_file_is_taken_back(
    world: PortalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.proxied.ASK_EACH_SECONDS", 0)
    given = await proxied(world, data=bytes(30_000_000))
    async with at_the_server(world, given) as browser:
        csrf = csrf_in((await browser.get(given.page)).text)
        async with browser.stream(
            "POST", f"{given.page}/download", data={"csrf": csrf}, headers=own(browser)
        ) as answer:
            pieces = answer.aiter_bytes(1_000)
            await anext(pieces)
            async with world.store.transaction(actor="test") as tx:
                await step(tx, given.file.id, Step.revoke, Who.sender)
            with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
                async for _ in pieces:
                    pass
    receipt = await world.receipt(given)
    assert receipt.grade is Grade.issued
    assert {each.why for each in receipt.refusals} == {Refusal.revoked}


async def test_the_last_download_there_is_goes_on_to_its_end(
    world: PortalWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.proxied.ASK_EACH_SECONDS", 0)
    given = await proxied(world, data=bytes(30_000_000), most_fetches=1)
    async with at_the_server(world, given) as browser:
        assert len((await download(browser, given)).content) == 30_000_000
    assert await world.grade(given) is Grade.completed


async def test_a_limit_that_is_reached_is_said_and_what_was_removed_is_not_fetched_again(
    world: PortalWorld,
) -> None:
    given = await ivy_s(world, most_fetches=2)
    async with world.browser(given.recipient) as browser:
        for _ in range(2):
            got = await press(browser, f"{given.page}/download", page=given.page)
            assert "X-Amz" in got.headers["location"]
        got = await press(browser, f"{given.page}/download", page=given.page)
        assert got.headers["location"] == given.page
        assert "as often as it may be" in (await browser.get(given.page)).text
        await run(world.store, "UPDATE shared_files SET most_fetches = NULL")
        await run(world.store, "UPDATE shared_files SET removed_at = now()")
        assert "not kept any more" in (await browser.get(given.page)).text


async def confirmed(browser: httpx.AsyncClient, given: Given) -> httpx.Response:
    sums = {"sha256": given.file.sha256 or ""}
    return await press(browser, f"{given.page}/check", page=given.page, **sums)


def own(browser: httpx.AsyncClient) -> dict[str, str]:
    return {"Origin": str(browser.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}


async def download(browser: httpx.AsyncClient, given: Given) -> httpx.Response:
    csrf = csrf_in((await browser.get(given.page)).text)
    return await browser.post(f"{given.page}/download", data={"csrf": csrf}, headers=own(browser))


@asynccontextmanager
async def at_the_server(world: PortalWorld, given: Given) -> AsyncIterator[httpx.AsyncClient]:
    """A browser over a real connection: only there can it break off."""
    session = await world.session(given.recipient)
    async with (
        serving(world.app(address=None), grace=5) as address,
        httpx.AsyncClient(base_url=address, cookies={PORTAL: session}, timeout=20) as browser,
    ):
        yield browser
