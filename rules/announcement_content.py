"""What an announcement says, as it is kept: all of it, taken at the moment at which it was due."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any, Self

from rules.announced import Cause, Customer, Feature, Figures, Past
from rules.announcement import Announcement, Empty, Part, Section
from rules.wave_life import State

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Content:
    """All parts with their whole lists, the figures in them, and what the picture shows.

    `about` is what its scope is called: a CSA's or a feature's name; empty where it speaks of all.
    What two channels say alike has the same digest, so it is kept once.
    """

    announcement: Announcement
    figures: Figures
    about: str = ""
    picture: Json | None = None

    @classmethod
    def of(
        cls,
        announcement: Announcement,
        figures: Figures,
        *,
        about: str = "",
        picture: Json | None = None,
    ) -> Self:
        """What is kept of an announcement that was made of figures: what lists it has are its parts'."""
        told = replace(figures, waves=(), features=(), causes=())
        return cls(announcement, told, about, picture if announcement.has_picture else None)

    def to_json(self) -> Json:
        """The content as it is kept."""
        return {
            "parts": [_written(part) for part in self.announcement.parts],
            "figures": _figures_written(self.figures),
            "about": self.about,
            "picture": self.picture,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """The content that was kept."""
        return cls(
            Announcement(tuple(map(_part, kept["parts"]))),
            _figures(kept["figures"]),
            kept["about"],
            kept["picture"],
        )

    @property
    def digest(self) -> str:
        """What tells one content from another: a SHA-256 of it in hexadecimal digits."""
        written = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(written.encode()).hexdigest()


def with_news(figures: Figures, last: Content | None) -> Figures:
    """The figures, with what became of each feature since a content that was announced.

    Features that it did not list are no news: whoever reads of them the first time reads their day.
    """
    if last is None:
        return figures
    before = {feature.key: feature for part in last.announcement.parts for feature in part.features}
    told = (_compared(each, before.get(each.key)) for each in figures.features)
    return replace(figures, features=tuple(told))


def _compared(feature: Feature, before: Feature | None) -> Feature:
    if before is None or before.released_on:
        return feature
    if feature.released_on:
        return replace(feature, is_new=True)
    was = before.target_on
    return replace(feature, slipped_from=was if was != feature.target_on else None)


def _written(part: Part) -> Json:
    return {
        "section": part.section,
        "empty": part.empty,
        "customers": [[each.id, each.name, each.locations, each.csa] for each in part.customers],
        "features": [asdict(each) | _days_of(each) for each in part.features],
        "causes": [[each.words, each.failures, each.open] for each in part.causes],
        "total": part.total,
        "week": _day_written(part.week),
        "state": part.state,
    }


def _part(kept: Mapping[str, Any]) -> Part:
    return Part(
        section=Section(kept["section"]),
        empty=Empty(kept["empty"]) if kept["empty"] else None,
        customers=tuple(
            Customer(id_, name, locations, csa) for id_, name, locations, csa in kept["customers"]
        ),
        features=tuple(map(_feature, kept["features"])),
        causes=tuple(Cause(*each) for each in kept["causes"]),
        total=kept["total"],
        week=_day(kept["week"]),
        state=State(kept["state"]) if kept["state"] else None,
    )


def _days_of(feature: Feature) -> Json:
    return {
        name: _day_written(getattr(feature, name))
        for name in ("target_on", "released_on", "slipped_from")
    }


def _feature(kept: Mapping[str, Any]) -> Feature:
    days = {name: _day(kept[name]) for name in ("target_on", "released_on", "slipped_from")}
    return Feature(**{**kept, **days})


def _figures_written(figures: Figures) -> Json:
    return {
        "week": figures.week.isoformat(),
        "to_move": figures.to_move,
        "moved": figures.moved,
        "waiting": figures.waiting,
        "has_plan": figures.has_plan,
        "tried": figures.tried,
        "closed": {week.isoformat(): why for week, why in figures.closed.items()},
        "finishes": [[share, _day_written(week)] for share, week in figures.finishes],
        "past": [asdict(each) | {"week": each.week.isoformat()} for each in figures.past],
    }


def _figures(kept: Mapping[str, Any]) -> Figures:
    return Figures(
        week=date.fromisoformat(kept["week"]),
        to_move=kept["to_move"],
        moved=kept["moved"],
        waiting=kept["waiting"],
        has_plan=kept["has_plan"],
        tried=kept["tried"],
        closed={date.fromisoformat(week): why for week, why in kept["closed"].items()},
        finishes=tuple((share, _day(week)) for share, week in kept["finishes"]),
        past=tuple(map(_past, kept.get("past", ()))),  # what was kept first has none
    )


def _past(kept: Mapping[str, Any]) -> Past:
    return Past(**{**kept, "week": date.fromisoformat(kept["week"])})


def _day_written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(kept: str | None) -> date | None:
    return date.fromisoformat(kept) if kept else None
