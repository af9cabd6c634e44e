"""A rollback: what has to be done at each location, by whom, and what is confirmed."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from rules.parameters import Parameters


class Part(StrEnum):
    """Whose task a step is."""

    csa = "CSA"
    lead = "lead"


@dataclass(frozen=True, slots=True)
class Task:
    """One step at each location, in the words that its owner reads; `done` is it in a list."""

    key: str
    words: str
    part: Part
    done: str


TASKS = (
    Task("tell", "Tell the customer that the old system is used again", Part.csa, "customer told"),
    Task("old on", "Switch the old system on", Part.lead, "old system on"),
    Task("new off", "Take the location off the new system", Part.lead, "new system off"),
    Task("orders", "See an order arrive in the old system", Part.csa, "order seen"),
)
"""What is done at each location, in this order: there is no moment without a system."""


@dataclass(frozen=True, slots=True)
class Place:
    """A location that is rolled back, when it moved, and who does what there."""

    location: str
    migrated_on: date
    owners: Mapping[Part, str]


@dataclass(frozen=True, slots=True)
class Item:
    """One task at one location; confirmed once `by` is somebody."""

    location: str
    task: Task
    owner: str
    by: str | None = None
    at: datetime | None = None

    @property
    def is_confirmed(self) -> bool:
        """Whether somebody said that it is done."""
        return self.by is not None


class RollbackRefused(ValueError):
    """Something that cannot be done in a rollback; it says what can."""


class TooLate(RollbackRefused):
    """The old system of some locations is not there any more; `gone` are these, with their last days."""

    def __init__(self, gone: Mapping[str, date]) -> None:
        told = ", ".join(f"{location} (until {day})" for location, day in gone.items())
        super().__init__(f"The old system is gone: {told}. Mend these where they are.")
        self.gone = gone


class NotListed(RollbackRefused):
    """There is no such task at such a location."""


class NotYet(RollbackRefused):
    """Another task at the location comes first, which is `item`."""

    def __init__(self, item: Item) -> None:
        told = f"“{item.task.words}” at {item.location} comes first: {item.owner} has it."
        super().__init__(told)
        self.item = item


class ConfirmedBefore(RollbackRefused):
    """Somebody confirmed it already; `item` says who and when."""

    def __init__(self, item: Item) -> None:
        super().__init__(f"{item.by} confirmed “{item.task.words}” at {item.location} before.")
        self.item = item


class NotTheirs(RollbackRefused):
    """The owner of `item`, or a lead, confirms it."""

    def __init__(self, item: Item) -> None:
        told = f"{item.owner} or a lead confirms “{item.task.words}” at {item.location}."
        super().__init__(told)
        self.item = item


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a rollback is: tasks and locations that are done, of all."""

    tasks: int
    of_tasks: int
    locations: int
    of_locations: int

    @property
    def is_done(self) -> bool:
        """Whether every task at every location is confirmed."""
        return self.tasks == self.of_tasks


@dataclass(frozen=True, slots=True)
class Rollback:
    """All tasks at all locations, a location's in their order.

    A rehearsal is gone through in the same way and touches nothing: it says of no location that it
    is back, and frees no date.
    """

    items: tuple[Item, ...]
    is_rehearsal: bool = False

    @property
    def progress(self) -> Progress:
        """How far it is."""
        done = self._done()
        return Progress(
            tasks=sum(item.is_confirmed for item in self.items),
            of_tasks=len(self.items),
            locations=sum(done.values()),
            of_locations=len(done),
        )

    @property
    def back(self) -> tuple[str, ...]:
        """The locations at which all is confirmed: on the old system again, their dates free."""
        return () if self.is_rehearsal else tuple(at for at, done in self._done().items() if done)

    @property
    def next(self) -> tuple[Item, ...]:
        """What can be confirmed now: the first task at each location that is not confirmed."""
        first: dict[str, Item] = {}
        for item in self.items:
            if not item.is_confirmed:
                first.setdefault(item.location, item)
        return tuple(first.values())

    def waiting_for(self, person: str) -> tuple[Item, ...]:
        """What somebody has to do now."""
        return tuple(item for item in self.next if item.owner == person)

    def _done(self) -> dict[str, bool]:
        done: dict[str, bool] = {}
        for item in self.items:
            done[item.location] = done.get(item.location, True) and item.is_confirmed
        return done


def last_day(migrated_on: date, parameters: Parameters | None = None) -> date:
    """The last day on which a location can go back: its old system is kept so long."""
    return migrated_on + timedelta(days=(parameters or Parameters()).rollback.old_system_days)


def begin(
    places: Collection[Place],
    today: date,
    *,
    is_rehearsal: bool = False,
    tasks: tuple[Task, ...] = TASKS,
    parameters: Parameters | None = None,
) -> Rollback:
    """The tasks of a rollback that begins today, nothing confirmed.

    Raises TooLate with the locations whose old system is gone, unless it is a rehearsal;
    RollbackRefused without a location, for one that is named twice, or where a task has no owner.
    """
    if not places:
        raise RollbackRefused("Name at least one location that moved.")
    named = Counter(place.location for place in places)
    twice = sorted(name for name, times in named.items() if times > 1)
    if twice:
        raise RollbackRefused(f"Name each location once: {', '.join(twice)}.")
    days = {place.location: last_day(place.migrated_on, parameters) for place in places}
    gone = {location: day for location, day in days.items() if day < today}
    if gone and not is_rehearsal:
        raise TooLate(gone)
    return Rollback(
        tuple(
            Item(place.location, task, _owner(place, task)) for place in places for task in tasks
        ),
        is_rehearsal,
    )


def confirm(
    rollback: Rollback, location: str, task: str, by: str, at: datetime, *, is_lead: bool = False
) -> Rollback:
    """The rollback after somebody confirmed a task at a location.

    Raises NotListed, ConfirmedBefore, NotTheirs or NotYet, whichever holds first; nothing has
    changed then.
    """
    after, (refused,) = confirm_each(rollback, [location], task, by, at, is_lead=is_lead)
    if refused:
        raise refused
    return after


def confirm_each(
    rollback: Rollback,
    locations: Sequence[str],
    task: str,
    by: str,
    at: datetime,
    *,
    is_lead: bool = False,
) -> tuple[Rollback, list[RollbackRefused | None]]:
    """The rollback after somebody confirmed a task at each of these locations where they can.

    Of each location what `confirm` would raise; None where it is confirmed.
    """
    at_location = {item.location: item for item in rollback.items if item.task.key == task}
    first = {item.location: item for item in rollback.next}
    refused = [
        _hindrance(at_location.get(each), first.get(each), each, task, by, is_lead=is_lead)
        for each in locations
    ]
    done = {each for each, why in zip(locations, refused, strict=True) if why is None}
    items = tuple(
        replace(item, by=by, at=at) if item.task.key == task and item.location in done else item
        for item in rollback.items
    )
    return replace(rollback, items=items), refused


def hand_over(rollback: Rollback, location: str, task: str, to: str) -> Rollback:
    """The rollback after a task got another owner: the one it had is away, or left.

    Raises NotListed or ConfirmedBefore.
    """
    item = _item(rollback, location, task)
    if item.is_confirmed:
        raise ConfirmedBefore(item)
    return _with(rollback, item, replace(item, owner=to))


def hand_all_over(rollback: Rollback, owner: str, to: str, task: str | None = None) -> Rollback:
    """The rollback after all that somebody has not confirmed yet got another owner; or one task of it."""
    items = (
        replace(item, owner=to)
        if item.owner == owner and not item.is_confirmed and task in (None, item.task.key)
        else item
        for item in rollback.items
    )
    return replace(rollback, items=tuple(items))


def replay(begun: Rollback, confirmed: Iterable[tuple[str, str, str, datetime]]) -> Rollback:
    """A rollback after its confirmations (location, task, who, when), as an audit tells them.

    Who might confirm was decided then. Raises NotListed, ConfirmedBefore or NotYet where one of
    them cannot have been.
    """
    rollback = begun
    for location, task, by, at in confirmed:
        rollback = confirm(rollback, location, task, by, at, is_lead=True)
    return rollback


def _owner(place: Place, task: Task) -> str:
    owner = place.owners.get(task.part)
    if not owner:
        raise RollbackRefused(f"{place.location} has no {task.part} to “{task.words}”. Name one.")
    return owner


def _hindrance(
    item: Item | None, first: Item | None, location: str, task: str, by: str, *, is_lead: bool
) -> RollbackRefused | None:
    """Why a task cannot be confirmed at a location; None where it can. `first` is what comes first."""
    if item is None:
        return NotListed(f"There is no task “{task}” at {location} in this rollback.")
    if item.is_confirmed:
        return ConfirmedBefore(item)
    if by != item.owner and not is_lead:
        return NotTheirs(item)
    if first and first is not item:
        return NotYet(first)
    return None


def _item(rollback: Rollback, location: str, task: str) -> Item:
    for item in rollback.items:
        if (item.location, item.task.key) == (location, task):
            return item
    raise NotListed(f"There is no task “{task}” at {location} in this rollback.")


def _with(rollback: Rollback, old: Item, new: Item) -> Rollback:
    return replace(rollback, items=tuple(new if item is old else item for item in rollback.items))
