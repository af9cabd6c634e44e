"""Starting a wave, and pausing it by hand: the buttons and their modals."""

from datetime import date

from slack_sdk.models.blocks import Block, PlainTextInputElement

from handlers.blocks import Words, modal, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.reply import Reply
from handlers.running import start_wave, take_wave_step
from handlers.wave_refusals import refusal
from handlers.wave_shown import shown_over, standing_of
from handlers.windows import in_place
from rules.life import StepRefused
from rules.roles import Role
from rules.wave_life import Step, Taken, Who
from store.session import Store

WORDS = "words"
MOST_WORDS = 1_000


@action("wave_start", role=Role.lead)
async def open_start(ask: Interaction, store: Store) -> Reply:
    """What starts, asked once more: from then on the wave is fixed."""
    week, _ = _read(ask.value)
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, week, ask.person)
    words = Words("wave", counts=standing.counts, week=week, today=ask.today)
    blocks: list[Block] = [section(standing.words()["head"]), section(words["starts"])]
    if ask.today < week:
        blocks.append(section(words["early"]))
    return await in_place(
        ask, modal("wave_start", "Start the wave", blocks, submit="Start", kept=ask.value)
    )


@action("wave_pause", role=Role.lead)
async def open_pause(ask: Interaction, store: Store) -> Reply:
    """Why it is to be paused."""
    week, _ = _read(ask.value)
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, week, ask.person)
    field = PlainTextInputElement(action_id="wave_why", multiline=True, max_length=MOST_WORDS)
    blocks: list[Block] = [
        section(standing.words()["head"]),
        section(Words("wave")["pauses"]),
        ask_for("Why?", field, block_id=WORDS, hint="All who wait in this wave read it."),
    ]
    return await in_place(
        ask, modal("wave_pause", "Pause the wave", blocks, submit="Pause", kept=ask.value)
    )


@submission("wave_start", role=Role.lead)
async def start(ask: Interaction, store: Store) -> Reply:
    """The wave starts; who was second is told that it did."""
    week, _ = _read(ask.filled.private_metadata)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            await start_wave(tx, week, by=ask.person.id, who=Who.lead)
        except StepRefused as refused:
            raise await refusal(tx, week, refused) from refused
        return tx.answers(await shown_over(tx, ask, week))


@submission("wave_pause", role=Role.lead)
async def pause(ask: Interaction, store: Store) -> Reply:
    """The wave is paused, with the reason that everybody reads."""
    week, version = _read(ask.filled.private_metadata)
    words = ask.filled.typed(WORDS).strip()
    if not words:
        raise FormErrors({WORDS: Words("wave").plain("missing_words")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        taken = Taken(Step.pause, ask.person.id, Who.lead, version, await tx.clock.now(), words)
        try:
            await take_wave_step(tx, week, taken)
        except StepRefused as refused:
            raise await refusal(tx, week, refused) from refused
        return tx.answers(await shown_over(tx, ask, week))


def _read(value: str) -> tuple[date, int]:
    """The wave that a button stands for, and the version in which it was shown."""
    week, _, version = value.partition("|")
    return date.fromisoformat(week), int(version)
