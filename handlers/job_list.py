"""/wavepost jobs: the long work that goes on or is over, and the buttons that stop or repeat it."""

from slack_sdk.models.blocks import Block, ButtonElement

from handlers import (
    cause_picture,
    feature_announcing,
    forecast_picture,
    load_picture,
    pictures,
    wave_announcing,
)
from handlers.blocks import Words, actions, built, button, context, section
from handlers.button_values import id_in
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.files.file_checks import CHECK_AGAIN, take_back_cancelled, take_up_again
from handlers.interaction import Interaction
from handlers.jobs import BEGUN, shown, working
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note, nothing
from handlers.room_again import tell_of_cancelled
from rules.roles import Role
from rules.slack_ids import is_person
from store.jobs import JobRow, JobState
from store.session import Reading, Store, Transaction

UNSEEN = (
    *(pictures.DRAW, forecast_picture.DRAW, load_picture.DRAW, cause_picture.DRAW),
    *(wave_announcing.ANNOUNCE, feature_announcing.ANNOUNCE, CHECK_AGAIN),
)
OVER = "This was over already, so nothing changed. It is {state}."
GOES_ON = "This goes on already, so nothing changed. It is {state}."
NOT_YOURS = "Only who asked for this, or a lead, may do that."
GONE = "This was too long ago: it is not kept any more."


@topic("jobs", role=Role.viewer, says="the long work you asked for, and how far it is")
async def answer_jobs(ask: Interaction, store: Store) -> Reply:
    """The asker's jobs; for leads everybody's."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask)


@action("jobs_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    async with store.reading(consistent=True) as reading:
        return await overview(reading, ask, turned(ask.value)[1])


async def overview(reading: Reading, ask: Interaction, page: int = 0) -> Reply:
    """A page of jobs, those that are not over first; what is drawn or announced by itself is unseen."""
    everybody = ask.person.may(Role.lead)
    rows, total = await reading.jobs.page(
        None if everybody else ask.person.id, skip=page * PAGE, most=PAGE, unseen=UNSEEN
    )
    if page and not rows:
        return await overview(reading, ask)
    head = Words("jobs", total=total, everybody=everybody)["list"]
    here = Page(rows, page, total)
    blocks: list[Block] = [section(head), *(one(job) for job in rows)]
    if total > PAGE:
        blocks += [context(here.span), actions(*here.turns("jobs_page", "all"))]
    return note(built(*blocks), head)


def one(job: JobRow) -> Block:
    """A line of the list, with what can be done about it."""
    words = Words("jobs", job=job, by_person=is_person(job.asked_by))["row"]
    return section(words, accessory=_button(job))


def _button(job: JobRow) -> ButtonElement | None:
    if not job.is_over:
        return button("Cancel", "job_cancel:list", str(job.id))
    if job.state in (JobState.failed, JobState.cancelled):
        return button("Try again", "job_again:list", str(job.id))
    return None


@action("job_cancel", role=Role.viewer)
async def cancel(ask: Interaction, store: Store) -> Reply:
    """Stop a job; nothing of it is kept."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        job = await _theirs(tx, ask)
        words = Words("jobs", job=job, person=ask.person.id)
        if not await tx.jobs.cancel(job.id, words["cancelled_by"]):
            raise Refused(OVER.format(state=job.state))
        if is_person(job.asked_by):
            tx.say(shown(job, words["cancelled"], built(section(words["cancelled"]))))
        await tell_of_cancelled(tx, job, by=ask.person.id)
        await take_back_cancelled(tx, job)
        return tx.answers(await _answered(tx, ask))


@action("job_again", role=Role.viewer)
async def do_again(ask: Interaction, store: Store) -> Reply:
    """Do a job that failed or was cancelled from its start."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        job = await _theirs(tx, ask)
        if await take_up_again(tx, job):
            return tx.answers(await _answered(tx, ask))
        begun = await tx.jobs.again(job.id)
        if not begun:
            raise Refused(GOES_ON.format(state=job.state))
        if job.message:
            tx.say(working(begun, BEGUN))
        return tx.answers(await _answered(tx, ask))


async def _theirs(tx: Transaction, ask: Interaction) -> JobRow:
    """The job that was pressed on, held as it is.

    Raises:
        Refused: it is not kept any more, or not the asker's to decide.
    """
    job = await tx.jobs.get(id_in(ask.value), for_change=True)
    if job is None:
        raise Refused(GONE)
    if job.asked_by != ask.person.id and not ask.person.may(Role.lead):
        raise Refused(NOT_YOURS)
    return job


async def _answered(tx: Transaction, ask: Interaction) -> Reply:
    """The list as it is now where it was pressed there; a message of its own is updated."""
    pressed = ask.payload["actions"][0]["action_id"]
    return await overview(tx, ask) if pressed.endswith(":list") else nothing()
