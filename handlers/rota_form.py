"""Changing the rota: who takes turns, and who stands in. The modals, and what the command line shares."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    DatePickerElement,
    Option,
    StaticMultiSelectElement,
    StaticSelectElement,
)

from handlers.blocks import Words, built, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.duty import Duty, duty
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note, nothing, show
from handlers.rota import days_of
from handlers.triage_settings import called, set_up
from rules.roles import Role
from rules.rota import ImpossibleRota, Override
from rules.triage import Triage
from store.audit import Change
from store.outbox import Message
from store.session import Store, Transaction

CAUSE = "rota"
MOST_OFFERED = 100
MAY_NOT = "{name} may not decide escalations. Give them the role lead first."
PAST = "This day is over. Choose one that is still to come."
GONE = "It is gone already, so nothing was changed."


# Who takes turns


@action("rota_change", role=Role.lead)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """Who takes turns, to be changed."""
    async with store.reading(consistent=True) as reading:
        await ask.open(form(await duty(reading, ask.now)))
    return nothing()


def form(now: Duty) -> dict[str, object]:
    """Those who may decide, in the order of their turns from this week on."""
    choices = {each: option(name, each) for each, name in _offered(now)}
    turns = [choices[each] for each in in_order(now) if each in choices]
    who = StaticMultiSelectElement(
        placeholder=plain("Choose leads"),
        action_id="rota_turns",
        options=list(choices.values()),
        initial_options=turns or None,
    )
    since = now.triage.turn_begins(now.now)
    hint = Words("rota", since=since).plain("order_note")
    field = ask_for("They take turns", who, block_id="turns", hint=hint, optional=True)
    return modal(
        "rota",
        "Who is on duty",
        [field],
        submit="Save",
        close="Cancel",
        kept=str(now.set_up.version),
    )


@submission("rota", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Let these take turns from this week on."""
    filled = ask.filled
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        based_on = int(filled.private_metadata)
        saved = await take_turns(tx, filled.several("turns"), based_on=based_on)
        said = section(Words("rota", people=saved.turns)["saved"])
        return tx.answers(show(modal("rota_saved", "Who is on duty", [said])))


async def take_turns(
    tx: Transaction, people: Sequence[str], *, based_on: int | None = None
) -> Triage:
    """Let these people take turns, the first of them from this week on; the new ones hear of it.

    Raises:
        Refused: somebody may not decide, or nothing is different.
        UnfitTriage: somebody is named twice.
    """
    now = await duty(tx, await tx.clock.now())
    for person in people:
        if person not in now.names:
            raise Refused(MAY_NOT.format(name=await called(tx, person)))
    since = now.triage.turn_begins(now.now)
    saved = await set_up(tx, {"turns": tuple(people), "turns_from": since}, based_on=based_on)
    turns = saved.rota().coming(now.now, len(people))
    for turn in turns:
        if turn.person not in now.triage.turns and turn.person != tx.actor:
            first = turn.begins.astimezone(ZoneInfo(saved.zone)).date()
            words = Words("rota", by=tx.actor, is_now=turn.begins <= now.now, since=first)[
                "your_turn"
            ]
            tx.say(Message(turn.person, words, built(section(words)), cause=CAUSE))
    return saved


def in_order(now: Duty) -> list[str]:
    """Those who take turns, from the one whose week it is."""
    return [turn.person for turn in now.rota.coming(now.now, len(now.triage.turns))]


# Standing in


@action("rota_stand_in", role=Role.lead)
async def open_standing_in(ask: Interaction, store: Store) -> Reply:
    """Who stands in, and on which days."""
    async with store.reading(consistent=True) as reading:
        await ask.open(stand_in_form(await duty(reading, ask.now)))
    return nothing()


def stand_in_form(now: Duty) -> dict[str, object]:
    """A person and two days."""
    offered: list[Option] = [option(name, each) for each, name in _offered(now)]
    who = StaticSelectElement(
        placeholder=plain("Choose a lead"), action_id="rota_person", options=offered
    )
    today = now.now.astimezone(ZoneInfo(now.triage.zone)).date().isoformat()
    first = DatePickerElement(action_id="rota_first", initial_date=today)
    last = DatePickerElement(action_id="rota_last", initial_date=today)
    hint = Words("rota", zone=now.triage.zone).plain("days_note")
    fields = [
        ask_for("Who stands in", who, block_id="person"),
        ask_for("From", first, block_id="first"),
        ask_for("To", last, block_id="last", hint=hint),
    ]
    return modal("rota_stand_in", "Somebody stands in", fields, submit="Save", close="Cancel")


@submission("rota_stand_in", role=Role.lead)
async def submit_standing_in(ask: Interaction, store: Store) -> Reply:
    """Let somebody stand in on these days."""
    filled = ask.filled
    first, last = filled.day("first") or ask.today, filled.day("last") or ask.today
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            stands_in = await stand_in(tx, filled.chosen("person") or "", first, last)
        except Refused as refused:
            raise FormErrors({"last": refused.plain}) from refused
        triage = (await tx.triage.now()).triage
        words = Words("rota", **asdict(days_of(stands_in, ZoneInfo(triage.zone))))["stands_in"]
        return tx.answers(show(modal("rota_saved", "Somebody stands in", [section(words)])))


async def stand_in(tx: Transaction, person: str, first: date, last: date) -> Override:
    """Let somebody be on duty from one day to another, both included; they hear of it.

    Raises:
        Refused: they may not decide, or the days are over or the wrong way round.
    """
    now = await duty(tx, await tx.clock.now())
    if person not in now.names:
        raise Refused(MAY_NOT.format(name=await called(tx, person)))
    try:
        override = now.triage.whole_days(person, first, last)
    except ImpossibleRota as impossible:
        raise Refused("The last day is before the first. Choose a later one.") from impossible
    if override.ends <= now.now:
        raise Refused(PAST)
    number = await tx.triage.stand_in(override, by=tx.actor)
    tx.audit(Change("stand-in made", f"stand-in {number}", after=_kept(override)))
    await _tell(tx, override, "you_stand_in", now.triage)
    return override


@action("rota_take_back", role=Role.lead)
async def take_back_chosen(ask: Interaction, store: Store) -> Reply:
    """Somebody does not stand in after all."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await take_back(tx, number_in(ask.value))
        words = "Taken back: the rota holds again for these days."
        return tx.answers(note(built(section(words)), words, replaces=False))


async def take_back(tx: Transaction, number: int) -> Override:
    """Let somebody not stand in after all; they hear of it. Raises Refused where it is gone."""
    override = await tx.triage.take_back(number)
    if override is None:
        raise Refused(GONE)
    tx.audit(Change("stand-in taken back", f"stand-in {number}", before=_kept(override)))
    await _tell(tx, override, "you_are_free", (await tx.triage.now()).triage)
    return override


async def _tell(tx: Transaction, override: Override, what: str, triage: Triage) -> None:
    if override.person == tx.actor:
        return
    words = Words("rota", by=tx.actor, **asdict(days_of(override, ZoneInfo(triage.zone))))[what]
    tx.say(Message(override.person, words, built(section(words)), cause=CAUSE))


def _kept(override: Override) -> dict[str, object]:
    return {
        "person": override.person,
        "begins_at": override.begins.isoformat(),
        "ends_at": override.ends.isoformat(),
    }


def _offered(now: Duty) -> list[tuple[str, str]]:
    """Those who may decide, those who take turns first: a menu has room for a hundred."""
    turns = now.triage.turns
    every = sorted(now.names.items(), key=lambda each: (each[0] not in turns, each[1].casefold()))
    return every[:MOST_OFFERED]
