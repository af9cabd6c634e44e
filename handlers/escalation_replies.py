"""What the requester does with an escalation: answers what triage asked, or withdraws it."""

from collections.abc import Sequence

from slack_sdk.models.blocks import Block, PlainTextInputElement

from handlers.blocks import lines, modal, section
from handlers.blocks import question as ask_for
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.escalating import kept, refusal, take_step
from handlers.escalation_buttons import numbered
from handlers.escalation_shown import shown
from handlers.escalation_words import about
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from rules.escalation import Step, StepRefused, Taken, Who, caught_up, take
from rules.roles import Role
from store.session import Reading, Store

ANSWER, WITHDRAW = "escalation_answer", "escalation_withdraw"
WORDS = "words"
MOST_WORDS = 2_000


@action(ANSWER, role=Role.viewer)
async def open_answer(ask: Interaction, store: Store) -> Reply:
    """Ask for the answer, below the question."""
    return await _open(ask, store, Step.answer)


@action(WITHDRAW, role=Role.viewer)
async def open_withdrawal(ask: Interaction, store: Store) -> Reply:
    """Ask whether it shall be withdrawn, and why."""
    return await _open(ask, store, Step.withdraw)


@submission(ANSWER, role=Role.viewer)
async def answer(ask: Interaction, store: Store) -> Reply:
    """The answer goes to triage."""
    return await _take(ask, store, Step.answer)


@submission(WITHDRAW, role=Role.viewer)
async def withdraw(ask: Interaction, store: Store) -> Reply:
    """It is withdrawn."""
    return await _take(ask, store, Step.withdraw)


async def _open(ask: Interaction, store: Store, step: Step) -> Reply:
    number, version = numbered(ask.value)
    async with store.reading(consistent=True) as reading:
        await _check(reading, number, _taken(ask, step, version, "…"))
        view = await _form(reading, number, step, ask.value)
    return await over(ask, view)


async def _check(reading: Reading, number: int, taken: Taken) -> None:
    """Refuse a press on what was shown before somebody took a step."""
    row = await kept(reading, number)
    steps = await reading.escalations.steps(number)
    try:
        before = [each.taken for each in steps]
        take(row.standing(before[-1] if before else None), caught_up(taken, before))
    except StepRefused as refused:
        raise await refusal(reading, number, refused) from refused


async def _form(reading: Reading, number: int, step: Step, value: str) -> dict[str, object]:
    line = await reading.escalation_lines.one(number)
    steps = await reading.escalations.steps(number)
    asked = [each for each in steps if each.step == Step.ask]
    if line is None:
        raise Refused(f"There is no escalation {number}.")
    words = about(line, question=asked[-1] if asked else None)
    is_answer = step is Step.answer
    field = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=MOST_WORDS)
    label = "Your answer" if is_answer else "Why, if you want to say it"
    blocks: Sequence[Block] = [
        *map(section, lines(words["question" if is_answer else "withdrawal"].split("\n"))),
        ask_for(label, field, block_id=WORDS, optional=not is_answer),
    ]
    return modal(
        ANSWER if is_answer else WITHDRAW,
        f"Escalation {number}",
        blocks,
        submit="Send" if is_answer else "Withdraw it",
        close="Cancel",
        kept=value,
    )


async def _take(ask: Interaction, store: Store, step: Step) -> Reply:
    number, version = numbered(ask.filled.private_metadata)
    words = ask.filled.typed(WORDS).strip()
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            await take_step(tx, number, _taken(ask, step, version, words))
        except StepRefused as refused:
            told = await refusal(tx, number, refused)
            raise FormErrors({WORDS: told.plain}) from refused
        first = "answered" if step is Step.answer else "withdrawn"
        view = await shown(tx, number, person=ask.person.id, first=first)
        return tx.answers(show(view))


def _taken(ask: Interaction, step: Step, version: int, words: str) -> Taken:
    return Taken(step, ask.person.id, Who.requester, version, ask.now, words)
