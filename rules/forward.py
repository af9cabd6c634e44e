"""What would bring a part of a customer forward: each change is tried before it is named."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from math import floor, inf

from rules.changing import Change, Kind
from rules.desk import Desk
from rules.openings import first_weeks
from rules.placing import Parts
from rules.problem import NO_DUE, Plan, Problem

HEAVIEST = 100.0
"""No priority is above this."""

PLACES_TRIED = 200
"""Customers whose place is tried, at most: the lightest first."""


def bring_forward(problem: Problem, plan: Plan, row: int, now: int = 0) -> list[Change]:
    """What would let this row begin earlier than it does in the plan, the least to ask first.

    For each kind of change the smallest one. Each was tried: everyone else stays where the plan has
    them, but for `other` in whose place it goes. A higher weight makes an exchange of weeks cheaper
    than the plan is; who is escalated goes after everyone promised a week and who is due before.

    `now` is the first week that can still be planned: a plan is asked about for weeks after it was
    made, and neither weeks that have begun nor who began in them can be had back.
    """
    return changes_until(Desk.of(problem, plan, row), row, problem.weeks, now)


def changes_until(desk: Desk, row: int, latest: int, now: int = 0) -> list[Change]:
    """As `bring_forward`, but only what lets it begin in the week `latest` or before."""
    asked = _Asked(replace(desk, now=now), desk.mine(row), latest)
    return list(asked.changes()) if desk.problem.size[desk.mine(row)] else []


class _Asked:
    """A row that would go earlier, in one of the weeks before `end`."""

    def __init__(self, desk: Desk, mine: int, latest: int) -> None:
        self._desk, self._mine, self._problem = desk, mine, desk.problem
        self._end = min(desk.begins(mine), latest + 1)
        self._placing = desk.without(mine)
        self._size = int(desk.problem.size[mine])
        self._goes_in_one = self._placing.goes_in_one_week(mine)
        self._first = max(int(first_weeks(desk.problem)[mine]), desk.now)
        self._closed = desk.problem.blackout[desk.problem.region[mine]]

    def changes(self) -> Iterator[Change]:
        """The smallest change of each kind that helps.

        Where there is room before, only its promise keeps it: no room made elsewhere would.
        """
        if self._desk.stays(self._mine):
            return
        promise, is_kept_by_it = self._promise(), self._is_kept_by_its_promise()
        found = (promise, self._escalation()) if is_kept_by_it else (promise, *self._others())
        yield from (change for change in found if change is not None)

    def _others(self) -> tuple[Change | None, ...]:
        return (
            self._helps(self._capacity()),
            self._helps(self._ramp()),
            self._helps(self._release()),
            self._helps(self._blackout()),
            self._helps(self._pilot()),
            self._weight(),
            self._place(),
            self._escalation(),
        )

    def _is_kept_by_its_promise(self) -> bool:
        parts = self._placing.earliest(self._mine)
        before = bool(parts) and parts[0][0] < self._desk.begins(self._mine)
        return before and self._desk.holds_its_promise(self._mine)

    def _helps(self, candidates: Iterable[Change]) -> Change | None:
        """The first of these after which it goes earlier."""
        for change in candidates:
            parts = self._desk.tried(self._mine, change)
            if parts and parts[0][0] < self._end:
                return self._with_outcome(change, parts)
        return None

    def _with_outcome(
        self, change: Change, ours: Parts, other: int | None = None, theirs: Parts | None = None
    ) -> Change:
        """The change with what comes of it, for the row and for another whose place it takes."""
        dearer = self._dearer(self._mine, ours)
        if other is None or theirs is None:
            return replace(change, week=ours[0][0], dearer=dearer)
        return replace(
            change,
            week=ours[0][0],
            dearer=dearer + self._dearer(other, theirs),
            other=int(self._desk.rows[other]),
            other_week=theirs[0][0],
        )

    def _dearer(self, mine: int, parts: Parts) -> float:
        return self._desk.price(mine, parts) - self._desk.price(mine, self._desk.parts[mine])

    def _promise(self) -> Change | None:
        parts = self._placing.earliest(self._mine)
        if not parts or parts[0][0] >= self._end or self._mine not in self._desk.announced:
            return None
        return self._with_outcome(Change(Kind.promise, 0, 0.0), parts)

    def _capacity(self) -> Iterator[Change]:
        """Little before much, and nobody is called back from leave where it can be helped."""
        wanted = []
        for week in range(self._first, self._end):
            capacity, ramp = self._placing.left(self._mine, week)
            limited = self._problem.ramp[week] < self._problem.capacity[:, week].sum()
            on_leave = bool(self._problem.capacity[self._problem.owner[self._mine], week] == 0)
            for least in {self._least, self._size}:
                more = least - capacity
                has_ramp = ramp + (0 if limited else more) >= least
                if more > 0 and has_ramp and not self._closed[week]:
                    wanted.append((on_leave, more, week))
        for _, more, week in sorted(wanted):
            yield Change(Kind.capacity, 0, 0.0, at=week, amount=more)

    def _ramp(self) -> Iterator[Change]:
        wanted = []
        for week in self._open_weeks(self._first):
            capacity, ramp = self._placing.left(self._mine, week)
            more = self._least - ramp
            if more > 0 and capacity >= self._least:
                wanted.append((more, week))
        for more, week in sorted(wanted):
            if not self._desk.would_join(week, more):
                yield Change(Kind.ramp, 0, 0.0, at=week, amount=more)

    def _release(self) -> Iterator[Change]:
        """The latest release that helps is the least to ask."""
        pilots_end = 0 if self._problem.pilot[self._mine] else self._problem.pilot_weeks
        for week in reversed(self._open_weeks(pilots_end)):
            if week < self._problem.release[self._mine] and self._has_room(week):
                yield Change(Kind.release, 0, 0.0, at=week)

    def _blackout(self) -> Iterator[Change]:
        for week in range(self._first, self._end):
            if self._closed[week] and self._has_room(week):
                yield Change(Kind.blackout, 0, 0.0, at=week)

    def _pilot(self) -> Iterator[Change]:
        if not self._problem.pilot[self._mine] and self._problem.pilot_weeks:
            yield Change(Kind.pilot, 0, 0.0)

    def _weight(self) -> Change | None:
        """The least weight at which an exchange of weeks makes the plan cheaper.

        The weights and sizes of the two decide it, the weeks do not: as much longer as one waits, as
        much less the other does.
        """
        desk, problem, mine = self._desk, self._problem, self._mine
        if mine in desk.announced or problem.due[mine] != NO_DUE or not desk.parts[mine]:
            return None
        found = []
        for other in self._may_exchange():
            stake = float(problem.weight[other] * problem.size[other])
            found.append((floor(100 * stake / self._size + 1) / 100, other))
        weight, other = min(found, default=(inf, 0))
        if not problem.weight[mine] < weight <= HEAVIEST:
            return None
        change = Change(Kind.weight, 0, 0.0, amount=weight)
        ours = [(desk.begins(other), self._size)]
        theirs = [(desk.begins(mine), int(problem.size[other]))]
        return self._with_outcome(change, ours, other, theirs)

    def _may_exchange(self) -> Iterator[int]:
        """Who has one week, before its own, and could exchange it with this one."""
        desk, placing, mine = self._desk, self._placing, self._mine
        for other in self._movable():
            if other in desk.announced or len(desk.parts[other]) > 1 or not self._goes_in_one:
                continue
            theirs = placing.take_back(other)
            fits = placing.starting_in(mine, theirs[0][0])
            if fits and placing.starting_in(other, desk.begins(mine)):
                yield other
            placing.place(other, theirs)

    def _place(self) -> Change | None:
        """The place of another that makes the plan least dearer; that one goes as early as it can."""
        placing, mine = self._placing, self._mine
        problem, found = self._problem, []
        lightest = sorted(self._movable(), key=lambda c: (problem.weight[c] * problem.size[c], c))
        for other in lightest[:PLACES_TRIED]:
            theirs = placing.take_back(other)
            ours = placing.starting_in(mine, theirs[0][0])
            placing.place(mine, ours)
            after = placing.earliest(other)
            placing.take_back(mine)
            placing.place(other, theirs)
            if ours and after:
                found.append(self._with_outcome(Change(Kind.place, 0, 0.0), ours, other, after))
        return min(found, key=lambda change: change.dearer, default=None)

    def _escalation(self) -> Change | None:
        """The latest due date that helps."""
        latest = min(self._end, int(self._problem.due[self._mine])) - 1
        for due in range(latest, self._desk.now - 1, -1):
            parts = self._desk.escalated(self._mine, due)
            if parts and parts[0][0] < self._end:
                return self._with_outcome(Change(Kind.escalation, 0, 0.0, at=due), parts)
        return None

    def _movable(self) -> Iterator[int]:
        """Who begins before `end` and may lose its place: not begun, no due date, no frozen promise."""
        desk = self._desk
        for other in range(self._problem.customers):
            is_earlier = desk.begins(other) < self._end and other != self._mine
            if is_earlier and desk.problem.due[other] == NO_DUE and not desk.stays(other):
                yield other

    @property
    def _least(self) -> int:
        """How many locations a week must take for it to begin there."""
        return self._size if self._goes_in_one else 1

    def _has_room(self, week: int) -> bool:
        return min(self._placing.left(self._mine, week)) >= self._least

    def _open_weeks(self, first: int) -> list[int]:
        """The weeks before `end` that are open to it, were it allowed from `first` on."""
        capacity = self._problem.capacity[self._problem.owner[self._mine]]
        return [w for w in range(first, self._end) if capacity[w] and not self._closed[w]]
