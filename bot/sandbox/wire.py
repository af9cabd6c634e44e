"""The client API by HTTP, for one person."""

import asyncio
import io
from collections.abc import Awaitable, Callable

import aiohttp

from bot.sandbox.json_types import Json


class RefusedError(AssertionError):
    """The stand-in would not let the person do that; the words say why."""


class Wire:
    """Calls of the client API made as one person."""

    def __init__(self, address: str, user_id: str) -> None:
        self.address = address
        self.user_id = user_id
        self._session: aiohttp.ClientSession | None = None

    async def get(self, path: str, **query: str) -> Json:
        """Read something. Raises RefusedError."""
        async with self.session.get(self._url(path), params={"as": self.user_id} | query) as answer:
            return await _read(answer)

    async def post(self, path: str, **body: object) -> Json:
        """Do something. Raises RefusedError."""
        async with self.session.post(self._url(path), json={"as": self.user_id} | body) as answer:
            return await _read(answer)

    async def upload(self, path: str, content: bytes, **query: str) -> Json:
        """Send bytes. Raises RefusedError."""
        query, data = {"as": self.user_id} | query, io.BytesIO(content)
        async with self.session.post(self._url(path), params=query, data=data) as answer:
            return await _read(answer)

    async def download(self, path: str) -> bytes:
        """Get bytes. Raises RefusedError."""
        async with self.session.get(self._url(path), params={"as": self.user_id}) as answer:
            if not answer.ok:
                await _read(answer)
            return await answer.read()

    async def until(self, check: Callable[[], Awaitable[bool]], patience: float) -> bool:
        """Wait until `check` is true, looking again whenever something happens.

        Returns False when `patience` seconds have gone by.
        """
        if await check():
            return True
        try:
            async with asyncio.timeout(patience):
                return await self._watch(check)
        except TimeoutError:
            return False

    async def _watch(self, check: Callable[[], Awaitable[bool]]) -> bool:
        live = self._url("live")
        no_limit = aiohttp.ClientTimeout(total=None)
        query = {"as": self.user_id}
        async with self.session.get(live, params=query, timeout=no_limit) as stream:
            async for line in stream.content:
                is_news = line.startswith((b":", b"data:"))
                if is_news and await check():
                    return True
        return False

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The person's HTTP session, opened when it is first used."""
        if self._session is None:
            self._session = aiohttp.ClientSession()
        return self._session

    def _url(self, path: str) -> str:
        return f"{self.address}/client/api/{path}"


async def _read(answer: aiohttp.ClientResponse) -> Json:
    if answer.content_type != "application/json":
        raise RefusedError(f"The stand-in answered {answer.status}: {await answer.text()}")
    body: Json = await answer.json()
    if not answer.ok:
        raise RefusedError(f"{body.get('message')} ({body.get('error')})")
    return body
