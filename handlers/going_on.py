"""Letting a paused wave go on: an approver says what is different now, and what was done about causes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock, PlainTextInputElement

from handlers.approving import WORDS, words_field
from handlers.blocks import Mrkdwn, Words, actions, context, lines, modal, section
from handlers.blocks import question as ask_for
from handlers.brake_words import worked_out
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.reply import Reply, closing
from handlers.running import kept, take_wave_step
from handlers.wave_causes import Met, causes_met
from handlers.wave_refusals import refusal
from handlers.wave_said import decide_buttons
from handlers.windows import over
from rules.life import StepRefused
from rules.roles import Role
from rules.wave_life import Standing, State, Step, Taken, Who, take
from store.failures import Try
from store.session import Reading, Store, Transaction
from store.wave_rows import WaveRow

MOST_CAUSES = 5
LONGEST_REMEDY = 300
LONGEST_LABEL = 60
REMEDY = "remedy"


@action("wave_go_on", role=Role.approver)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form that lets a wave go on; not where somebody decided about it already."""
    week, version = of_value(ask.value)
    async with store.reading(consistent=True) as reading:
        wave = await kept(reading, week)
        taken = Taken(Step.go_on, ask.person.id, Who.approver, version, ask.now, "…")
        try:
            take(wave.standing(), taken)
        except StepRefused as refused:
            raise await refusal(reading, week, refused) from refused
        paused = (await reading.waves.steps(week))[-1].taken
        small = worked_out(wave, await reading.parameters.current())
        view = form(wave, paused, await causes_met(reading, week), small)
    return await over(ask, view)


@submission("wave_gone_on", role=Role.approver)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Let it go on; everybody concerned reads why."""
    filled = ask.filled
    words = filled.typed(WORDS).strip()
    if not words:
        raise FormErrors({WORDS: Words("going_on").plain("words_missing")})
    week, version = of_value(filled.private_metadata)
    remedies = {
        int(block.removeprefix(REMEDY)): typed
        for block in filled.values
        if block.startswith(REMEDY) and (typed := filled.typed(block).strip())
    }
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await go_on(tx, week, version, words=words, remedies=remedies)
        return tx.answers(closing())


async def go_on(
    tx: Transaction, week: date, version: int, *, words: str, remedies: Mapping[int, str]
) -> Standing:
    """Let a paused wave go on, as who this transaction is by; `remedies` are by the id of the cause.

    What was done about a cause is kept with each of its failures that had no remedy yet.

    Raises:
        NotThere: there is no such wave.
        Refused: it is not paused any more; in words.
    """
    await kept(tx, week, for_change=True)
    now = await tx.clock.now()
    taken = Taken(Step.go_on, tx.actor, Who.approver, version, now, words)
    details: dict[str, Any] | None = None
    if remedies:
        details = {"remedies": await _keep_remedies(tx, week, remedies, at=now)}
    try:
        return await take_wave_step(tx, week, taken, details=details)
    except StepRefused as refused:
        raise await refusal(tx, week, refused) from refused


async def _keep_remedies(
    tx: Transaction, week: date, remedies: Mapping[int, str], *, at: datetime
) -> dict[str, str]:
    """Keep what was done about causes with their failures; gives it by the words of each.

    A cause may be part of another since the form was opened: what was done about both is kept then.
    """
    failures = await tx.failures.of_wave(week)
    ids = {*remedies, *(each.cause_id for each in failures)}
    causes = await tx.causes.some(ids, hold=True)
    done: dict[str, list[str]] = {}
    for id_, remedy in remedies.items():
        if id_ in causes:
            done.setdefault(causes[id_].words, []).append(remedy)
    told = {words: "; ".join(dict.fromkeys(each)) for words, each in done.items()}
    without = [
        Try(each.location_id, each.attempt, told[cause.words])
        for each in failures
        if not (each.remedy or "").strip()
        and (cause := causes.get(each.cause_id))
        and cause.words in told
    ]
    await tx.failures.remedy(week, without, by=tx.actor, at=at)
    return told


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """The waves that wait for a decision of this approver, on their Home; nothing where none does."""
    if not ask.person.may(Role.approver):
        return []
    paused = [wave for wave in await reading.waves.all() if wave.state == State.paused]
    blocks: list[Block] = []
    for wave in paused:
        last = (await reading.waves.steps(wave.week))[-1].taken
        said = Words("going_on", week=wave.week, paused=last)["why"]
        row = actions(*decide_buttons(wave), block_id=f"home_paused_{wave.week}")
        blocks += [*map(section, lines(said.split("\n"))), row]
    heading = HeaderBlock(text="Waits for your decision")
    return [heading, *blocks, DividerBlock()] if blocks else []


def form(
    wave: WaveRow, paused: Taken, causes: Sequence[Met], small: Mrkdwn | None = None
) -> dict[str, object]:
    """Why it is paused, what to say to let it go on, and what was done about each cause.

    `small` are the numbers of the test that stopped it.
    """
    without = [each for each in causes if each.open]
    words = Words(
        "going_on", week=wave.week, paused=paused, more=len(without[MOST_CAUSES:]), causes=without
    )
    blocks: list[Block] = [
        *map(section, lines(words["why"].split("\n"))),
        words_field(words.plain("words_label"), words.plain("words_hint")),
        *([section(words["causes"])] if without else []),
        *map(_remedy_field, without[:MOST_CAUSES]),
        *([context(words["more_causes"])] if without[MOST_CAUSES:] else []),
        context(words["note"]),
        *([context(small)] if small else []),
    ]
    kept_with = f"{wave.week}|{wave.version}"
    title = "Let the wave go on"
    return modal("wave_gone_on", title, blocks, submit="Go on", close="Cancel", kept=kept_with)


def of_value(value: str) -> tuple[date, int]:
    """The week of a wave and its version that a button or a form stands for."""
    week, version = value.split("|")
    return date.fromisoformat(week), int(version)


def _remedy_field(cause: Met) -> Block:
    element = PlainTextInputElement(action_id=REMEDY, max_length=LONGEST_REMEDY)
    label = f"Remedy for “{short(cause.words, LONGEST_LABEL)}” ({cause.open:,})"
    return ask_for(label, element, block_id=f"{REMEDY}{cause.id}", optional=True)
