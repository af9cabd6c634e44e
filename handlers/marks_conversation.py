"""/wavepost mark: the locations of a wave marked by a sheet, and a wave as the sheet to fill in."""

import asyncio
from datetime import date

from slack_sdk.models.blocks import Block
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers import import_jobs
from handlers.blocks import Words, actions, built, button, context, modal, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission, topic
from handlers.errors import Refused
from handlers.import_conversation import (
    ANSWERED,
    BRING_IN_MARKS,
    LOOK_AT_MARKS,
    MOST_FILES,
    closing,
    decide,
    do_as_shown,
    given_in,
    look_at,
)
from handlers.import_jobs import Agreement
from handlers.interaction import Interaction
from handlers.jobs import CAUSE, Work, begin, job
from handlers.reply import Reply, note, nothing, show
from rules.columns import Kind
from rules.roles import Role
from rules.wave_life import State
from store.jobs import JobRow
from store.outbox import Message
from store.people import Person
from store.session import Reading, Store, Transaction
from store.spreadsheets import sheet_of
from store.wave_rows import WaveRow

WRITE = "wave sheet"
MINE = "mine"
UNDER_WAY = frozenset({State.running, State.paused, State.checking})
MOST_WAVES = 3
"""Of those under way, the newest have a button."""


@topic(
    "mark",
    role=Role.csa,
    says="mark the locations of a wave by a sheet: migrated, or failed and why",
)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """Ask for the sheet, and offer the waves as sheets to fill in."""
    async with store.reading() as reading:
        await ask.open(await form(reading, ask.person))
    return nothing()


@action("mark_form", role=Role.csa)
async def open_form_from_button(ask: Interaction, store: Store) -> Reply:
    """The same, from a button."""
    return await open_form.answer(ask, store)


async def form(reading: Reading, person: Person, *, sent: bool = False) -> dict[str, object]:
    """The modal that takes sheets; `sent` where one to fill in is on its way."""
    waves = [wave for wave in await reading.waves.all() if State(wave.state) in UNDER_WAY]
    words = Words("marks", waves=waves, sent=sent)
    files = FileInputElement(action_id="files", max_files=MOST_FILES)
    field = ask_for(
        "Excel workbooks or CSV files", files, block_id="files", hint=words.plain("hint")
    )
    fields: list[Block] = [section(words["form"])]
    fields += [_offer(wave, person) for wave in waves[-MOST_WAVES:]]
    fields += [field, context(words["looked_at"])]
    return modal("mark", "Mark by a sheet", fields, submit="Look at it", close="Cancel")


def _offer(wave: WaveRow, person: Person) -> Block:
    """The buttons that give a wave as a sheet: one's own locations of it, or all."""
    week = wave.week.isoformat()
    label = Words("marks", week=wave.week).plain("all_of")
    buttons = [button(label, "wave_sheet", week)]
    if person.owns_customers:
        mine = Words("marks", week=wave.week).plain("mine_of")
        buttons.insert(0, button(mine, "wave_sheet:mine", f"{week} {MINE}"))
    return actions(*buttons)


@submission("mark", role=Role.csa)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Begin to look at what was given."""
    given = given_in(ask)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(await look_at(tx, given, Kind.marks, LOOK_AT_MARKS))


@job(LOOK_AT_MARKS, role=Role.csa)
async def look_at_marks(work: Work) -> None:
    """Read what was given, and say what it would mark."""
    await import_jobs.look.does(work)


@job(BRING_IN_MARKS, role=Role.csa)
async def bring_in_marks(work: Work) -> None:
    """Mark what was agreed to; where it would be something else by now, ask again."""
    await import_jobs.bring_in.does(work)


# What was shown


@action("mark_yes", role=Role.csa)
async def agree(ask: Interaction, store: Store) -> Reply:
    """Mark what was shown."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await do_as_shown(tx, BRING_IN_MARKS, *await _decide(tx, ask, answer="yes"))
        return tx.answers(nothing())


@action("mark_no", role=Role.csa)
async def decline(ask: Interaction, store: Store) -> Reply:
    """Forget what was shown."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        shown_by, _ = await _decide(tx, ask, answer="no")
        tx.say(closing(shown_by, "declined", person=ask.person.id))
        return tx.answers(nothing())


async def _decide(tx: Transaction, ask: Interaction, *, answer: str) -> tuple[JobRow, Agreement]:
    shown_by, agreed = await decide(tx, ask, answer=answer)
    if agreed.kind != Kind.marks:
        raise Refused(ANSWERED)
    return shown_by, agreed


# A wave as a sheet


@action("wave_sheet", role=Role.csa)
async def send_sheet(ask: Interaction, store: Store) -> Reply:
    """Have a wave written down as the sheet that takes its marks; or one's own locations of it."""
    week, _, whose = ask.value.partition(" ")
    given = {"week": week, "csa_email": ask.person.email if whose == MINE else None}
    words = Words("marks", week=date.fromisoformat(week))
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        key = f"{WRITE} {ask.value} {tx.actor}"
        await begin(tx, WRITE, given, by=tx.actor, about=words.plain("about"), key=key)
        if ask.in_modal:
            return tx.answers(show(await form(tx, ask.person, sent=True)))
        begun = words["begun"]
        return tx.answers(note(built(section(begun)), begun, replaces=False))


@job(WRITE, role=Role.csa)
async def write(work: Work) -> None:
    """Write a wave down as a sheet, and bring that to Slack."""
    week = date.fromisoformat(work.job.given["week"])
    work.tell("Writing it down")
    async with work.store.reading() as reading:
        rows = await reading.marks.exported(week, work.job.given["csa_email"])
    name = name_of(week)
    content = await asyncio.to_thread(sheet_of, name, rows, page="marks")
    file = await work.slack.upload(content, name=name, title=work.job.about)
    link = await work.slack.permalink(file)
    words = Words("marks", week=week, rows=rows.height, waiting=rows["outcome"].null_count())
    async with work.ending() as tx:
        tx.say(work.message(words["written"], built(section(words["written"]))))
        tx.say(Message(work.job.asked_by, f"<{link}|{name}>", [], cause=CAUSE))


def name_of(week: date) -> str:
    """What the sheet of a wave is called."""
    return f"wave-{week.isoformat()}.xlsx"
