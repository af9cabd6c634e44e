"""Who wrote a file, by whatever way somebody named them: nobody is a second person to what they wrote."""

from handlers.blocks import escape
from handlers.errors import Refused
from rules.authors import UnclearAuthor, mentioned, named, written_address, written_id
from rules.wording import or_listed
from store.session import Reading

MOST_NAMED = 3
SEVERAL = "{count} people in Slack are called {name}. Write the e-mail address of who wrote it."
MAYBE = (
    "{name} may be {people}, of this Slack. Write their e-mail address; or, if it is somebody else, "
    "their whole name."
)


async def author_of(reading: Reading, typed: str, *, by: str) -> str:
    """The Slack id of who wrote a file; of who is not in Slack the name, as it was typed.

    Somebody is named by a mention, an id or an address in any case, or a name that nobody else has.
    Nobody named is `by`, who sends it.

    Raises:
        Refused: it is not clear who is meant; the words ask for it.
    """
    name = typed.strip()
    if not name:
        return by
    if person := mentioned(name):
        return person
    if (person := written_id(name)) and (await reading.people.asking(person)).person:
        return person
    address = written_address(name)
    if address and (found := await reading.people.by_email(address)):
        return found.id
    people = await reading.people.names()
    try:
        return named(name.replace(address, ""), people) or name
    except UnclearAuthor as unclear:
        raise _asked(name, [people[each] for each in unclear.people], unclear) from unclear


async def unclear_author(reading: Reading, typed: str) -> str:
    """What to ask about an author that somebody typed, under its field; empty where it is clear."""
    try:
        await author_of(reading, typed, by="")
    except Refused as refused:
        return refused.plain
    return ""


def _asked(name: str, people: list[str], unclear: UnclearAuthor) -> Refused:
    if unclear.is_whole:
        words = SEVERAL.format(count=len(people), name=name)
    else:
        first, more = people[:MOST_NAMED], len(people) - MOST_NAMED
        words = MAYBE.format(
            name=name, people=or_listed([*first, *([f"{more} more"] if more > 0 else [])])
        )
    return Refused(escape(words), plain=words)
