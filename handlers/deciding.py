"""What else triage does with an escalation: decline, ask, hand over, and weigh another day."""

from slack_sdk.models.blocks import DatePickerElement, StaticSelectElement

from handlers.approving import (
    DUE,
    WORDS,
    check,
    of_value,
    takeable,
    value_of,
    words_field,
)
from handlers.blocks import Words, context, modal, option, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.escalating import kept, take_step
from handlers.escalation_jobs import weigh_another_day
from handlers.interaction import Interaction
from handlers.reply import Reply, closing, nothing
from rules.escalation import Step, Taken, Who
from rules.roles import Role
from store.session import Store

TO = "to"
MOST_LEADS = 100


@action("triage_decline", role=Role.lead)
async def open_decline(ask: Interaction, store: Store) -> Reply:
    """The modal that declines."""
    return await _open(ask, store, Step.decline, "Decline")


@submission("triage_declined", role=Role.lead)
async def submit_decline(ask: Interaction, store: Store) -> Reply:
    """Decline, with the reason that the requester reads."""
    return await _submitted(ask, store, Step.decline)


@action("triage_ask", role=Role.lead)
async def open_ask(ask: Interaction, store: Store) -> Reply:
    """The modal that asks the requester."""
    return await _open(ask, store, Step.ask, "Ask")


@submission("triage_asked", role=Role.lead)
async def submit_ask(ask: Interaction, store: Store) -> Reply:
    """Ask the requester; the clock stands still until they answer."""
    return await _submitted(ask, store, Step.ask)


@action("triage_hand_over", role=Role.lead)
async def open_hand_over(ask: Interaction, store: Store) -> Reply:
    """The modal that hands it over to another lead."""
    async with store.reading(consistent=True) as reading:
        row = await takeable(reading, ask, Step.hand_over)
        has_it = row.in_hand_of or ask.person.id
        may = await reading.roles.members_who_may(Role.lead)
        leads = [each for each in may if each.id != has_it]
    if not leads:
        raise Refused(Words("deciding")["nobody_else"])
    options = [option(each.name, each.id) for each in leads[:MOST_LEADS]]
    fields = [
        ask_for("To", StaticSelectElement(action_id=TO, options=options), block_id=TO),
        words_field("Note", Words("deciding").plain("hand_over_hint")),
    ]
    view = modal(
        "triage_handed_over",
        "Hand over",
        fields,
        submit="Hand over",
        close="Cancel",
        kept=value_of(row),
    )
    await ask.open(view)
    return nothing()


@submission("triage_handed_over", role=Role.lead)
async def submit_hand_over(ask: Interaction, store: Store) -> Reply:
    """Hand it over; who gets it hears of it."""
    to = ask.filled.chosen(TO)
    if not to:
        raise FormErrors({TO: "Choose who should have it."})
    return await _submitted(ask, store, Step.hand_over, to=to)


@action("triage_weigh", role=Role.lead)
async def open_weigh(ask: Interaction, store: Store) -> Reply:
    """The modal that has another day weighed."""
    async with store.reading() as reading:
        row = await kept(reading, of_value(ask.value)[0])
    if row.state.is_decided:
        raise Refused(Words("deciding", row=row)["decided"])
    when = DatePickerElement(action_id=DUE, initial_date=row.wished_on.isoformat())
    fields = [
        ask_for("Go by", when, block_id=DUE),
        context(Words("deciding")["weigh_note"]),
    ]
    view = modal(
        "triage_weighed", "Another day", fields, submit="Weigh", close="Cancel", kept=value_of(row)
    )
    await ask.open(view)
    return nothing()


@submission("triage_weighed", role=Role.lead)
async def submit_weigh(ask: Interaction, store: Store) -> Reply:
    """Have it worked out whom that day would displace; the post shows it in a few seconds."""
    due_on = ask.filled.day(DUE)
    if due_on is None:
        raise FormErrors({DUE: "Choose a day."})
    escalation_id, _ = of_value(ask.filled.private_metadata)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        row = await kept(tx, escalation_id, for_change=True)
        if row.state.is_decided:
            words = Words("deciding", row=row)
            raise Refused(words["decided"], plain=words.plain("decided"))
        await weigh_another_day(tx, row, due_on)
        return tx.answers(closing())


async def _open(ask: Interaction, store: Store, step: Step, title: str) -> Reply:
    async with store.reading(consistent=True) as reading:
        row = await takeable(reading, ask, step)
    words = Words("deciding", row=row)
    block = step.value
    fields = [
        section(words[f"{block}_intro"]),
        words_field(words.plain(f"{block}_label"), words.plain(f"{block}_hint")),
    ]
    name = {Step.decline: "triage_declined", Step.ask: "triage_asked"}[step]
    await ask.open(modal(name, title, fields, submit=title, close="Cancel", kept=value_of(row)))
    return nothing()


async def _submitted(ask: Interaction, store: Store, step: Step, *, to: str | None = None) -> Reply:
    words = ask.filled.typed(WORDS).strip()
    if not words:
        raise FormErrors({WORDS: Words("deciding").plain("words_missing")})
    escalation_id, version = of_value(ask.filled.private_metadata)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        row = await kept(tx, escalation_id, for_change=True)
        taken = Taken(step, ask.person.id, Who.triage, version, ask.now, words, to)
        await check(tx, row, taken)
        await take_step(tx, escalation_id, taken)
        return tx.answers(closing())
