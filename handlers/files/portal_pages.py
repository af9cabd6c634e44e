"""Pages of the portal: their frame, where they are, and what is said where there is nothing."""

from datetime import UTC, datetime

from handlers.blocks import day, unbroken
from handlers.pages import Html, policy, shown
from handlers.portal_doors import PortalVisit
from rules.file_names import safe_name

PORTAL = "/portal"
SIGN_IN = f"{PORTAL}/sign-in"
CODE = f"{PORTAL}/code"
FILE = f"{PORTAL}/files/{{id}}"
LINKS = "/d/"
LINK = f"{LINKS}{{token}}"
NOTHING_FOR_YOU = (
    "There is nothing for you at this address. It may be cut off, or what was here is not there any "
    "more. Please open the message or mail that it came with again."
)


def portal_page_of(
    template: str,
    visit: PortalVisit | None,
    *,
    status: int = 200,
    scripts: bool = False,
    form_to: str = "",
    **values: object,
) -> Html:
    """A page in the portal's frame; `visit` is None where nothing is known of who asks.

    It may have `scripts`; a form of it may end at the origin `form_to` as well.
    """
    said = {"portal": visit, "moment_utc": moment, "saved_name": safe_name}
    page = shown(template, None, status=status, **said, **values)
    return Html(page.words, page.status, policy(scripts=scripts, form_to=form_to))


def moment(at: datetime) -> str:
    """A time for people whose zone nobody knows: "Sat 15 Jan 2022, 10:30 UTC"."""
    here = at.astimezone(UTC)
    return f"{unbroken(day(here.date()))}, {unbroken(f'{here:%H:%M} UTC')}"


def file_path(file_id: object) -> str:
    """The page of a file."""
    return FILE.format(id=file_id)
