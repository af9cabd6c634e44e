"""Handing over tasks of a rollback: by who has them, or by a lead where somebody is away."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    PlainTextInputElement,
    StaticSelectElement,
    UserSelectElement,
)

from handlers.blocks import Words, modal, option
from handlers.blocks import question as ask_for
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.errors import FormErrors, NotAllowed, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, closing
from handlers.rollback_confirming import hand_over, under_way
from handlers.rollback_posts import Under
from handlers.windows import over
from rules.roles import Role
from rules.rollback import TASKS
from store.people import Person
from store.session import Reading, Store

OWNER, TASK, TO, NOTE = "owner", "task", "to", "note"
EVERYTHING = "everything"
MOST_OWNERS = 100
LONGEST_NOTE = 500


@action("rollback_hand_over", role=Role.viewer)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """Whose tasks go to whom: one's own, and for a lead everybody's."""
    async with store.reading(consistent=True) as reading:
        under = await under_way(reading, number_in(ask.value))
        owners = await _owners(reading, under, ask.person)
    if not owners:
        raise Refused(Words("rollback")["nothing_to_hand"])
    return await over(ask, form(under, owners, ask.person))


def form(under: Under, owners: Sequence[tuple[str, str]], person: Person) -> dict[str, object]:
    """The fields; `owners` are ids and names of those whose tasks may be handed over."""
    choices = [option(name, id_) for id_, name in owners]
    own = next((each for each in choices if each.value == person.id), choices[0])
    which = [option("Everything that is left", EVERYTHING)]
    which += [option(task.words, task.key) for task in TASKS]
    fields: list[Block] = [
        ask_for(
            "Whose tasks",
            StaticSelectElement(action_id=OWNER, options=choices, initial_option=own),
            block_id=OWNER,
        ),
        ask_for(
            "Which of them",
            StaticSelectElement(action_id=TASK, options=which, initial_option=which[0]),
            block_id=TASK,
        ),
        ask_for(
            "To",
            UserSelectElement(action_id=TO),
            block_id=TO,
            hint=Words("rollback").plain("hand_over_note"),
        ),
        ask_for(
            "Note",
            PlainTextInputElement(action_id=NOTE, multiline=True, max_length=LONGEST_NOTE),
            block_id=NOTE,
            optional=True,
        ),
    ]
    return modal(
        "rollback_handed_over",
        "Hand over",
        fields,
        submit="Hand over",
        close="Cancel",
        kept=str(under.number),
    )


@submission("rollback_handed_over", role=Role.viewer)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Hand them over; who gets them hears of it."""
    filled = ask.filled
    owner, task, to = filled.chosen(OWNER) or "", filled.chosen(TASK), filled.person(TO)
    words = Words("rollback")
    if owner != ask.person.id and not ask.person.may(Role.lead):
        raise NotAllowed(words["may_not_hand"], plain=words.plain("may_not_hand"))
    if to == owner:
        raise FormErrors({TO: words.plain("same_person")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        member = (await tx.people.asking(to)).person if to else None
        if member is None or not member.may(Role.viewer):
            raise FormErrors({TO: words.plain("not_a_member")})
        under = await under_way(tx, int(filled.private_metadata), for_change=True)
        only = None if task == EVERYTHING else task
        note = filled.typed(NOTE).strip()
        await hand_over(tx, under, owner, member.id, task=only, note=note)
        return tx.answers(closing())


async def _owners(reading: Reading, under: Under, person: Person) -> list[tuple[str, str]]:
    """Those with something left to do whose tasks this person may hand over: ids and names."""
    left = {item.owner for item in under.rollback.items if not item.is_confirmed}
    may = left if person.may(Role.lead) else left & {person.id}
    holders = {each: await reading.roles.holder(each) for each in sorted(may)[:MOST_OWNERS]}
    return [(id_, holder.name if holder else id_) for id_, holder in holders.items()]
