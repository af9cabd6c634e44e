"""One thing that a person asks of a page: who, when, where, and what it carried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from store.files import Files
from store.people import Person

FIRST = 1


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a person who is signed in, as a handler sees it. `now` is business time.

    `named` are the variable parts of the path. `csrf` proves that a form is ours; `token` is the
    secret of the session. `web` is the public address of our pages, empty where it is not set, and
    `files` the bucket, None where there is none.
    """

    person: Person
    now: datetime
    path: str
    named: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    token: str = field(default="", repr=False)
    web: str = ""
    files: Files | None = field(default=None, repr=False)

    @property
    def today(self) -> date:
        """The business date."""
        return self.now.date()

    @property
    def zone(self) -> ZoneInfo:
        """The person's own time zone; UTC where Slack named one that nobody knows."""
        try:
            return ZoneInfo(self.person.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            return ZoneInfo("UTC")

    def page(self, name: str = "page") -> int:
        """The page of a list that is asked for, from 0; people count from 1."""
        asked = self.query.get(name, "")
        return max(int(asked) - FIRST, 0) if asked.isdecimal() and len(asked) < _DIGITS else 0

    def at(self, **changed: object) -> str:
        """The address of this page with other values in its query; those that are None go."""
        query = {**self.query, **changed}
        kept = {name: value for name, value in query.items() if value is not None}
        return f"{self.path}?{urlencode(kept)}" if kept else self.path


_DIGITS = 7
"""No list has a million pages."""
