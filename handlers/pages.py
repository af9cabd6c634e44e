"""Pages for browsers: templates with everything escaped, in one frame."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote
from zoneinfo import ZoneInfo

import jinja2

from handlers.blocks import count, day, unbroken
from handlers.lists import Page
from handlers.visit import FIRST, Visit
from rules.file_sizes import said_size
from rules.media_kinds import said_kind
from rules.programs import said_runs
from rules.seal import said_seal

TEMPLATES = Path(__file__).parent.parent / "templates"
STATIC = TEMPLATES / "static"


@dataclass(frozen=True, slots=True)
class Html:
    """A page that is shown; `policy` is its Content-Security-Policy where it needs one of its own."""

    words: str
    status: int = 200
    policy: str = ""


@dataclass(frozen=True, slots=True)
class GoTo:
    """Another page of ours that the browser goes to."""

    path: str


@dataclass(frozen=True, slots=True)
class Json:
    """What a script of one of our pages asked for."""

    values: Mapping[str, Any]
    status: int = 200


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that the browser saves under a name."""

    data: bytes
    name: str
    media_type: str = "text/csv; charset=utf-8"


Answer: TypeAlias = Html | GoTo | Json | Sheet


@dataclass(frozen=True, slots=True)
class Turn:
    """A link to another page of a list."""

    words: str
    address: str


def shown(template: str, visit: Visit | None, *, status: int = 200, **values: object) -> Html:
    """A page in the frame; `visit` is None where nobody is signed in."""
    known = {"visit": visit, **values}
    return Html(_TEMPLATES.get_template(f"{template}.html").render(known), status)


def policy(*, scripts: bool = False, form_to: str = "", connect_to: str = "") -> str:
    """The Content-Security-Policy of a page that has scripts, or that leads on to another origin.

    `form_to` is where a form may end as well: browsers hold form-action against where it is sent on
    to. `connect_to` is whom its scripts may ask beside us.
    """
    parts = ["default-src 'none'", "style-src 'self'", "img-src 'self'"]
    if scripts:
        parts.append("script-src 'self'")
    if connect_to:
        parts.append(f"connect-src 'self' {connect_to}")
    parts.append(f"form-action 'self' {form_to}".rstrip())
    return "; ".join((*parts, "base-uri 'none'", "frame-ancestors 'none'"))


def static_address(name: str) -> str:
    """Where a file of ours is; another one after each change, so that browsers may keep it."""
    return f"/static/{name}?v={_version(name)}"


@cache
def _version(name: str) -> str:
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]


def turns(visit: Visit, page: Page[Any], name: str = "page") -> Sequence[Turn]:
    """The links to the other pages of a list; `name` is what its page is called in the query."""
    here, last = page.number, page.last
    ways = (
        ("First", 0, here > 1),
        ("Previous", here - 1, here > 0),
        ("Next", here + 1, here < last),
        ("Last", last, here < last - 1),
    )
    return [
        Turn(words, visit.at(**{name: number + FIRST if number else None}))
        for words, number, leads_on in ways
        if leads_on
    ]


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A time as people of a zone read it: "Sat 15 Jan 2022, 10:30"."""
    here = at.astimezone(zone)
    return f"{day(here.date())}, {here:%H:%M}"


def address_of(kind: str, identity: str) -> str:
    """The page of a customer or a location."""
    return f"/{kind}s/{quote(identity, safe='')}"


def _day(value: date) -> str:
    return unbroken(day(value))


def _moment(at: datetime, zone: ZoneInfo) -> str:
    """The day breaks nowhere; the time may stand below it."""
    return f"{_day(at.astimezone(zone).date())}, {at.astimezone(zone):%H:%M}"


def _count(*counted: object) -> str:
    return unbroken(count(*counted))  # type: ignore[arg-type]  # a template's values have no types


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES / "pages"),
        undefined=jinja2.StrictUndefined,
        autoescape=True,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(day=_day, count=_count, moment=_moment)
    environment.filters.update(kind=said_kind, runs=said_runs, seal=said_seal, size=said_size)
    environment.globals.update(address_of=address_of, static=static_address)
    return environment


_TEMPLATES = _environment()
