"""Why this date? What decides it, and what would bring it forward: for the asker, and for all to see."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import (
    Words,
    actions,
    built,
    button,
    context,
    escape,
    lines,
    modal,
    section,
)
from handlers.choices import GONE, look_up_another, named
from handlers.doors import action
from handlers.errors import Refused
from handlers.escalate_button import escalate_button
from handlers.interaction import Interaction
from handlers.passing_on import channel_to_post_in, tell_button
from handlers.plan_places import InPlan, in_plan
from handlers.reply import Reply, note, push
from handlers.why_words import Reasons, changes_for, reasons_of, rows_named
from rules.finding import Named
from rules.following import Kind, Subject
from rules.roles import Role
from store.interactions import InteractionKey
from store.outbox import Message
from store.session import Reading, Store


@action("why_date", role=Role.viewer)
async def why_this_date(ask: Interaction, store: Store) -> Reply:
    """What decides a date, below the answer that it was asked of; laid over a modal that asks."""
    async with store.reading(consistent=True) as reading:
        reasons = await reasons_for(reading, named(ask.value), ask.today)
    if ask.in_modal or not ask.channel:
        blocks = [section(reasons.line["line_one"]), *reason_blocks(reasons)]
        return push(modal("why_said", "Why this date", blocks))
    return answered(reasons, ask.value, ask, replaces=False)


def answered(reasons: Reasons, value: str, ask: Interaction, *, replaces: bool = True) -> Reply:
    """The reasons of a date, with where to go on."""
    line = reasons.line["line_one"]
    post = [button("Post here for all", "why_post", value)] if ask.in_channel else []
    row = actions(*post, escalate_button(value), tell_button(value), look_up_another())
    blocks = built(section(line), *reason_blocks(reasons), row)
    return note(blocks, line, replaces=replaces)


@action("why_post", role=Role.viewer)
async def post(ask: Interaction, store: Store) -> Reply:
    """Show the reasons to the whole channel, once, however often it is pressed."""
    once = InteractionKey.of("button", f"{ask.name}:{ask.channel}:{ask.message}:{ask.value}", b"")
    async with store.transaction(once, actor=ask.person.id) as tx:
        channel = await channel_to_post_in(tx, ask)
        reasons = await reasons_for(tx, named(ask.value), ask.today)
        line = reasons.line["line_one"]
        by = context(Words("why", person=ask.person.id)["shared_by"])
        blocks = built(section(line), *reason_blocks(reasons), by)
        tx.say(Message(channel, line, blocks, cause="why posted"))
        done = Words("why", channel=channel)["posted"]
        row = actions(tell_button(ask.value), look_up_another())
        return tx.answers(note(built(section(line), context(done), row), line))


async def reasons_for(reading: Reading, which: Named, today: date) -> Reasons:
    """Why one has its date, from the plan in force.

    Raises:
        Refused: it is gone meanwhile.
    """
    found = await in_plan(reading, which, today)
    if found is None:
        raise Refused(GONE)
    changes = await asyncio.to_thread(changes_for, found)
    return reasons_of(found, await names_of(reading, found, rows_named(changes)), changes)


async def names_of(reading: Reading, found: InPlan, rows: Sequence[int]) -> Mapping[int, str]:
    """The names of the customers that these rows of the plan are parts of."""
    if found.asked is None or not rows:
        return {}
    customers = found.asked.parts["customer_id"]
    ids = {row: str(customers[row]) for row in rows}
    subjects = {row: Subject(Kind.customer, customer) for row, customer in ids.items()}
    names = await reading.subscriptions.names(list(subjects.values()))
    return {row: names.get(subject, subject.id) for row, subject in subjects.items()}


def reason_blocks(reasons: Reasons) -> list[Block]:
    """The reasons below the first line."""
    words = Words("why")
    texts = [f"{words['decides_heading']}\n{escape(reasons.decides)}"]
    if reasons.forward:
        marked = [f"• {escape(each)}" for each in reasons.forward]
        told = lines(marked if reasons.is_tried else [escape(each) for each in reasons.forward])
        texts += ["\n".join([words["forward_heading"], *told])]
    if reasons.priority:
        punts = [escape(reasons.punts)] if reasons.punts else []
        texts.append("\n".join([words["priority_heading"], escape(reasons.priority), *punts]))
    tried = [words.plain("tried")] if reasons.is_tried else []
    notes = context(escape(" ".join([*reasons.notes, *tried])))
    return [*map(section, texts), notes]


def why_button(value: str) -> ButtonElement:
    """The button that asks why a date is what it is."""
    return button("Why this date?", "why_date", value)
