"""What happened to a customer or location, each event in plain words, for Slack and the page alike."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from handlers.blocks import count, day
from handlers.lists import PAGE, Page
from rules.finding import Named
from rules.location_life import State as LocationState
from rules.wording import listed
from store.plans import MoveReason
from store.session import Reading
from store.timeline import Entry, Happening

MOST_PARTS = 6
"""So many weeks are named of a date that has more."""

ALONE = "1 location "
"""How a title begins that is about one location; where that is named, it is left out."""

WHY = {
    MoveReason.capacity: "there was no room left",
    MoveReason.blackout: "nobody moves on those days",
    MoveReason.feature_slipped: "a feature that it needs comes later",
    MoveReason.displaced: "an escalation took its place",
    MoveReason.failed_check: "it failed or was rolled back",
    MoveReason.wave_paused: "the wave was paused",
    MoveReason.customer_asked: "its escalation was approved",
    MoveReason.corrected_data: "its data was corrected",
}

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Event:
    """One event in plain words: no markup, nothing escaped. `when` is business time, in UTC."""

    when: datetime
    title: str
    detail: str
    who: str


async def happened(
    reading: Reading, named: Named, page: int = 0, *, oldest_first: bool = False
) -> Page[Event]:
    """A page of what happened to a customer and all its locations, or to one location.

    Gives the first page where the one asked for is not there.
    """
    is_customer = named.kind == "customer"
    find = reading.timeline.of_customer if is_customer else reading.timeline.of_location
    entries, total = await find(named.id, skip=page * PAGE, most=PAGE, oldest_first=oldest_first)
    if page and not entries:
        return await happened(reading, named, oldest_first=oldest_first)
    return Page([told(entry) for entry in entries], page, total)


def told(entry: Entry) -> Event:
    """An event in words. What nobody has words for yet is called by its name."""
    say = WORDS.get(entry.event)
    title, detail = say(entry.facts) if say else (entry.event.capitalize(), "")
    if entry.location:
        title = f"{entry.location}: {title.removeprefix(ALONE)}"
    return Event(entry.happened_at, title, detail, entry.actor)


def _imported(facts: Facts) -> tuple[str, str]:
    return f"Came with {_locations(facts)}", _from_file(facts)


def _grew(facts: Facts) -> tuple[str, str]:
    return f"{_locations(facts)} more", _from_file(facts)


def _joined(facts: Facts) -> tuple[str, str]:
    return f"{_locations(facts)} came from {listed(facts['from'])}", _from_file(facts)


def _left(facts: Facts) -> tuple[str, str]:
    return f"{_locations(facts)} went to {listed(facts['to'])}", _from_file(facts)


def _renamed(facts: Facts) -> tuple[str, str]:
    return f"Is now called {facts['to']}", f"Before: {facts['from']}. {_from_file(facts)}"


def _handed_over(facts: Facts) -> tuple[str, str]:
    return f"The CSA is now {facts['to']}", f"Before: {facts['from']}. {_from_file(facts)}"


def _status(facts: Facts) -> tuple[str, str]:
    return f"{_locations(facts)} now {facts['to']}", f"Before: {facts['from']}. {_from_file(facts)}"


def _requires(facts: Facts) -> tuple[str, str]:
    verb = "needs" if facts["locations"] == 1 else "need"
    now, before = (listed(facts[each]) or "no feature" for each in ("to", "from"))
    return f"{_locations(facts)} now {verb} {now}", f"Before: {before}. {_from_file(facts)}"


def _promised(facts: Facts) -> tuple[str, str]:
    weeks = facts["weeks"]
    if len(weeks) == 1:
        return f"{_locations(weeks[0])} planned for {_week(weeks[0]['week'])}", ""
    parts = [f"{_day(part['week'])}: {_locations(part)}" for part in weeks]
    return f"{_locations(*weeks)} planned for {len(weeks)} weeks", _several(parts, "week")


def _moved(facts: Facts) -> tuple[str, str]:
    moves = facts["moves"]
    if len(moves) == 1:
        return f"{_locations(moves[0])} {_way(moves[0])}", f"Why: {_why(moves[0])}."
    parts = [f"{_locations(move)} {_way(move)}, because {_why(move)}" for move in moves]
    return f"{_locations(*moves)} moved to other weeks", _several(parts, "move")


def _slipped(facts: Facts) -> tuple[str, str]:
    now = f"comes later, on {_day(facts['to'])}" if facts["to"] else "has no date any more"
    verb = "waits" if facts["locations"] == 1 else "wait"
    waiting = f"{_locations(facts)} {verb} for it."
    return f"{facts['name']} {now}", f"It was planned for {_day(facts['from'])}. {waiting}"


def _released(facts: Facts) -> tuple[str, str]:
    verb = "needs" if facts["locations"] == 1 else "need"
    title = f"{facts['name']} was released on {_day(facts['on'])}"
    return title, f"{_locations(facts)} {verb} it."


def _since_when(facts: Facts) -> str:
    return f"In the wave of {_week(facts['week'])}."


def _try(facts: Facts) -> str:
    return f" at try {facts['attempt']}" if facts.get("attempt", 1) > 1 else ""


def _because(facts: Facts) -> str:
    """What was said of it, as a sentence; whole where it is one."""
    words = str(facts.get("words") or "").strip()
    return words if not words or words.endswith((".", "?", "!")) else f"{words}."


def _migrated(facts: Facts) -> tuple[str, str]:
    on = f" on {_day(facts['on'])}" if facts.get("on") else ""
    return f"{_locations(facts)} migrated{on}{_try(facts)}", _since_when(facts)


def _failed(facts: Facts) -> tuple[str, str]:
    lost = " Orders were lost." if facts.get("lost_orders") else ""
    return f"{_locations(facts)} failed to migrate{_try(facts)}", f"{_because(facts)}{lost}"


def _tried_again(facts: Facts) -> tuple[str, str]:
    return f"{_locations(facts)} tried again", f"Remedy: {_because(facts)}"


def _unmarked(facts: Facts) -> tuple[str, str]:
    verb = "was" if facts["locations"] == 1 else "were"
    return f"{_locations(facts)} {verb} marked {facts['was']} by mistake", _because(facts)


def _checked(facts: Facts) -> tuple[str, str]:
    verb = "has" if facts["locations"] == 1 else "have"
    titles = {
        LocationState.passed: "passed the check",
        LocationState.not_passed: "did not pass the check",
        LocationState.undecided: f"{verb} to be judged by a lead",
        LocationState.migrated: f"{verb} no verdict yet",
    }
    return f"{_locations(facts)} {titles[LocationState(facts['state'])]}", _because(facts)


def _accepted(facts: Facts) -> tuple[str, str]:
    verb = "was" if facts["locations"] == 1 else "were"
    return f"{_locations(facts)} {verb} accepted as it is", _because(facts)


def _mended(facts: Facts) -> tuple[str, str]:
    verb = "was" if facts["locations"] == 1 else "were"
    return f"{_locations(facts)} {verb} mended and checked anew", f"Remedy: {_because(facts)}"


def _rolling_back(facts: Facts) -> tuple[str, str]:
    verb = "goes" if facts["locations"] == 1 else "go"
    return f"{_locations(facts)} {verb} back to the old system", _because(facts)


def _rolled_back(facts: Facts) -> tuple[str, str]:
    verb = "is" if facts["locations"] == 1 else "are"
    return f"{_locations(facts)} {verb} on the old system again", _since_when(facts)


def _returned(facts: Facts) -> tuple[str, str]:
    verb = "comes" if facts["locations"] == 1 else "come"
    week = _week(facts["week"])
    return f"{_locations(facts)} {verb} back into the plan, out of {week}", _because(facts)


def _wave_paused(facts: Facts) -> tuple[str, str]:
    verb = "waits" if facts["locations"] == 1 else "wait"
    title = f"The wave of {_week(facts['week'])} was paused; {_locations(facts)} {verb} in it"
    return title, _because(facts)


def _wave_went_on(facts: Facts) -> tuple[str, str]:
    title = f"The wave of {_week(facts['week'])} goes on, with {_locations(facts)} that waited"
    return title, _because(facts)


WORDS: dict[str, Callable[[Facts], tuple[str, str]]] = {
    Happening.imported: _imported,
    Happening.grew: _grew,
    Happening.joined: _joined,
    Happening.left: _left,
    Happening.renamed: _renamed,
    Happening.handed_over: _handed_over,
    Happening.status: _status,
    Happening.requires: _requires,
    Happening.promised: _promised,
    Happening.moved: _moved,
    Happening.slipped: _slipped,
    Happening.released: _released,
    Happening.migrated: _migrated,
    Happening.failed: _failed,
    Happening.tried_again: _tried_again,
    Happening.unmarked: _unmarked,
    Happening.checked: _checked,
    Happening.accepted: _accepted,
    Happening.mended: _mended,
    Happening.rolling_back: _rolling_back,
    Happening.rolled_back: _rolled_back,
    Happening.returned: _returned,
    Happening.wave_paused: _wave_paused,
    Happening.wave_went_on: _wave_went_on,
}
"""For each event, its title and detail from its facts."""


def _locations(*parts: Facts) -> str:
    return count(sum(part["locations"] for part in parts), "location")


def _from_file(facts: Facts) -> str:
    return f"From {facts['file']}."


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


def _week(value: str) -> str:
    return f"the week of {_day(value)}"


def _way(move: Facts) -> str:
    """From which week to which, or to none."""
    if move["to_week"]:
        return f"moved from {_week(move['from_week'])} to {_week(move['to_week'])}"
    return f"lost the date in {_week(move['from_week'])}"


def _why(move: Facts) -> str:
    return WHY[MoveReason(move["reason"])]


def _several(parts: Sequence[str], noun: str) -> str:
    more = len(parts) - MOST_PARTS
    said = "; ".join(parts[:MOST_PARTS])
    return f"{said}; and {count(more, f'more {noun}')}." if more > 0 else f"{said}."
