"""/wavepost escalations: all that are open, or one's own; and all of them as a sheet, for leads."""

import asyncio

from handlers.blocks import Words, built, section
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.jobs import CAUSE, Work, begin, job
from handlers.my_escalations import everybodys, mine
from handlers.reply import Reply, note
from rules.roles import Role
from store.outbox import Message
from store.session import Store
from store.spreadsheets import sheet_of

WRITE = "escalation sheet"
NAME = "escalations.xlsx"
TITLE = "All escalations"
ABOUT = "Escalations as a sheet"
AS_SHEET = frozenset({"sheet", "file", "excel", "export"})


@topic(
    "escalations",
    role=Role.viewer,
    says="what is escalated: for leads all that is open, for others their own",
)
async def answer_escalations(ask: Interaction, store: Store) -> Reply:
    """All that are open by their clocks, for leads; one's own for others. "sheet" gives them as a file."""
    is_lead = ask.person.may(Role.lead)
    if is_lead and ask.text.strip().casefold() in AS_SHEET:
        return await send_sheet.answer(ask, store)
    async with store.reading(consistent=True) as reading:
        return await (everybodys if is_lead else mine)(reading, ask)


@action("escalations_sheet", role=Role.lead)
async def send_sheet(ask: Interaction, store: Store) -> Reply:
    """Have them written down as a sheet."""
    words = Words("escalated_stores")["begun"]
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await begin(tx, WRITE, {}, by=tx.actor, about=ABOUT, key=f"{WRITE} {tx.actor}")
        return tx.answers(note(built(section(words)), words, replaces=False))


@job(WRITE, role=Role.lead)
async def write(work: Work) -> None:
    """Write down the newest escalation of each location, and bring that to Slack."""
    work.tell("Writing them down")
    async with work.store.reading() as reading:
        rows = await reading.escalated_stores.exported()
    content = await asyncio.to_thread(sheet_of, NAME, rows, page="escalations")
    file = await work.slack.upload(content, name=NAME, title=TITLE)
    link = await work.slack.permalink(file)
    words = Words("escalated_stores", rows=rows.height)
    async with work.ending() as tx:
        tx.say(work.message(words["written"], built(section(words["written"]))))
        tx.say(Message(work.job.asked_by, f"<{link}|{TITLE}>", [], cause=CAUSE))
