"""What may become of a call of the Web API instead of its answer."""

import asyncio

from starlette.responses import JSONResponse, Response

from bot.sandbox.faults.active import ActiveFaults
from bot.sandbox.faults.connection import Unanswered
from bot.sandbox.faults.fault import CarryOut, Play

_SORRY = "<!doctype html><title>Server Error</title><p>Something went wrong.</p>"
_CUT = 20  # characters: in the middle of the first fields


def limited(retry_after: float) -> Play:
    """429 with Retry-After; nothing is accepted."""

    async def play(_carry_out: CarryOut) -> Response:
        headers = {"Retry-After": f"{retry_after:g}"}
        return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)

    return play


def refused(error: str) -> Play:
    """Slack's own refusal; nothing is accepted."""

    async def play(_carry_out: CarryOut) -> Response:
        return JSONResponse({"ok": False, "error": error})

    return play


def broken(*, accepted: bool) -> Play:
    """500 with a page for people, before or after the call is accepted."""

    async def play(carry_out: CarryOut) -> Response:
        if accepted:
            await carry_out()
        return Response(_SORRY, 500, media_type="text/html")

    return play


def silent(closing: asyncio.Event, *, accepted: bool) -> Play:
    """Nothing at all, whether the call is accepted or not, until the caller hangs up."""

    async def play(carry_out: CarryOut) -> Response:
        if accepted:
            await carry_out()
        return Unanswered(until=closing)

    return play


def accepted_late(faults: ActiveFaults, seconds: float) -> Play:
    """Nothing at all, and the call is accepted when its caller has long given up."""

    async def play(carry_out: CarryOut) -> Response:
        faults.later(seconds, carry_out)
        return Unanswered(until=faults.closing)

    return play


def dropped(*, accepted: bool) -> Play:
    """The connection breaks off, before or after the call is accepted."""

    async def play(carry_out: CarryOut) -> Response:
        if accepted:
            await carry_out()
        return Unanswered()

    return play


async def garbled(carry_out: CarryOut) -> Response:
    """Accepted, then an answer cut off in the middle of its JSON."""
    answer = await carry_out()
    return Response(bytes(answer.body)[:_CUT], media_type="application/json")
