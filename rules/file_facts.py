"""What a sender tells of a file in free words: its tags, and facts that have a name."""

from collections.abc import Mapping

from rules.naming import fold

MOST_TAGS = 10
LONGEST_TAG = 40
MOST_FACTS = 20
LONGEST_NAME = 60
LONGEST_VALUE = 300


class UnfitFacts(ValueError):
    """Tags or facts that cannot be kept as they were typed; the words say which and why."""


def tags(typed: str) -> tuple[str, ...]:
    """Tags with commas or lines between them, each once, in the order in which they were typed.

    >>> tags("menus, pilot,Menus, #go-live")
    ('menus', 'pilot', 'go-live')

    Raises:
        UnfitFacts: there are too many, or one is too long or has nothing that one can look for.
    """
    found: dict[str, str] = {}
    for part in typed.replace("\n", ",").split(","):
        tag = " ".join(part.split()).lstrip("#")
        if tag:
            found.setdefault(fold(tag), tag)
    kept = tuple(found.values())
    for tag in kept:
        if len(tag) > LONGEST_TAG:
            raise UnfitFacts(f"A tag has at most {LONGEST_TAG} characters; “{tag}” has {len(tag)}.")
    if len(kept) > MOST_TAGS:
        raise UnfitFacts(f"Use at most {MOST_TAGS} tags; these are {len(kept)}.")
    return kept


def facts(typed: str) -> Mapping[str, str]:
    r"""Facts, one a line, each with its name before a colon.

    >>> facts("Ticket: MIG-12\nSystem: https://pos.example:8443")
    {'Ticket': 'MIG-12', 'System': 'https://pos.example:8443'}

    Raises:
        UnfitFacts: a line has no name or no value, or is too long; a name comes twice; or there are
            too many.
    """
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if len(lines) > MOST_FACTS:
        raise UnfitFacts(f"Use at most {MOST_FACTS} lines; these are {len(lines)}.")
    found: dict[str, str] = {}
    for line in lines:
        name, value = (part.strip() for part in (line.partition(":")[::2]))
        if not name or not value:
            raise UnfitFacts(f"Write each line as “name: value”; “{_begun(line)}” is none.")
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            raise UnfitFacts(
                f"A name has at most {LONGEST_NAME} characters and a value {LONGEST_VALUE}; "
                f"“{_begun(line)}” has more."
            )
        if fold(name) in map(fold, found):
            raise UnfitFacts(f"“{name}” is there twice. Give each name once.")
        found[name] = value
    return found


def _begun(line: str) -> str:
    """Enough of a line to know it again."""
    return line if len(line) <= LONGEST_TAG else f"{line[: LONGEST_TAG - 1]}…"
