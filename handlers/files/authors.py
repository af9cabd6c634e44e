"""Who wrote a file, by whatever way somebody named them: nobody is a second person to what they wrote."""

from collections.abc import Mapping

from handlers.blocks import escape
from handlers.errors import Refused
from rules.authors import Unclear, UnclearAuthor, Written, named, seen, taken_apart
from rules.naming import is_said
from rules.wording import or_listed
from store.session import Reading

MOST_NAMED = 3
ASKED = {
    Unclear.same: (
        "{count} people in Slack are called {name}. Write the e-mail address of who wrote it."
    ),
    Unclear.part: (
        "{name} may be {people}, of this Slack. Write their e-mail address; or, if it is somebody "
        "else, their whole name."
    ),
    Unclear.beside: (
        "Is this {people}, of this Slack? Then write their e-mail address and nothing else; or, if "
        "it is somebody else, only the e-mail address of that person."
    ),
    Unclear.many: "That names more than one. Write one author, by their e-mail address or their name.",
}
NOBODY = "That mentions somebody whom I do not know. Write their name or their e-mail address."
UNSEEN = "Nobody can read that. Write a name or an e-mail address, or leave it empty."


async def author_of(reading: Reading, typed: str, *, by: str) -> str:
    """The Slack id of who wrote a file; of who is not in Slack the name, as it was typed.

    Somebody is named by a mention, an id or an address in any case, or a name that nobody else has,
    and nobody else beside them. Nobody named is `by`, who sends it.

    Raises:
        Refused: it is not clear who is meant; the words ask for it.
    """
    name = seen(typed)
    if not typed.strip():
        return by
    if not is_said(name):
        raise Refused(UNSEEN)
    written = taken_apart(name)
    people = await reading.people.names()
    try:
        pinned = await _pinned(reading, written, people)
        return named(_beside(written, pinned), people, pinned) or name
    except UnclearAuthor as unclear:
        raise _asked(name, unclear, people) from unclear


async def unclear_author(reading: Reading, typed: str) -> str:
    """What to ask about an author that somebody typed, under its field; empty where it is clear."""
    try:
        await author_of(reading, typed, by="")
    except Refused as refused:
        return refused.plain
    return ""


async def _pinned(reading: Reading, written: Written, people: Mapping[str, str]) -> set[str]:
    """Who is named by a mention, an id, or an address.

    Raises:
        Refused: nobody is mentioned by that.
        UnclearAuthor: an address is of somebody else.
    """
    pinned = {each for each in written.ids if each in people}
    for each in written.mentions:
        if (await reading.people.asking(each)).person is None:
            raise Refused(NOBODY)
        pinned.add(each)
    if len(written.ids) == 1 and (await reading.people.asking(written.ids[0])).person:
        pinned.add(written.ids[0])
    others = 0
    for address in written.addresses:
        if found := await reading.people.by_email(address):
            pinned.add(found.id)
        else:
            others += 1
    if others > 1 or (others and pinned):
        raise UnclearAuthor(Unclear.many, sorted(pinned))
    return pinned


def _beside(written: Written, pinned: set[str]) -> str:
    """The words that are no id of those who are named."""
    words = written.rest
    return " ".join(each for each in words.split() if each.strip("@<>,;()").upper() not in pinned)


def _asked(name: str, unclear: UnclearAuthor, people: Mapping[str, str]) -> Refused:
    called = [people.get(each, each) for each in unclear.people]
    first, more = called[:MOST_NAMED], len(called) - MOST_NAMED
    words = ASKED[unclear.why].format(
        count=len(called),
        name=name,
        people=or_listed([*first, *([f"{more} more"] if more > 0 else [])]),
    )
    return Refused(escape(words), plain=words)
