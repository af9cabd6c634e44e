"""A browser that is signed in or not."""

import httpx

COOKIE = "wavepost"


async def is_signed_in(browser: httpx.AsyncClient) -> bool:
    return (await browser.get("/")).status_code == 200
