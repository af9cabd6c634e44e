"""The date of a customer or location as people read it: one line, the facts, what could change it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from slack_sdk.models.blocks import Block

from handlers import account_words
from handlers.account_words import moved_instead, told_below
from handlers.blocks import Mrkdwn, Words, context, day, facts, lines, section
from handlers.shortening import LONGEST_LINE, NAME_LENGTHS, fits, short
from handlers.timeline import WHY
from rules.account import Account, account
from rules.calendar import Blackout, week_of, week_zero
from rules.finding import Named
from rules.question import CHURNED
from rules.schedule import (
    BlackoutNear,
    Facts,
    FeatureNotReleased,
    RequiredFeature,
    Risk,
    Schedule,
    schedule,
)
from store.parameters import usable
from store.plans import MoveReason
from store.schedule import NeededFeature, Scheduled
from store.session import Reading

__all__ = ["LONGEST_LINE", "NAME_LENGTHS", "Dated", "answer_blocks", "look_up", "short"]
MOST_RISKS = 12
MOST_WEEKS = 20
LONGEST_REASON = 100


@dataclass(frozen=True)
class Dated:
    """What is known of a date, and what the rules make of it today.

    `floor` is the priority that it has at least, where we moved it back too often.
    """

    known: Scheduled
    schedule: Schedule
    today: date
    floor: float | None = None

    @property
    def account(self) -> Account | None:
        """What became of its locations in their waves, where any was started with some of them."""
        return self.schedule.account

    @property
    def named(self) -> Named:
        """Whose date it is."""
        known = self.known
        kind = "location" if known.location_id else "customer"
        return Named(kind, known.location_id or known.customer_id, known.customer_id, known.name)

    @cached_property
    def words(self) -> Words:
        """All that can be said about it, with names as long as the first line has room for."""
        fitting = (self._worded(most) for most in NAME_LENGTHS)
        return next(
            (words for words in fitting if fits(words["line"])), self._worded(NAME_LENGTHS[-1])
        )

    @property
    def awaited(self) -> list[FeatureNotReleased]:
        """The features it waits for, the last to come first."""
        unreleased = [risk for risk in self.schedule.risks if isinstance(risk, FeatureNotReleased)]
        return sorted(unreleased, key=lambda feature: feature.target or date.max, reverse=True)

    @property
    def words_of_page(self) -> Words:
        """The same for who reads it outside of Slack, where a CSA is a name."""
        return self._worded(NAME_LENGTHS[0], mentions=False)

    def _worded(self, longest_name: int, *, mentions: bool = True) -> Words:
        known = self.known
        return Words(
            "schedule",
            name=short(known.name, longest_name),
            whole_name=known.name,
            schedule=self.schedule,
            id=known.location_id or known.customer_id,
            is_location=known.location_id is not None,
            customer_name=known.customer_name,
            csa_person=known.csa_person if mentions else None,
            csa_name=known.csa_name,
            csa_email=known.csa_email,
            locations=known.locations,
            active=known.active,
            placed=known.placed,
            parts=known.parts[:MOST_WEEKS],
            more_parts=len(known.parts[MOST_WEEKS:]),
            several_parts=len(known.parts) > 1,
            planned_on=known.planned_on,
            awaited=self.awaited,
            awaited_name=short(self.awaited[0].name, longest_name) if self.awaited else "",
            is_over=self.schedule.is_over(self.today),
            became=self.account.told if self.account else None,
            move=known.last_move,
            punts=known.punts,
            punted_for=_by_most(known.punted_for),
            floor=self.floor,
            plain_weeks=_plain_weeks(self.schedule.dates),
        )

    @cached_property
    def _first(self) -> tuple[Words, str]:
        """The words of the first line, and the name of their block."""
        if self.account and self.schedule.is_told_by_account:
            return account_words.line(self.account, self.known.name), "line"
        move, dates = self.known.last_move, self.schedule.dates
        if move and move.from_week <= self.today and dates == (move.to_week,):
            why, by = WHY[MoveReason(move.reason)], move.by
            return moved_instead(self.known.name, dates[0], move.from_week, why, by), "instead"
        return self.words, "line"

    @cached_property
    def line(self) -> Mrkdwn:
        """The first line, which answers."""
        words, block = self._first
        return words[block]

    @property
    def plain_line(self) -> str:
        """The first line for who reads it outside of Slack."""
        words, block = self._first
        return words.plain(block)


async def look_up(reading: Reading, named: Named, today: date) -> Dated | None:
    """The date of what was found; None where it is gone meanwhile."""
    schedules = reading.schedules
    is_customer = named.kind == "customer"
    known = await (schedules.of_customer if is_customer else schedules.of_location)(named.id)
    if known is None:
        return None
    return Dated(known, judged(known, today), today, _floor(known))


def _floor(known: Scheduled) -> float | None:
    chosen = usable(known.parameters).priority
    return chosen.floor if known.punts >= chosen.punts_to_floor else None


def judged(known: Scheduled, today: date) -> Schedule:
    """What the rules say of these facts today."""
    first_monday = week_zero(today)
    return schedule(
        Facts(
            first_monday=first_monday,
            parts=tuple((week_of(part.week, first_monday), part.locations) for part in known.ahead),
            is_planned=bool(known.bindings),
            is_churned=CHURNED in known.bindings,
            features=tuple(map(_required, known.features)),
            blackouts=tuple(
                Blackout(closed.region, closed.from_date, closed.to_date, closed.why)
                for closed in known.blackouts
            ),
            csa=known.csa_name or known.csa_email,
            is_offboarded=known.active == 0,
            account=account(known.runs, known.to_move, [part.week for part in known.ahead], today),
        ),
        today,
        usable(known.parameters),
    )


def answer_blocks(dated: Dated) -> list[Block]:
    """The answer without its buttons."""
    words = dated.words
    blocks: list[Block] = [
        section(dated.line),
        facts(
            ("Wave", words["wave"]),
            ("Confidence", words["confidence"]),
            ("Location" if dated.known.location_id else "Locations", words["locations"]),
            ("CSA", words["csa"]),
        ),
    ]
    if dated.account:
        blocks += map(section, lines(told_below(dated.account)))
    if dated.schedule.risks:
        blocks += map(section, lines([words["risks_heading"], *_risks(dated.schedule.risks)]))
    if dated.known.last_move:
        blocks.append(context(words["moved"]))
    if dated.known.punts:
        blocks.append(context(words["punted"]))
    return blocks


def plain_risks(dated: Dated) -> list[str]:
    """What could change the date, or what it waits for, each in plain words."""
    said = map(_risk, dated.schedule.risks)
    return [words.plain(block).removeprefix("• ") for words, block in said]


def _required(feature: NeededFeature) -> RequiredFeature:
    return RequiredFeature(
        feature.key, feature.name, feature.target_on, feature.released_on, feature.slips
    )


def _risks(risks: tuple[Risk, ...]) -> list[Mrkdwn]:
    shown = [words[block] for words, block in map(_risk, risks[:MOST_RISKS])]
    more = len(risks[MOST_RISKS:])
    return [*shown, Words("schedule", more=more)["more_risks"]] if more else shown


def _risk(risk: Risk) -> tuple[Words, str]:
    """The words of a risk, and the name of their block."""
    match risk:
        case FeatureNotReleased():
            return Words("schedule", risk=risk, feature=short(risk.name)), "feature_risk"
        case BlackoutNear(blackout):
            why = short(blackout.why, LONGEST_REASON)
            return Words("schedule", risk=risk, blackout=blackout, why=why), "blackout_risk"
    return Words("schedule", risk=risk), "weeks_risk"


def _plain_weeks(dates: tuple[date, ...]) -> str:
    if not dates:
        return ""
    if len(dates) == 1:
        return f"in the week of {day(dates[0])}"
    return (
        f"over {len(dates)} weeks, from the week of {day(dates[0])} to the week of {day(dates[-1])}"
    )


def _by_most(punted_for: Mapping[str, int]) -> list[tuple[str, int]]:
    """Why we moved it back and how often, the most frequent first."""
    return sorted(punted_for.items(), key=lambda each: (-each[1], each[0]))
