"""Approving an escalation, all of it or in part: the buttons, the modals, and what every door shares."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    DatePickerElement,
    Option,
    OptionGroup,
    PlainTextInputElement,
    StaticMultiSelectElement,
)

from handlers.blocks import Words, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.escalating import NotPossible, kept, refusal, take_step
from handlers.escalation_possible import hindered
from handlers.escalation_turn import Granting
from handlers.interaction import Interaction
from handlers.reply import Reply, closing, nothing
from handlers.triage_case import Weighed, weighed_of
from rules.escalation import (
    Standing,
    Step,
    StepRefused,
    Taken,
    Who,
    caught_up,
    leading_to,
    take,
)
from rules.requests import is_in_time
from rules.roles import Role
from store.escalation_rows import EscalationRow
from store.escalations import AskedFor
from store.session import Reading, Store, Transaction

DUE, WORDS, WHICH = "due_on", "words", "which"
LONGEST_WORDS = 2_000
IN_A_GROUP = 100
ALL, PART = Step.approve, Step.approve_partly


class NotSooner(Refused):
    """An approval that would bring nothing forward: it would use up a quota for what is so already."""


@action("triage_approve", role=Role.lead)
async def open_approval(ask: Interaction, store: Store) -> Reply:
    """The modal that approves all of it."""
    async with store.reading(consistent=True) as reading:
        row = await takeable(reading, ask, ALL)
        await check_decider(reading, row, ask.person.id)
        weighed = await weighed_of(reading, row.weighed) if row.weighed else None
    await ask.open(_form(row, "triage_approved", "Approve", weighed))
    return nothing()


@action("triage_approve_partly", role=Role.lead)
async def open_part(ask: Interaction, store: Store) -> Reply:
    """The modal that approves some of the locations, or another day."""
    async with store.reading(consistent=True) as reading:
        row = await takeable(reading, ask, PART)
        await check_decider(reading, row, ask.person.id)
        weighed = await weighed_of(reading, row.weighed) if row.weighed else None
        asked = await reading.escalations.locations(row.number)
    which = [_which(asked)] if len(asked) > 1 else []
    await ask.open(_form(row, "triage_approved_partly", "Approve partly", weighed, which))
    return nothing()


@submission("triage_approved", role=Role.lead)
async def submit_approval(ask: Interaction, store: Store) -> Reply:
    """Approve all of it by the day that was chosen."""
    return await _submitted(ask, store, None)


@submission("triage_approved_partly", role=Role.lead)
async def submit_part(ask: Interaction, store: Store) -> Reply:
    """Approve the locations that were chosen by the day that was chosen."""
    return await _submitted(ask, store, ask.filled.several(WHICH) or None)


async def _submitted(ask: Interaction, store: Store, locations: Collection[str] | None) -> Reply:
    form = ask.filled
    due_on, words = form.day(DUE), form.typed(WORDS).strip()
    if due_on is None:
        raise FormErrors({DUE: "Choose the day by which it should go."})
    if not words:
        raise FormErrors({WORDS: Words("deciding").plain("words_missing")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            await approve(
                tx,
                *of_value(form.private_metadata),
                due_on=due_on,
                words=words,
                locations=locations,
            )
        except (NotPossible, NotSooner) as refused:
            raise FormErrors({DUE: refused.plain}) from refused
        return tx.answers(closing())


async def approve(
    tx: Transaction,
    escalation_id: int,
    version: int,
    *,
    due_on: date,
    words: str,
    locations: Collection[str] | None = None,
) -> Standing:
    """Grant these locations (None: all) a day, as who this transaction is by; room is made as a job.

    Raises:
        NotPossible: some of them cannot go by then, whoever makes room; nothing was changed.
        NotSooner: all of them go by then as it is; nothing was changed.
        Refused: it cannot be approved, or not any more, or not by who asked for it.
    """
    now = await tx.clock.now()
    row = await kept(tx, escalation_id, for_change=True)
    asked = await tx.escalations.locations(escalation_id)
    chosen = [each for each in asked if locations is None or each.location_id in locations]
    is_part = len(chosen) < len(asked) or due_on > row.wished_on
    taken = Taken(PART if is_part else ALL, tx.actor, Who.triage, version, now, words)
    await check(tx, row, taken)
    await check_decider(tx, row, tx.actor)
    await _check_possible(tx, chosen, due_on, now.date())
    await _check_sooner(tx, chosen, due_on)
    parameters = await tx.parameters.current()
    granting = Granting(
        due_on=due_on,
        points=parameters.priority.most_bump,
        csa_email=await _csa_of(tx, chosen),
        locations=[each.location_id for each in chosen] if len(chosen) < len(asked) else None,
    )
    return await take_step(tx, escalation_id, taken, granting=granting)


async def check(reading: Reading, row: EscalationRow, taken: Taken) -> None:
    """Look whether a step can be taken, before anything else is said about it.

    Raises:
        Refused: it cannot, or not any more; in words.
    """
    steps = await reading.escalations.steps(row.number)
    standing = row.standing(steps[-1].taken if steps else None)
    taken = caught_up(taken, [each.taken for each in steps])
    try:
        for each in leading_to(standing, taken):
            standing = take(standing, each)
    except StepRefused as refused:
        raise await refusal(reading, row.number, refused) from refused


async def check_decider(reading: Reading, row: EscalationRow, person: str) -> None:
    """Look whether a lead may grant this: what they asked for themselves, only where no other lead is.

    Raises:
        Refused: somebody else decides; in words.
    """
    if person != row.sent_by:
        return
    leads = await reading.roles.members_who_may(Role.lead)
    if any(each.id != person for each in leads):
        words = Words("deciding")
        raise Refused(words["own"], plain=words.plain("own"))


async def takeable(reading: Reading, ask: Interaction, step: Step) -> EscalationRow:
    """The escalation of the button that was pressed, where its step can be taken now.

    Raises:
        NotThere: there is none.
        Refused: the step cannot be taken any more: somebody else was faster.
    """
    escalation_id, _ = of_value(ask.value)
    row = await kept(reading, escalation_id)
    taken = Taken(step, ask.person.id, Who.triage, row.version, ask.now, "…", ask.person.id)
    await check(reading, row, taken)
    return row


def of_value(value: str) -> tuple[int, int]:
    """The escalation and its version that a button or a modal stands for."""
    number, version = value.split("|")
    return int(number), int(version)


def value_of(row: EscalationRow) -> str:
    """What a button or a modal about an escalation carries."""
    return f"{row.number}|{row.version}"


def words_field(label: str, hint: str) -> Block:
    """The field for words that others will read."""
    element = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=LONGEST_WORDS)
    return ask_for(label, element, block_id=WORDS, hint=hint)


async def _check_possible(
    tx: Transaction, chosen: Sequence[AskedFor], due_on: date, today: date
) -> None:
    parameters = await tx.parameters.current()
    ids = [each.location_id for each in chosen]
    verdicts = await tx.requests.verdicts(ids, due_on, today=today, parameters=parameters)
    in_the_way = await hindered(tx, verdicts, len(ids))
    if in_the_way:
        raise NotPossible(in_the_way)


async def _check_sooner(tx: Transaction, chosen: Sequence[AskedFor], due_on: date) -> None:
    week = await tx.requests.last_week([each.location_id for each in chosen])
    if is_in_time(week, due_on):
        raise NotSooner(Words("deciding", week=week, number=len(chosen)).plain("not_sooner"))


async def _csa_of(tx: Transaction, chosen: Sequence[AskedFor]) -> str:
    """The CSA who owns most of these locations: whose quota it counts in."""
    [(customer, _)] = Counter(each.customer_id for each in chosen).most_common(1)
    known = await tx.schedules.of_customer(customer)
    return known.csa_email if known else ""


def _form(
    row: EscalationRow,
    name: str,
    title: str,
    weighed: Weighed | None,
    more: Sequence[Block] = (),
) -> dict[str, object]:
    day = weighed.due_on if weighed else row.wished_on
    told = weighed.tradeoff if weighed else None
    words = Words("deciding", row=row, weighed=weighed, told=told, is_part=bool(more))
    when = DatePickerElement(action_id=DUE, initial_date=day.isoformat())
    fields: list[Block] = [
        section(words["approving"]),
        *more,
        ask_for("Go by", when, block_id=DUE, hint=words.plain("due_hint")),
        words_field("Why", words.plain("words_hint")),
        context(words["approving_note"]),
    ]
    return modal(name, title, fields, submit=title, close="Cancel", kept=value_of(row))


def _which(asked: Sequence[AskedFor]) -> Block:
    """The locations to choose from, in groups where there are many."""
    options: list[Option] = [
        option(f"{each.name} ({short(each.customer_name, 30)})", each.location_id) for each in asked
    ]
    if len(options) <= IN_A_GROUP:
        element = StaticMultiSelectElement(action_id=WHICH, options=options)
    else:
        starts = range(0, len(options), IN_A_GROUP)
        groups = [
            OptionGroup(
                label=plain(f"From {start + 1} on"), options=options[start : start + IN_A_GROUP]
            )
            for start in starts
        ]
        element = StaticMultiSelectElement(action_id=WHICH, option_groups=groups)
    hint = "The others stay as they are. Leave it empty to approve all, by another day."
    return ask_for("Which locations", element, block_id=WHICH, hint=hint, optional=True)
