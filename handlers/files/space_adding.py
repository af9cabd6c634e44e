"""Several people let into a space at once: who can be is, and each who cannot is told of by line."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from handlers.errors import Refused
from handlers.files.space_keeping import Added, add_address, add_person, held_space, refused
from handlers.files.space_welcoming import welcome
from rules.pasted_addresses import Line, read_lines
from store.session import Transaction
from store.space_rows import RecipientRow

MOST_LINES = 100
LONGEST_ECHO = 80


@dataclass(frozen=True, slots=True)
class Problem:
    """Why somebody is not in the space: the line, where it was one, and the words, marked up and plain."""

    words: Mrkdwn
    plain: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of each who was named: nobody is in two of these.

    `files` are how many that were released before come to those who were added; `beside` are
    strangers, who are among them, each with the recipient that has the address they are said to have.
    """

    added: tuple[RecipientRow, ...] = ()
    already: tuple[RecipientRow, ...] = ()
    problems: tuple[Problem, ...] = ()
    files: int = 0
    beside: tuple[tuple[RecipientRow, RecipientRow], ...] = ()


async def add_lines(tx: Transaction, space_id: UUID, pasted: str) -> Outcome:
    """Let all people into a space whose addresses were pasted, one a line.

    Raises:
        Refused: the space is closed, or there are too many lines.
    """
    return await add_all(tx, space_id, (), pasted)


async def add_all(tx: Transaction, space_id: UUID, people: Iterable[str], pasted: str) -> Outcome:
    """Let people of Slack into a space, by their ids, and those whose addresses were pasted.

    Raises:
        Refused: the space is closed, or there are too many lines.
    """
    space = await held_space(tx, space_id)
    lines = list(read_lines(pasted))
    if len(lines) > MOST_LINES:
        raise refused("too_many", most=MOST_LINES)
    done: dict[UUID, Added] = {}
    problems: list[Problem] = []
    for person in people:
        try:
            _keep(done, await add_person(tx, space, person))
        except Refused as why:
            problems.append(Problem(Mrkdwn(why.words), why.plain))
    for line in lines:
        try:
            if line.problem:
                raise refused(line.problem.name)
            _keep(done, await add_address(tx, space, line.email, line.name))
        except Refused as why:
            problems.append(_at(line, why))
    new = tuple(each.recipient for each in done.values() if each.is_new)
    already = tuple(each.recipient for each in done.values() if not each.is_new)
    beside = tuple((each.recipient, each.beside) for each in done.values() if each.beside)
    return Outcome(new, already, tuple(problems), await welcome(tx, space, new), beside)


def _keep(done: dict[UUID, Added], added: Added) -> None:
    """Keep who was added; who is named twice was added once."""
    done.setdefault(added.recipient.id, added)


def _at(line: Line, why: Refused) -> Problem:
    words = Words(
        "space_refused",
        number=line.number,
        typed=short(line.typed, LONGEST_ECHO),
        why=Mrkdwn(why.words),
        plain=why.plain,
    )
    return Problem(words["at_line"], words.plain("at_line_plain"), line.typed)
