"""The page of a trial on which business time is read and moved. `wavepost serve` does not have it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlencode
from zoneinfo import ZoneInfo, available_timezones

import jinja2
from fastapi import APIRouter, Depends, FastAPI, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.sandbox.guard import names_this_machine
from bot.sandbox.server import Sandbox
from bot.sandbox.world import Link
from bot.trial_clock import TRIAL, Move, NotATimeError, Step, chosen, move, stepped
from bot.waiting import at_most
from bot.web import LOOPBACK, Access
from store.session import Store, StoreUnavailable

PATH = "/business-time"
STYLE = f"{PATH}.css"
PAGES = Path(__file__).parent.parent / "templates" / "pages"
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc"))
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
UNREACHABLE = 1.0
"""Seconds until the database is asked again for the time."""


def dated(at: datetime) -> str:
    """A day in short: Sat 15 Jan 2022."""
    return f"{at:%a} {at.day} {at:%b %Y}"


def timed(at: datetime) -> str:
    """A time in full: Saturday 15 January 2022, 09:00."""
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"


@contextlib.asynccontextmanager
async def business_time(
    app: FastAPI, store: Store, sandbox: Sandbox, address: str, *, beside: Sequence[Link] = ()
) -> AsyncIterator[None]:
    """Serve the page with `app` at `address`, and show it with the business date in the stand-in.

    `beside` it, other links are shown there.
    """

    def tell(day: str) -> None:
        date_link = Link(f"Business date: {day}", f"{address}{PATH}")
        sandbox.world.show_links([date_link, *beside])

    page = BusinessTimePage(store, back=sandbox.address, tell=tell)
    app.include_router(page.router())
    watching = asyncio.create_task(page.watch())
    try:
        yield
    finally:
        watching.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await watching


class BusinessTimePage:
    """Reads and moves the business time of a trial; `tell` hears of each new business date."""

    def __init__(self, store: Store, *, back: str, tell: Callable[[str], None]) -> None:
        self._store = store
        self._back = back
        self._tell = tell
        self._moved = asyncio.Event()
        self._page = _environment().get_template("business_time.html")

    def router(self) -> APIRouter:
        """The routes, for this machine only."""
        routes = APIRouter(dependencies=[Depends(at_this_machine)])
        routes.get(PATH, tags=[Access.trial])(self._read)
        routes.get(STYLE, tags=[Access.trial])(_style)
        routes.post(PATH, tags=[Access.trial_page], dependencies=[Depends(_from_own_page)])(
            self._move
        )
        return routes

    async def watch(self) -> None:
        """Tell the business date now and whenever it becomes another one, until cancelled."""
        while True:
            self._moved.clear()
            try:
                now = await self._now()
            except StoreUnavailable:
                await asyncio.sleep(UNREACHABLE)
                continue
            self._tell(dated(now))
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
            await at_most((midnight - now).total_seconds(), self._moved)

    async def _now(self) -> datetime:
        async with self._store.reading() as reading:
            return await reading.clock.now()

    async def _read(self, zone: str = "UTC", *, moved: bool = False) -> Response:
        """What time it is, and where it can go."""
        return await self._shown(zone, moved=moved)

    async def _move(self, request: Request) -> Response:
        """Move business time; backwards only when that was confirmed."""
        form = {
            name: values[0]
            for name, values in parse_qs((await request.body()).decode(errors="replace")).items()
        }
        zone = form.get("zone", "")
        try:
            to = _destination(form, await self._now(), _zone(zone))
        except NotATimeError as error:
            return await self._shown(zone, trouble=str(error), status=400)
        wanted = Move(was=await self._now(), to=to)
        if wanted.is_back and "backwards" not in form:
            return await self._shown(zone, back=wanted, status=409)
        async with self._store.transaction(actor=TRIAL) as tx:
            await move(tx, to)
        self._moved.set()
        return RedirectResponse(f"{PATH}?{urlencode({'zone': zone, 'moved': 'yes'})}", 303)

    async def _shown(
        self,
        zone: str,
        *,
        moved: bool = False,
        back: Move | None = None,
        trouble: str = "",
        status: int = 200,
    ) -> Response:
        try:
            here = _zone(zone)
        except NotATimeError as error:
            here, trouble, status = ZoneInfo("UTC"), str(error), 400
        now = await self._now()
        words = self._page.render(
            now=now.astimezone(here),
            machine=datetime.now(UTC).astimezone(here),
            business_date=now.date(),
            zone=here.key,
            zones=ZONES,
            steps=[(step.name, step.value, stepped(step, now, here)) for step in Step],
            moved=moved,
            back=back,
            trouble=trouble,
            workspace=self._back,
            path=PATH,
            style=STYLE,
        )
        return HTMLResponse(words, status, HEADERS)


async def _style() -> Response:
    """How the page looks."""
    return Response((PAGES / "business_time.css").read_text("utf-8"), media_type="text/css")


def _destination(form: dict[str, str], now: datetime, zone: ZoneInfo) -> datetime:
    step = form.get("step", "")
    if step in Step.__members__:
        return stepped(Step[step], now, zone)
    return chosen(form.get("at", ""), zone)


def _zone(name: str) -> ZoneInfo:
    # Some names of the system's list are not zones of the earth ("posix/…"), and none is a path.
    if name != "UTC" and name not in ZONES:
        raise NotATimeError("This is not a time zone. It should look like Europe/Berlin, or UTC.")
    return ZoneInfo(name)


def at_this_machine(request: Request) -> None:
    """404 from elsewhere, and for a name that somebody else's web page gave this machine."""
    here = request.client is not None and request.client.host in LOOPBACK
    if not (here and names_this_machine(request.headers.get("host", ""))):
        raise HTTPException(404)


def _from_own_page(request: Request) -> None:
    """403 for a form of another web page: browsers name the page that sends one."""
    if request.headers.get("origin") != f"http://{request.headers.get('host')}":
        raise HTTPException(403, "Business time is moved on its own page.")


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PAGES), undefined=jinja2.StrictUndefined, autoescape=True
    )
    environment.filters.update(dated=dated, timed=timed)
    return environment
