"""The date of a customer or location as people read it: one line, the facts, what could change it."""

from dataclasses import dataclass
from datetime import date

from slack_sdk.models.blocks import Block

from handlers.blocks import Mrkdwn, Words, context, day, escape, facts, section
from rules.calendar import Blackout, week_of, week_zero
from rules.schedule import (
    BlackoutNear,
    Facts,
    FeatureNotReleased,
    RequiredFeature,
    Risk,
    Schedule,
    schedule,
)
from store.schedule import NeededFeature, Scheduled
from store.search import Named
from store.session import Reading

LONGEST_NAME = 60
"""Longer names are shortened in the first line, which has 120 characters in all."""


@dataclass(frozen=True, slots=True)
class Dated:
    """What is known of a date, and what the rules make of it today."""

    known: Scheduled
    schedule: Schedule

    @property
    def words(self) -> Words:
        """All that can be said about it."""
        known = self.known
        return Words(
            "schedule",
            name=short(known.name),
            schedule=self.schedule,
            is_location=known.location_id is not None,
            customer_name=known.customer_name,
            csa_person=known.csa_person,
            csa_name=known.csa_name,
            csa_email=known.csa_email,
            locations=known.locations,
            active=known.active,
            placed=known.placed,
            parts=known.parts,
            planned_on=known.planned_on,
            waits_for=Mrkdwn(
                ", ".join(_awaited(risk) for risk in self.schedule.risks if _waits(risk))
            ),
            risks=[_risk(risk) for risk in self.schedule.risks],
            move=known.last_move,
            plain_weeks=_plain_weeks(self.schedule.dates),
        )

    @property
    def line(self) -> Mrkdwn:
        """The first line, which answers."""
        return self.words["line"]


async def look_up(reading: Reading, named: Named, today: date) -> Dated | None:
    """The date of what was found; None where it is gone meanwhile."""
    schedules = reading.schedules
    is_customer = named.kind == "customer"
    known = await (schedules.of_customer if is_customer else schedules.of_location)(named.id)
    return Dated(known, judged(known, today)) if known else None


def judged(known: Scheduled, today: date) -> Schedule:
    """What the rules say of these facts today."""
    first_monday = week_zero(today)
    return schedule(
        Facts(
            first_monday=first_monday,
            parts=tuple((week_of(part.week, first_monday), part.locations) for part in known.parts),
            is_planned=bool(known.bindings),
            features=tuple(map(_required, known.features)),
            blackouts=tuple(
                Blackout(closed.region, closed.from_date, closed.to_date, closed.why)
                for closed in known.blackouts
            ),
            csa=known.csa_name or known.csa_email,
            is_offboarded=known.active == 0,
        ),
        today,
    )


def answer_blocks(dated: Dated) -> list[Block]:
    """The answer without its buttons."""
    words = dated.words
    blocks: list[Block] = [
        section(words["line"]),
        facts(
            ("Wave", words["wave"]),
            ("Confidence", words["confidence"]),
            ("Location" if dated.known.location_id else "Locations", words["locations"]),
            ("CSA", words["csa"]),
        ),
    ]
    if dated.schedule.risks and dated.schedule.dates:
        blocks.append(section(f"*What could change it*\n{words['risks']}"))
    if dated.known.last_move:
        blocks.append(context(words["moved"]))
    return blocks


def short(name: str, most: int = LONGEST_NAME) -> str:
    """A name that fits into a line."""
    return name if len(name) <= most else name[: most - 1].rstrip() + "…"


def _required(feature: NeededFeature) -> RequiredFeature:
    return RequiredFeature(
        feature.key, feature.name, feature.target_on, feature.released_on, feature.slips
    )


def _waits(risk: Risk) -> bool:
    return isinstance(risk, FeatureNotReleased)


def _awaited(risk: Risk) -> str:
    if not isinstance(risk, FeatureNotReleased):
        return ""
    when = f"planned for {day(risk.target)}" if risk.target else "no date yet"
    return f"*{escape(risk.name)}* ({when})"


def _risk(risk: Risk) -> Mrkdwn:
    words = Words("schedule", risk=risk)
    match risk:
        case FeatureNotReleased():
            return words["feature_risk"]
        case BlackoutNear():
            return words["blackout_risk"]
    return words["weeks_risk"]


def _plain_weeks(dates: tuple[date, ...]) -> str:
    if not dates:
        return ""
    if len(dates) == 1:
        return f"the week of {day(dates[0])}"
    return f"{len(dates)} weeks, from the week of {day(dates[0])} to the week of {day(dates[-1])}"
