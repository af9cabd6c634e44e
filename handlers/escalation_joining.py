"""Joining an escalation in place of sending another about the same."""

from handlers.button_values import number_in
from handlers.doors import action
from handlers.errors import Refused
from handlers.escalating import kept, subject
from handlers.escalation_follow_ups import AFTER_JOINING
from handlers.escalation_shown import shown
from handlers.escalation_typed import NAME, Typed
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from rules.roles import Role
from store.audit import Change
from store.session import Store, Transaction

OVER = "This escalation is over by now, so nobody can join it. Send one of your own."


@action("escalation_join", role=Role.viewer)
async def join(ask: Interaction, store: Store) -> Reply:
    """Somebody asks for the same; what they typed into the form by then are their words."""
    number, form = number_in(ask.value), ask.filled
    words = Typed.of(form).explanation if form.callback_id == NAME else ""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await join_escalation(tx, number, by=ask.person.id, words=words)
        await tx.form_drafts.drop(ask.person.id, NAME)
        view = await shown(tx, number, person=ask.person.id, first="joined")
        return tx.answers(show(view))


async def join_escalation(tx: Transaction, number: int, *, by: str, words: str = "") -> None:
    """Let somebody hear what the requester hears, and have triage see that they ask too.

    Raises:
        NotThere: there is none with this number.
        Refused: it is over.
    """
    row = await kept(tx, number, for_change=True)
    if row.is_over:
        raise Refused(OVER)
    if row.sent_by == by or not await tx.escalations.join(
        number, by, at=await tx.clock.now(), words=words
    ):
        return
    tx.audit(Change("escalation joined", subject(number), after={"by": by}, reason=words or None))
    for follow_up in AFTER_JOINING:
        await follow_up(tx, row)
