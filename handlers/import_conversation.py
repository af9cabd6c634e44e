"""/wavepost import: sheets given in Slack, looked at, shown, and imported when somebody says so."""

from collections.abc import Sequence
from datetime import timedelta

from slack_sdk.models.blocks import StaticSelectElement
from slack_sdk.models.blocks.block_elements import FileInputElement

from handlers.blocks import Words, built, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.button_values import id_in
from handlers.doors import action, shortcut, submission, topic
from handlers.errors import FormErrors, Refused
from handlers.import_jobs import (
    BRING_IN,
    KEPT_UNDER,
    LOOK,
    Agreement,
    about,
    asked_of,
    title_of,
)
from handlers.import_shown import OPEN_FOR
from handlers.interaction import GivenFile, Interaction, given_files
from handlers.jobs import BEGUN, begin, shown, working
from handlers.reply import Reply, note, nothing
from rules.roles import Role
from rules.sheet_words import SHEETS
from store.files import Files
from store.jobs import JobRow
from store.outbox import Message
from store.session import Store, Transaction
from store.sheets import IMPORTED

LOOK_AT_MARKS = "marks preview"
BRING_IN_MARKS = "marks"
ASKING = [LOOK, BRING_IN, LOOK_AT_MARKS, BRING_IN_MARKS]
"""The jobs that show something, and wait for an answer."""
MOST_FILES = 10
MOST_BYTES = 10 * 1024 * 1024
FILES_LAST = timedelta(days=2)
TOO_LARGE = (
    "{name} is larger than 10 MB, which is as much as Slack hands on. Split it, or have it imported "
    "on the machine of Wavepost: wavepost import {name}"
)
NO_FILE = "There is no file in this message. Choose this on a message that shows one."
TOO_MANY = "There are more than ten files in this message. Import them a few at a time."
ANSWERED = "This was decided already: look at the message as it is now."
TOO_LATE = "Nobody agreed to this within a day, so the files are forgotten. Please send them again."


@topic("import", role=Role.lead, says="bring sheets in: you see what would change before it does")
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """Ask for the files."""
    await ask.open(form())
    return nothing()


@action("import_form", role=Role.lead)
async def open_form_from_button(ask: Interaction, store: Store) -> Reply:
    """The same, from a button."""
    return await open_form.answer(ask, store)


def form() -> dict[str, object]:
    """The modal that takes files."""
    files = FileInputElement(action_id="files", max_files=MOST_FILES)
    kinds = [
        option(words[:1].upper() + words[1:], kind)
        for kind, words in ((kind, SHEETS[kind].removeprefix("the ")) for kind in IMPORTED)
    ]
    kind = StaticSelectElement(
        action_id="kind", placeholder=plain("Tell by their columns"), options=kinds
    )
    fields = [
        ask_for(
            "Excel workbooks or CSV files",
            files,
            block_id="files",
            hint="Up to 10 files of 10 MB. They are imported together, or not at all.",
        ),
        ask_for("What they are", kind, block_id="kind", optional=True),
        context("You see what would change first. Nothing is imported before you agree."),
    ]
    return modal("import", "Import sheets", fields, submit="Look at them", close="Cancel")


@submission("import", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Begin to look at what was given."""
    given = given_in(ask)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(await look_at(tx, given, ask.filled.chosen("kind")))


def given_in(ask: Interaction) -> Sequence[GivenFile]:
    """The files of the form that was submitted.

    Raises:
        FormErrors: one is larger than Slack hands on.
    """
    given = ask.filled.files("files")
    large = [each.name for each in given if each.size > MOST_BYTES]
    if large:
        raise FormErrors({"files": TOO_LARGE.format(name=large[0])})
    return given


@shortcut("import_file", role=Role.lead)
async def import_from_message(ask: Interaction, store: Store) -> Reply:
    """Begin to look at the files of a message."""
    given = given_files(ask.payload["message"].get("files"))
    if not given:
        raise Refused(NO_FILE)
    if len(given) > MOST_FILES:
        raise Refused(TOO_MANY)
    large = [each.name for each in given if each.size > MOST_BYTES]
    if large:
        raise Refused(TOO_LARGE.format(name=large[0]))
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        return tx.answers(await look_at(tx, given, None))


async def look_at(
    tx: Transaction, given: Sequence[GivenFile], kind: str | None, job: str = LOOK
) -> Reply:
    """Have the files looked at by a job of this kind, for who this transaction is by."""
    await begin(tx, job, asked_of(given, kind), by=tx.actor, about=f"Preview of {about(given)}")
    words = Words("import", names=", ".join(each.name for each in given))["begun"]
    return note(built(section(words)), words)


# What was shown


@action("import_yes", role=Role.lead)
async def agree(ask: Interaction, store: Store) -> Reply:
    """Import what was shown."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await do_as_shown(tx, BRING_IN, *await decide(tx, ask, answer="yes"))
        return tx.answers(nothing())


@action("import_no", role=Role.lead)
async def decline(ask: Interaction, store: Store) -> Reply:
    """Forget what was shown."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        shown_by, _ = await decide(tx, ask, answer="no")
        tx.say(closing(shown_by, "declined", person=ask.person.id))
        return tx.answers(nothing())


async def do_as_shown(tx: Transaction, kind: str, shown_by: JobRow, agreed: Agreement) -> None:
    """Have a job of this kind do what was agreed to, for who this transaction is by."""
    job_id = await tx.jobs.start(
        kind,
        agreed.to_json(),
        by=tx.actor,
        key=f"{kind} {shown_by.id}",
        about=title_of(agreed.files),
        message=shown_by.message,
    )
    job = await tx.jobs.get(job_id)
    if job:
        tx.say(working(job, BEGUN))


async def decide(tx: Transaction, ask: Interaction, *, answer: str) -> tuple[JobRow, Agreement]:
    """Note the answer to what a job has shown; the first one counts.

    Raises:
        Refused: it was answered before, or is too old.
    """
    job = await tx.jobs.get(id_in(ask.value), for_change=True)
    if job is None or not job.result or job.result["answer"]:
        raise Refused(ANSWERED)
    if await tx.jobs.ended_before(job, OPEN_FOR):
        raise Refused(TOO_LATE)
    agreed = Agreement.of(job.result)
    await tx.jobs.note(job.id, {**job.result, "answer": answer})
    return job, agreed


def closing(job: JobRow, how: str, *, person: str = "") -> Message:
    """What stands in place of the question once it is not open any more."""
    title = title_of(Agreement.of(job.result or {}).files)
    words = Words("import", about=title, person=person)[how]
    return shown(job, words, built(section(words)))


async def forget_unanswered(store: Store, files: Files | None) -> None:
    """Close questions that nobody answered for a day, and forget files that nobody needs any more."""
    async with store.transaction(actor="clock") as tx:
        for job in await tx.jobs.unanswered(ASKING, OPEN_FOR):
            await tx.jobs.note(job.id, {**(job.result or {}), "answer": "expired"})
            tx.say(closing(job, "expired"))
    if files:
        await files.remove_older_than(f"{KEPT_UNDER}/", FILES_LAST)
