"""A feature gets another date or is released: a lead says so and why, and those concerned hear of it."""

import json
from dataclasses import dataclass
from datetime import date

import polars as pl
from slack_sdk.models.blocks import (
    DatePickerElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from handlers import feature_news
from handlers.blocks import Words, context, modal, option, section
from handlers.blocks import question as ask_for
from handlers.concerned import tell_concerned
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.feature import LONGEST_NAME, named
from handlers.importing import ImportingNow
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, show
from rules.columns import Kind
from rules.feature_dates import FeatureDates, ImpossibleDate, Outcome, changed
from rules.roles import Role
from store.audit import Change
from store.import_entries import Origin
from store.import_lock import ImportGoingOn, take_turn
from store.importing import keep
from store.loading import Comparison
from store.roadmap import RoadmapFeature
from store.roadmap_entries import tell_who_waits
from store.session import Store, Transaction
from store.sheets import kept_schema
from store.slips import add_slips, slips

LONGEST_REASON = 300
OUTCOMES = {
    Outcome.planned: "It is planned for another day",
    Outcome.released: "It is released",
    Outcome.undated: "It has no date any more",
}
OTHERWISE = (
    "{name} was changed meanwhile, so nothing was kept. Look at it again and change it then."
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a lead wants a feature's date to be, and why; `was` is what they were shown."""

    key: str
    was: FeatureDates
    outcome: Outcome
    on: date | None
    reason: str


@action("feature_date", role=Role.lead)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """Open the form with the date that holds now."""
    async with store.reading() as reading:
        feature = await named(reading, ask.value)
    await ask.open(form(feature, ask.today))
    return nothing()


@submission("feature_date", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Change the date, and say what follows from it."""
    wish = filled_in(ask)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            feature, plan = await change_date(tx, wish, today=ask.today)
        except ImpossibleDate as problem:
            field = "on" if problem.is_of_day else "outcome"
            raise FormErrors({field: str(problem)}) from problem
        words = Words(
            "roadmap",
            feature=feature,
            name=short(feature.name, LONGEST_NAME),
            today=ask.today,
        )
        said = [section(each) for each in (words["line"], words["changed"], plan) if each]
        return tx.answers(show(modal("feature_date_kept", "Change its date", said)))


async def change_date(
    tx: Transaction, wish: Wish, *, today: date
) -> tuple[RoadmapFeature, str | None]:
    """Give a feature another date: what every door shares.

    Its followers, and the owners and followers of customers that wait for it, hear of it; a slip is
    kept for good; a draft of a new plan is asked for. Returns the feature as it is then, and what to
    say of the draft.

    Raises:
        ImpossibleDate: the date cannot be, or nothing would change.
        Refused: it has another date by now than was shown, or is gone.
        ImportingNow: somebody imports just now.
    """
    try:
        await take_turn(tx.connection, tx.actor)
    except ImportGoingOn as other:
        raise ImportingNow(other.actor) from other
    feature = await named(tx, wish.key)
    was = FeatureDates(feature.target_on, feature.released_on)
    if was != wish.was or not feature.is_known:
        raise Refused(OTHERWISE.format(name=feature.name))
    now = changed(was, wish.outcome, wish.on, today)
    plan = await _write(tx, feature, was, now, wish.reason)
    tx.audit(
        Change(
            action="feature date changed",
            subject=f"feature {feature.key}",
            before=_written(was),
            after=_written(now),
            reason=wish.reason,
        )
    )
    return await named(tx, wish.key), plan


async def _write(
    tx: Transaction, feature: RoadmapFeature, was: FeatureDates, now: FeatureDates, why: str
) -> str | None:
    """The row, its slip, the timeline of who waits, the news and a draft: as an import would."""
    at = await tx.clock.now()
    before, after = (_row(feature, dates) for dates in (was, now))
    found = Comparison(added=after.clear(), changed=after, vanished=after.clear(), before=before)
    await keep(tx.connection, Kind.features, found, Origin(tx.actor, "", at))
    slipped = slips([before, after])
    await add_slips(tx.connection, slipped)
    await tell_who_waits(tx.connection, slipped, found, tx.actor, at)
    news = await feature_news.news_of(tx, found, at.date(), why=why)
    await tell_concerned(tx, f"feature {feature.key} {at.isoformat()}", news)
    await feature_news.tell_channels(tx, found, at, why=why)
    return await feature_news.have_replanned(tx, found)


def _row(feature: RoadmapFeature, dates: FeatureDates) -> pl.DataFrame:
    values = {
        "key": feature.key,
        "name": feature.name,
        "target_release_on": dates.target,
        "released_on": dates.released,
    }
    return pl.DataFrame([values], schema=kept_schema(Kind.features))


def _written(dates: FeatureDates) -> dict[str, str | None]:
    return {
        "target": dates.target.isoformat() if dates.target else None,
        "released": dates.released.isoformat() if dates.released else None,
    }


def form(feature: RoadmapFeature, today: date) -> dict[str, object]:
    """What became of its date, the day, and why."""
    outcomes = [option(words, outcome) for outcome, words in OUTCOMES.items()]
    outcome = StaticSelectElement(
        options=outcomes, initial_option=outcomes[0], action_id="feature_date_outcome"
    )
    day = DatePickerElement(action_id="feature_date_on")
    reason = PlainTextInputElement(
        action_id="feature_date_reason", multiline=True, max_length=LONGEST_REASON
    )
    words = Words("roadmap", feature=feature, name=short(feature.name, LONGEST_NAME), today=today)
    shown = FeatureDates(feature.target_on, feature.released_on)
    return modal(
        "feature_date",
        "Change its date",
        [
            section(words["line"]),
            ask_for("What is new?", outcome, block_id="outcome"),
            ask_for(
                "Day",
                day,
                block_id="on",
                hint="Released and left empty: today.",
                optional=True,
            ),
            ask_for("Why?", reason, block_id="reason", hint="People read it with the new date."),
            context(words["who_hears"]),
        ],
        submit="Change",
        kept=json.dumps({"key": feature.key, **_written(shown)}),
    )


def filled_in(ask: Interaction) -> Wish:
    """What the form says.

    Raises:
        FormErrors: no reason was given.
    """
    reason = " ".join(ask.filled.typed("reason").split())
    if not reason:
        raise FormErrors({"reason": "Say in a few words why: people read it with the new date."})
    shown = json.loads(ask.filled.private_metadata)
    target, released = (
        date.fromisoformat(shown[name]) if shown[name] else None for name in ("target", "released")
    )
    return Wish(
        shown["key"],
        FeatureDates(target, released),
        Outcome(ask.filled.chosen("outcome") or Outcome.planned),
        ask.filled.day("on"),
        reason,
    )
