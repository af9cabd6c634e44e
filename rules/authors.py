"""Who is meant by what somebody typed as the author of a file."""

import re
from collections.abc import Mapping, Sequence

from rules.naming import fold

_MENTION = re.compile(r"<@([uw][a-z0-9]+)(?:\|[^<>]*)?>", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>|:;,()\"]+@[^\s<>|:;,()\"]+")
_ID = re.compile(r"[uw][a-z0-9]+", re.IGNORECASE)


class UnclearAuthor(ValueError):
    """Several people could be meant, or one of whom it is not sure; `people` are their ids.

    `is_whole` says that each of them is called exactly so.
    """

    def __init__(self, people: Sequence[str], *, is_whole: bool) -> None:
        super().__init__(f"{len(people)} people could be meant.")
        self.people, self.is_whole = people, is_whole


def mentioned(typed: str) -> str:
    """The Slack id of who is mentioned; empty where nobody is.

    >>> mentioned("<@u0ben|ben>"), mentioned("Ben Best")
    ('U0BEN', '')
    """
    found = _MENTION.fullmatch(typed.strip())
    return found[1].upper() if found else ""


def written_id(typed: str) -> str:
    """What may be a Slack id; many a name looks like one.

    >>> written_id("u0ben"), written_id("Ursula"), written_id("Ben Best")
    ('U0BEN', 'URSULA', '')
    """
    words = typed.strip().removeprefix("@")
    return words.upper() if _ID.fullmatch(words) else ""


def written_address(typed: str) -> str:
    """The e-mail address that was typed, with a name beside it or without; empty for none.

    >>> written_address("Ben Best <ben@x.example>"), written_address("@Ben Best")
    ('ben@x.example', '')
    """
    found = _ADDRESS.search(typed)
    return found[0] if found else ""


def named(typed: str, people: Mapping[str, str]) -> str:
    """The id of who is called so, of people with their names by id; empty where nobody is.

    >>> named("ben BEST", {"U1": "Ben Best", "U2": "Ben Adams"}), named("Zoe", {"U1": "Ben Best"})
    ('U1', '')

    Raises:
        UnclearAuthor: several are called so, or somebody is whose name has all these words and more.
    """
    wanted = fold(typed.strip().removeprefix("@"))
    names = {person: fold(name) for person, name in people.items()}
    whole = [person for person, name in names.items() if name == wanted]
    if len(whole) == 1:
        return whole[0]
    words = set(wanted.split())
    part = [person for person, name in names.items() if words and words <= set(name.split())]
    if whole or part:
        raise UnclearAuthor(whole or part, is_whole=bool(whole))
    return ""
