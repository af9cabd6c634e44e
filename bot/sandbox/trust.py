"""/trust: what the stand-in does as Slack does, who says so, and how many tests prove it.

`trust.json` is written by `python -m tests.sandbox.trust` from the code and the tests.
"""

import json
import re
from collections.abc import Iterator
from html import escape
from pathlib import Path
from string import Template

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from bot.sandbox.json_types import Json

_FOLDER = Path(__file__).parent
_FILE = _FOLDER / "trust.json"
_PAGE = Template((_FOLDER / "client" / "trust.html").read_text("utf-8"))
_KINDS = {
    "method": ("Web API", "Methods that it answers, and the errors that each can give."),
    "delivery": ("What reaches the app", "Signed, within three seconds, and what people see."),
    "event": ("Events", "Told to an app that subscribed to them."),
    "rate": ("Rates", "How often the app may call and be told."),
    "limit": ("Limits", "What may stand in messages and views; checked before it is shown."),
    "fault": ("Faults", "What it does on request, so that you see what your app makes of it."),
}


async def trust_page(_request: Request) -> Response:
    """The whole page."""
    known: Json = json.loads(_FILE.read_text("utf-8"))
    return HTMLResponse(_PAGE.substitute(summary=_summary(known), content=_content(known)))


def _summary(known: Json) -> str:
    claims = known["claims"]
    errors = [tests for claim in claims for tests in claim["errors"].values()]
    proven = sum(1 for claim in claims if claim["tests"]) + sum(1 for tests in errors if tests)
    return f"{proven} of {len(claims) + len(errors)} claims are proven by at least one test."


def _content(known: Json) -> str:
    parts = [_table(kind, known) for kind in _KINDS]
    return "".join([*parts, _not_done(known)])


def _table(kind: str, known: Json) -> str:
    title, about = _KINDS[kind]
    rows = "".join(_row(claim) for claim in known["claims"] if claim["kind"] == kind)
    return (
        f'<section aria-labelledby="{kind}"><h2 id="{kind}">{title}</h2><p>{about}</p>'
        '<table><thead><tr><th scope="col">What</th><th scope="col">What it does</th>'
        '<th scope="col">Errors</th><th scope="col">Tests</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></section>"
    )


def _row(claim: Json) -> str:
    name = escape(claim["name"])
    if claim["source"]:
        name = f'<a href="{escape(claim["source"])}">{name}</a>'
    errors = " ".join(_error(code, tests) for code, tests in claim["errors"].items())
    return (
        f'<tr><th scope="row">{name}</th><td>{_with_code(claim["does"])}</td>'
        f"<td>{errors}</td><td>{_count(claim['tests'])}</td></tr>"
    )


def _error(code: str, tests: int) -> str:
    return f"<span><code>{escape(code)}</code> {_count(tests)}</span>"


def _count(tests: int) -> str:
    return str(tests) if tests else "<em>not proven</em>"


def _not_done(known: Json) -> str:
    rows = "".join(_unsourced(known))
    return (
        '<section aria-labelledby="not"><h2 id="not">What it does not do</h2>'
        "<p>A method of Slack's that is not listed above is answered <code>unknown_method</code>, "
        "and an event that is not listed is never told. What follows it does, but nothing of "
        "Slack's says that it is right: check it in a real workspace.</p>"
        '<table><thead><tr><th scope="col">Without a source</th><th scope="col">Where</th></tr>'
        f"</thead><tbody>{rows}</tbody></table></section>"
    )


def _unsourced(known: Json) -> Iterator[str]:
    for row in known["unsourced"]:
        yield f"<tr><td>{_with_code(row['what'])}</td><td>{_with_code(row['where'])}</td></tr>"


def _with_code(words: str) -> str:
    """Words with `code` in them, as HTML."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(words))
