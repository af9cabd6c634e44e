"""Fetching a published sheet: what is taken, and where Wavepost does not let itself be sent."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI, Request, Response
from fastapi.responses import RedirectResponse

from bot.published_sheet import MOST_BYTES, NotReached, Place, fetch
from bot.serving import serving

SHEET = b"location_id,reason\nL-1,Opens on Monday\n"
MARK = '"7"'


@pytest.fixture
async def host() -> AsyncIterator[str]:
    """A host of this machine that publishes a sheet, and what else a host may do."""
    app = FastAPI()

    @app.get("/sheet")
    def sheet(request: Request) -> Response:
        if request.headers.get("If-None-Match") == MARK:
            return Response(status_code=304)
        return Response(SHEET, media_type="text/csv", headers={"ETag": MARK})

    @app.get("/odd")
    def odd() -> Response:
        return Response(SHEET, media_type="text/csv", headers={"ETag": "\xff"})

    @app.get("/page")
    def page() -> Response:
        return Response("<h1>Please sign in</h1>", media_type="text/html; charset=utf-8")

    @app.get("/large")
    def large() -> Response:
        return Response(b"x" * (MOST_BYTES + 1), media_type="text/csv")

    @app.get("/packed")
    def packed() -> Response:
        return Response(SHEET, media_type="text/csv", headers={"Content-Encoding": "gzip"})

    @app.get("/to")
    def to(address: str) -> Response:
        return RedirectResponse(address)

    async with serving(app) as address:
        yield address


def at(address: str, *also: str) -> Place:
    return Place(address, also, within=True)


async def test_a_sheet_comes_with_the_mark_by_which_it_is_known(host: str) -> None:
    found = await fetch(at(f"{host}/sheet"), None)
    assert found
    assert (found.content, found.etag) == (SHEET, MARK)


async def test_a_sheet_that_is_still_the_same_does_not_come_again(host: str) -> None:
    assert await fetch(at(f"{host}/sheet"), MARK) is None


async def test_a_mark_that_is_no_text_is_none(host: str) -> None:
    found = await fetch(at(f"{host}/odd"), None)
    assert found
    assert (found.content, found.etag) == (SHEET, None)


async def test_a_redirect_within_its_host_is_followed(host: str) -> None:
    found = await fetch(at(f"{host}/to?address=/sheet"), None)
    assert found
    assert found.content == SHEET


async def test_a_redirect_to_another_host_is_followed_only_where_that_is_allowed(host: str) -> None:
    elsewhere = f"{host.replace('127.0.0.1', 'localhost')}/sheet"
    with pytest.raises(NotReached, match="another host, localhost"):
        await fetch(at(f"{host}/to?address={elsewhere}"), None)
    assert await fetch(at(f"{host}/to?address={elsewhere}", "localhost"), None)


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/to?address=file:///etc/passwd", "without https"),
        ("/missing", "answers 404"),
        ("/page", "a page for people instead of a CSV file"),
        ("/large", "larger than 5 MB"),
        ("/packed", "packed"),
    ],
)
async def test_what_is_no_sheet_is_told_as_such(host: str, path: str, why: str) -> None:
    with pytest.raises(NotReached, match=why):
        await fetch(at(f"{host}{path}"), None)


async def test_redirects_without_end_are_given_up(host: str) -> None:
    with pytest.raises(NotReached, match="without end"):
        await fetch(at(f"{host}/to?address="), None)


async def test_a_host_that_is_gone_is_told_as_such() -> None:
    with pytest.raises(NotReached, match="does not answer"):
        await fetch(at("http://127.0.0.1:9/sheet"), None)


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://127.0.0.1/sheet", "not one of the public Internet"),
        ("https://[::1]/sheet", "not one of the public Internet"),
        ("https://127.0.0.1./sheet", "not one of the public Internet"),
        ("https://127.1/sheet", "not one of the public Internet"),
        ("https://2130706433/sheet", "not one of the public Internet"),
        ("https://\uff11\uff12\uff17.0\u30020.1/sheet", "not one of the public Internet"),
        ("https://localhost/sheet", "not one of the public Internet"),
        ("http://sheets.example/sheet", "without https"),
        ("file:///etc/passwd", "without https"),
    ],
)
async def test_wavepost_does_not_ask_within_its_own_network(address: str, why: str) -> None:
    with pytest.raises(NotReached, match=why):
        await fetch(Place(address), None)
