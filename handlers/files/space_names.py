"""Spaces as a sentence names them: each once, with whose it is."""

from collections.abc import Iterable

from rules.wording import and_listed
from store.shared_files import SharedFile
from store.spaces import Space


def named(spaces: Iterable[Space]) -> str:
    """These spaces: "Acme · Menus and Acme · Prices"."""
    return and_listed(dict.fromkeys(f"{each.organisation} · {each.name}" for each in spaces))


def spaces_of(files: Iterable[SharedFile]) -> str:
    """Where files are sent."""
    return named(space for file in files for space in file.spaces)
