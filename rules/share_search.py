"""What somebody looks for among files: words, and the tags, spaces and people that narrow it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from rules.naming import fold

_PART = re.compile(
    r"""(?:(?P<key>\w+):\s*)?(?:["“”](?P<quoted>[^"“”]*)["“”]?|(?P<plain>[^\s"“”]+))""", re.UNICODE
)


class Field(StrEnum):
    """What a search can be narrowed by."""

    tag = "tag"
    space = "space"
    sender = "from"


@dataclass(frozen=True)
class Search:
    """A search, folded as names are, but people as they were typed: Slack names them by their ids.

    Within a field any value will do, all fields must.
    """

    words: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    spaces: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether it finds everything."""
        return not (self.words or self.tags or self.spaces or self.senders)


def search(text: str) -> Search:
    """What a line asks for: `menus tag:pilot space:"Joe's Pizza" from:@ana`.

    What looks like a field and is none ("re: prices") is looked for as words, and named in `unknown`,
    so that somebody who wrote "tags:x" is told.

    >>> search('menus tag:pilot space:"Big Joe" from:@ana')
    Search(words=('menus',), tags=('pilot',), spaces=('big joe',), senders=('@ana',), unknown=())
    """
    found: dict[str, list[str]] = {"words": [], "unknown": [], **{field: [] for field in Field}}
    for key, value in _parts(text):
        if key in set(Field):
            found[key].append(value if key == Field.sender else fold(value))
            continue
        if key:
            found["unknown"].append(key)
            found["words"].extend(fold(key).split())
        found["words"].extend(fold(value).split())
    return Search(
        words=tuple(dict.fromkeys(found["words"])),
        tags=tuple(dict.fromkeys(found[Field.tag])),
        spaces=tuple(dict.fromkeys(found[Field.space])),
        senders=tuple(dict.fromkeys(found[Field.sender])),
        unknown=tuple(dict.fromkeys(found["unknown"])),
    )


def _parts(text: str) -> Iterator[tuple[str, str]]:
    for part in _PART.finditer(text):
        value = part["quoted"] if part["quoted"] is not None else part["plain"]
        key = (part["key"] or "").lower()
        if value.strip() or key:
            yield key, value.strip()
