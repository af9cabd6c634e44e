"""What is known at the moment at which an announcement is due: its figures, and those of its picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from handlers.forecast import looked_ahead
from handlers.pictures import stands_for
from handlers.progress import TOLD
from rules.announced import Breadth, Feature, Figures, Scope, Wave
from rules.announcement import Topic, announcement
from rules.announcement_content import Content, Json, with_news
from rules.calendar import Blackout, closed_weeks, start_of_week
from rules.outlook import Outlook
from rules.parameters import Parameters
from rules.past_waves import past_waves
from rules.progress import Progress
from rules.prospects import Prospects, assumptions, usual_rate
from rules.releases import features_of
from store.roadmap import RoadmapFeature
from store.session import Reading

A_WEEK = timedelta(weeks=1)
DECIMALS = 1
"""Of a location in the picture: finer than that nothing can be seen."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that any topic says of a scope: its figures, what the scope is called, and the picture's.

    Gathered once, it serves every channel that speaks of this scope since the same moment.
    """

    scope: Scope
    figures: Figures
    about: str
    picture: Json | None

    def content(self, topic: Topic, last: Content | None = None) -> Content:
        """What is announced about a topic; what became of features is told since the `last` content."""
        told = with_news(self.figures, last)
        made = announcement(topic, self.scope, told)
        return Content.of(made, told, about=self.about, picture=self.picture)


async def gathered(
    reading: Reading, scope: Scope, *, today: date, since: datetime | None = None
) -> Gathered:
    """What is known of a scope today; tries and failures are those told `since` the last announcement.

    Before the first announcement these are those of a week.
    """
    week = start_of_week(today)
    parameters = await reading.parameters.current()
    progress, waiting = await _progress(reading, scope, today)
    ahead = await _ahead(reading, scope, progress, today, parameters)
    told_since = since or datetime.combine(today - A_WEEK, time(), UTC)
    figures = Figures(
        week=week,
        to_move=progress.to_move,
        moved=progress.moved,
        waiting=waiting,
        has_plan=await reading.plans.in_force() is not None,
        tried=await reading.scoped.tried(scope, told_since),
        waves=await _waves(reading, scope, week),
        features=await _features(reading, scope, today),
        causes=await reading.scoped.causes(scope, told_since),
        closed=await _closed(reading, scope, week, parameters),
        finishes=_finishes(ahead),
        past=past_waves(progress, week),
    )
    return Gathered(scope, figures, await called(reading, scope), _picture(progress, ahead))


async def called(reading: Reading, scope: Scope) -> str:
    """What a scope is called: a CSA's or a feature's name, or a region; empty where it is of all."""
    match scope.breadth:
        case Breadth.everything:
            return ""
        case Breadth.csa:
            return (await reading.called.csas([scope.of]))[scope.of]
        case Breadth.feature:
            known = await reading.migration.features([scope.of])
            return known[scope.of].name if scope.of in known else scope.of
    return scope.of


async def _progress(reading: Reading, scope: Scope, today: date) -> tuple[Progress, int]:
    """How far those in scope are, and how many of them wait for features without a week."""
    if scope.breadth is not Breadth.everything:
        return await reading.scoped.progress(scope, today)
    progress = await reading.migration.progress()
    waiting = sum(
        without.locations for without in progress.without_week if features_of(without.reason)
    )
    return progress, waiting


async def _ahead(
    reading: Reading, scope: Scope, progress: Progress, today: date, parameters: Parameters
) -> Prospects | None:
    """How it may go on; the rate of success is that of all tries, for those of a few tell little."""
    given = assumptions(progress, Outlook(), today, parameters)
    if given and scope.breadth is not Breadth.everything:
        whole = await reading.migration.progress()
        given = replace(given, rate=usual_rate(whole, parameters))
    return await looked_ahead(given) if given and given.goes_on else None


def _finishes(ahead: Prospects | None) -> tuple[tuple[float, date | None], ...]:
    if ahead is None:
        return ()
    return tuple((share, ahead.finish_by(share)) for share in TOLD)


async def _waves(reading: Reading, scope: Scope, week: date) -> tuple[Wave, ...]:
    """The wave of this week, and the first later one that has anybody in scope."""
    coming = await reading.scoped.next_week(scope, week)
    found = [await reading.scoped.wave(each) for each in (week, coming) if each]
    return tuple(wave for wave in found if wave)


async def _features(reading: Reading, scope: Scope, today: date) -> tuple[Feature, ...]:
    known = await reading.roadmap.features()
    if scope.breadth is Breadth.everything:
        waiting: Mapping[str, int] = {each.key: each.locations for each in known}
    else:
        waiting = await reading.scoped.waiting(scope)
    return tuple(_feature(each, waiting.get(each.key, 0), today) for each in known)


def _feature(feature: RoadmapFeature, waiting: int, today: date) -> Feature:
    is_there = feature.is_released(today)
    return Feature(
        feature.key,
        feature.name,
        target_on=feature.target_on,
        released_on=feature.released_on if is_there else None,
        locations=0 if is_there else waiting,
    )


async def _closed(
    reading: Reading, scope: Scope, week: date, parameters: Parameters
) -> dict[date, str]:
    """Why this week is closed to all in scope, by its Monday; empty where it is open to anybody."""
    blackouts = await reading.roadmap.blackouts(week)
    if not blackouts:
        return {}
    regions = await _regions(reading, scope)
    closed = closed_weeks(blackouts, regions, week, 1, parameters.blackout_days)
    if not regions or not closed.all():
        return {}
    return {week: _why(blackouts, week)}


async def _regions(reading: Reading, scope: Scope) -> Sequence[str]:
    if scope.breadth is Breadth.region:
        return [scope.of]
    if scope.breadth is not Breadth.everything:
        return await reading.scoped.regions(scope)
    alike = await reading.roadmap.alike()
    return [region or "" for region in alike["region"].unique().to_list()]


def _why(blackouts: Sequence[Blackout], week: date) -> str:
    """What the longest of the blackouts in a week is called."""
    here = [each for each in blackouts if each.starts < week + A_WEEK and each.ends >= week]
    by_days = sorted(here, key=lambda each: (_days_in(each, week), each.why))
    return by_days[-1].why


def _days_in(closed: Blackout, week: date) -> int:
    return (min(closed.ends, week + A_WEEK) - max(closed.starts, week)).days


def _picture(progress: Progress, ahead: Prospects | None) -> Json | None:
    """All that can be seen in the picture, and the digest that stands for it."""
    if not progress.waves:
        return None
    seen: Json = {
        "total": progress.to_move,
        "marks": [[mark.week.isoformat(), mark.planned, mark.moved] for mark in progress.marks],
        "fan": [
            [mark.week.isoformat(), [round(moved, DECIMALS) for moved in mark.moved]]
            for mark in (ahead.fan if ahead else ())
        ],
        "finishes": [[share, week.isoformat()] for share, week in _finishes(ahead) if week],
    }
    return {"digest": stands_for(["announced", seen]), **seen}
