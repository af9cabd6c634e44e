"""Reasons in words: what decides a date, what would bring it forward, a priority as its parts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from handlers.blocks import Words, day
from handlers.dates import LONGEST_LINE, NAME_LENGTHS, Dated, short
from handlers.plan_places import InPlan
from rules.ahead import Mean, Place
from rules.calendar import monday_of
from rules.changing import Change
from rules.explaining import bring_forward
from rules.schedule import State

MOST_CHANGES = 4
LONGEST_NAME = 40
PARTS = ("benefit", "health", "volume", "bump")
LEAST_POINTS = 0.05


@dataclass(frozen=True)
class Reasons:
    """Why a date is what it is, as plain sentences; `short` fits into another one.

    `forward` is what would bring it forward, each `is_tried` on the plan, or why nothing would.
    """

    line: Words
    short: str
    decides: str
    forward: Sequence[str] = ()
    is_tried: bool = False
    priority: str = ""
    punts: str = ""
    notes: Sequence[str] = field(default_factory=list)


def csa_of(dated: Dated) -> str:
    """Who moves it, by name."""
    known = dated.known
    return short(known.csa_name or known.csa_email, LONGEST_NAME)


def feature_of(dated: Dated) -> str:
    """The feature that it waits for, the last to come; empty where all are released."""
    return short(dated.awaited[0].name, LONGEST_NAME) if dated.awaited else ""


def reasons_of(found: InPlan, names: Mapping[int, str], changes: Sequence[Change]) -> Reasons:
    """Why one has its date; `names` are the customers of rows that `changes` name."""
    dated, place = found.dated, found.place
    values = _values(found)
    words = Words("why", **values)
    notes = _notes(found)
    reason = words.plain("why_one")
    line = _fitting(values, reason)
    if found.asked is None:
        return Reasons(line, "", dated.plain_line, notes=notes)
    if values["in_wave"]:
        return Reasons(line, "", words.plain("decides"), notes=notes)
    return Reasons(
        line,
        reason,
        words.plain("decides"),
        forward=_forward(found, place, names, changes),
        is_tried=bool(changes),
        priority=priority_words(found.priority),
        punts=dated.words.plain("punted") if dated.known.punts else "",
        notes=notes,
    )


def _values(found: InPlan) -> dict[str, object]:
    dated, place = found.dated, found.place
    week = found.week
    release = None
    if place and found.asked and found.version:
        at = int(found.asked.problem.release[place.row])
        release = monday_of(at, found.version.first_monday) if at > 0 else None
    blackouts = [each.why for each in dated.known.blackouts if week and each.to_date < week]
    return {
        "name": dated.known.name,
        "week": week or (dated.schedule.dates[0] if dated.schedule.dates else None),
        "has_week": bool(week or dated.schedule.dates),
        "in_wave": _wave_of(dated),
        "is_known": found.asked is not None,
        "binding": place.binding if place else None,
        "left_out": found.left_out or ("offboarded" if dated.known.active == 0 else None),
        "csa": csa_of(dated),
        "feature": feature_of(dated),
        "target": dated.awaited[0].target if dated.awaited else None,
        "release": release,
        "blackout": short(blackouts[-1], LONGEST_NAME) if blackouts else "",
        "size": place.size if place else 0,
    }


def _wave_of(dated: Dated) -> date | None:
    """The Monday of the wave in which it is, or was when it migrated; None where a plan still decides."""
    is_decided = dated.schedule.state in {State.in_wave, State.migrated}
    return dated.account.first.week if dated.account and is_decided else None


def _fitting(values: dict[str, object], reason: str) -> Words:
    """The first line, with its reason and a name as long as there is room for; else without reason."""
    name = str(values["name"])
    tried = (
        Words("why", **{**values, "name": short(name, most), "reason": why})
        for why in (reason, "")
        for most in NAME_LENGTHS
    )
    shortest = Words("why", **{**values, "name": short(name, NAME_LENGTHS[-1]), "reason": ""})
    fits = (words for words in tried if len(words.plain("line_one")) <= LONGEST_LINE)
    return next(fits, shortest)


def _notes(found: InPlan) -> list[str]:
    if found.version is None:
        return [Words("why").plain("no_plan")]
    if found.asked is None:
        return [Words("why").plain("old_plan")]
    several = Words("why", parts=len(found.places)).plain("several")
    from_plan = Words("why", version=found.version).plain("from_plan")
    return [*([several] if len(found.places) > 1 else []), from_plan]


def changes_for(found: InPlan) -> list[Change]:
    """What would bring it forward, each tried on the plan, the least to ask first."""
    if found.asked is None or found.place is None:
        return []
    asked = found.asked
    return bring_forward(asked.problem, asked.plan, found.place.row, found.now)[:MOST_CHANGES]


def rows_named(changes: Sequence[Change]) -> list[int]:
    """The rows whose customers these changes name."""
    return [change.other for change in changes if change.other is not None]


def _forward(
    found: InPlan, place: Place | None, names: Mapping[int, str], changes: Sequence[Change]
) -> list[str]:
    if place is None:
        return []
    if changes:
        return [change_words(found, change, names) for change in changes]
    return [Words("why").plain(_why_no_change(found, place))]


def _why_no_change(found: InPlan, place: Place) -> str:
    """Which words say why nothing brings it forward."""
    if place.first is None or found.asked is None:
        return "no_change"
    if place.first < found.now:
        return "has_begun"
    if place.first == found.now:
        return "is_first"
    frozen = place.first < found.now + found.asked.problem.frozen_weeks
    return "frozen" if frozen else "no_change"


def change_words(found: InPlan, change: Change, names: Mapping[int, str]) -> str:
    """One change and what it would bring, as the rest of "it could go …"."""
    to, about = found.monday(change.week), found.monday(change.at)
    return Words(
        "why",
        change=change,
        to=to,
        about=about,
        in_week="in it" if about == to else f"in the week of {day(about)}",
        csa=csa_of(found.dated),
        feature=feature_of(found.dated),
        amount=int(change.amount),
        wanted=_upwards(change.amount),
        now=points(found.place.weight if found.place else 0),
        other=short(names.get(change.other, ""), LONGEST_NAME) if change.other is not None else "",
        other_to=found.monday(change.other_week) if change.other_week is not None else None,
    ).plain("change")


def priority_words(mean: Mean | None) -> str:
    """A priority as its parts."""
    if mean is None:
        return Words("why").plain("no_priority")
    return Words(
        "why",
        mean=mean,
        score=points(mean.score),
        parts=part_words(mean),
        floor=points(mean.floor or 0),
    ).plain("priority")


def part_words(mean: Mean) -> list[str]:
    """Each part of a priority that counts, with its points."""
    counted = [(part, getattr(mean, part)) for part in PARTS]
    return [
        Words("why", points=points(value)).plain(f"part_{part}")
        for part, value in counted
        if value >= LEAST_POINTS
    ]


def points(value: float) -> str:
    """Points of priority as people see them."""
    return f"{value:.1f}"


def _upwards(value: float) -> str:
    """So many points are enough, however they are rounded."""
    return f"{math.ceil(value * 10) / 10:.1f}"
