"""Making room that was stopped, or found no week: what triage reads, and the button that tries again."""

from handlers.blocks import Words
from handlers.button_values import number_in
from handlers.doors import action
from handlers.errors import Refused
from handlers.escalating import kept
from handlers.escalation_jobs import MAKE_ROOM, ask_for_room
from handlers.escalation_thread import say_in_thread
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing
from rules.escalation import State
from rules.roles import Role
from store.jobs import JobRow
from store.session import Store, Transaction


@action("triage_make_room", role=Role.lead)
async def make_room_again(ask: Interaction, store: Store) -> Reply:
    """Have room made for what is approved and has no week; the thread says what comes of it."""
    number = number_in(ask.value.partition("|")[0])
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        row = await kept(tx, number, for_change=True)
        if row.state is not State.approved:
            words = Words("displacing", row=row)
            raise Refused(words["no_room_needed"], plain=words.plain("no_room_needed"))
        await ask_for_room(tx, number, by=ask.person.id)
        await say_in_thread(tx, number, Words("displacing", by=ask.person.id)["again"])
        return tx.answers(nothing())


async def tell_of_cancelled(tx: Transaction, job: JobRow, by: str) -> None:
    """Say below the post that nobody makes room now, where the job that was cancelled did that."""
    if job.kind != MAKE_ROOM:
        return
    number = int(job.given["escalation"])
    await say_in_thread(tx, number, Words("displacing", number=number, by=by)["cancelled"])
