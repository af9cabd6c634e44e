"""What became of a customer's locations in their waves, in words: a first line, and what is below it."""

from collections.abc import Sequence
from datetime import date

from handlers.blocks import Mrkdwn, Words, count
from handlers.shortening import fits, short
from rules.account import Account, Run

LENGTHS = (
    (60, 80, 60),
    (45, 60, 40),
    (30, 40, 30),
    (60, 80, 0),
    (45, 80, 0),
    (45, 60, 0),
    (30, 60, 0),
    (30, 40, 0),
    (20, 40, 0),
    (20, 25, 0),
    (20, 0, 0),
)
"""What a name, the reason and the remedy are shortened to, until the line fits; 0: it is left out."""
MOST_RUNS = 8
LONGEST_WHY = 200


def line(account: Account, name: str) -> Words:
    """The first line: what people have to hear of first, with as much of why as there is room for."""
    tried = [_worded(account, name, *lengths) for lengths in LENGTHS]
    return _first_that_fits(tried, "line")


def moved_instead(name: str, week: date, was: date, why: str, by: str) -> Words:
    """That it moves in another week than the one that has come, who moved it and why."""
    tried = (
        Words("account", name=short(name, most), week=week, was=was, why=why, by=short(who, 30))
        for most, who in ((60, by), (45, by), (30, by), (60, ""), (45, ""), (30, ""), (20, ""))
    )
    return _first_that_fits(list(tried), "instead")


def told_below(account: Account) -> list[Mrkdwn]:
    """What became of each group of locations, a line each, under a heading that has their week if it can."""
    runs = account.runs[:MOST_RUNS]
    more = len(account.runs) - len(runs)
    weeks = {run.week for run in account.runs}
    heading = Words("account", week=weeks.pop() if len(weeks) == 1 else None)["heading"]
    said = [heading, *(_run(run, with_week=bool(weeks)) for run in runs)]
    return [*said, Words("account", more=more)["more_runs"]] if more else said


def _first_that_fits(tried: Sequence[Words], block: str) -> Words:
    return next((words for words in tried if fits(words[block])), tried[-1])


def _worded(account: Account, name: str, name_length: int, why_length: int, remedy: int) -> Words:
    first = account.first
    locations = account.locations
    return Words(
        "account",
        told=account.told,
        name=short(name, name_length),
        part="" if account.is_about_all else f": {locations:,} of {count(account.of, 'location')}",
        is_one=account.is_about_all or locations == 1,
        wave=first.wave,
        week=first.week,
        on=first.on,
        why=_plain_end(short(first.why, why_length)) if why_length else "",
        remedy=_plain_end(short(first.remedy, remedy)) if remedy else "",
        came_before=first.came_before,
        of=account.of,
        migrated=account.migrated,
        migrated_on=account.migrated_on,
        has_migrated=account.has_migrated,
        passed=account.passed,
        ahead=account.ahead[0] if account.ahead else None,
    )


def _run(run: Run, *, with_week: bool) -> Mrkdwn:
    return Words(
        "account",
        told=run.became,
        locations=run.locations,
        week=run.week if with_week else None,
        wave=run.wave,
        on=run.on,
        why=_plain_end(short(run.why, LONGEST_WHY)),
        remedy=_plain_end(short(run.remedy, LONGEST_WHY)),
        look_on=run.look_on,
        came_before=run.came_before,
    )["run"]


def _plain_end(words: str) -> str:
    """Words that go on in a sentence of ours, which ends with a full stop of its own."""
    return words.rstrip(".")
