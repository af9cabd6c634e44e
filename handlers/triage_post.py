"""The post by which triage decides about an escalation: what is asked, as it is now, and at whose expense."""

from collections.abc import Sequence
from uuid import uuid4

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from handlers.blocks import (
    Blocks,
    Mrkdwn,
    Words,
    actions,
    built,
    button,
    context,
    escape,
    lines,
    section,
)
from handlers.dates import short
from handlers.escalation_buttons import see_button
from handlers.escalation_thread import say_in_thread
from handlers.escalation_turn import Turn
from handlers.escalation_words import about
from handlers.triage_case import Case, Concerned, Weighed, case_of
from handlers.triage_place import triage_lanes
from handlers.why_words import part_words, points
from rules.escalation import State, Step, Who, possible
from rules.releases import WAITING_FOR
from rules.slack_ids import is_person
from rules.tradeoff import Shift
from store.escalation_rows import EscalationRow
from store.outbox import Message
from store.session import Transaction

CAUSE = "triage"
MOST_MOVED = 15
MOST_JOINED = 5
MOST_SPOKEN = 4
LONGEST_EXPLANATION = 1_200
LONGEST_NAME = 45
LABELS = {
    Step.approve: "Approve",
    Step.approve_partly: "Approve partly",
    Step.decline: "Decline",
    Step.ask: "Ask",
    Step.hand_over: "Hand over",
}
"""The steps that triage takes by a button, in the order of the buttons."""


async def follow(tx: Transaction, turn: Turn) -> None:
    """Show triage an escalation as it is after a turn; questions and answers go into the thread too."""
    await show(tx, turn.escalation.number)
    if turn.taken and turn.step in (Step.ask, Step.answer):
        block = "asked_in_thread" if turn.step is Step.ask else "answered_in_thread"
        values = {"by": turn.taken.by, "of": turn.escalation.sent_by, "words": turn.taken.words}
        await say_in_thread(tx, turn.escalation.number, Words("triage_post", **values)[block])


async def show_joined(tx: Transaction, escalation: EscalationRow) -> None:
    """Show triage who joined."""
    await show(tx, escalation.number)


async def show(tx: Transaction, escalation_id: int) -> None:
    """Show an escalation wherever triage reads: a new post, or the one that is there as it is now."""
    case = await case_of(tx, escalation_id)
    if case is None:
        return
    fallback, blocks = post(case)
    there = {each.lane: each.message for each in await tx.escalations.posts(escalation_id)}
    for lane, message in there.items():
        tx.say(Message(lane, fallback, blocks, cause=CAUSE, updates=message))
    if not there and not case.row.state.is_final:
        for lane in await triage_lanes(tx):
            await say_anew(tx, case, lane)


async def say_anew(tx: Transaction, case: Case, lane: str) -> None:
    """Show an escalation in a lane by a new message, which is the one to be changed from now on."""
    fallback, blocks = post(case)
    message = uuid4()
    tx.say(Message(lane, fallback, blocks, cause=CAUSE, id=message))
    await tx.escalations.keep_post(case.row.number, lane, message)


def post(case: Case) -> tuple[str, Blocks]:
    """What a notification says, and the post."""
    first, blocks = shown(case)
    return first, built(*blocks)


def shown(case: Case) -> tuple[str, list[Block]]:
    """The first line, and all that triage reads of an escalation, with what it can do."""
    row = case.row
    what = about(case.line)["what"]
    words = Words(
        "triage_post",
        row=row,
        what=what,
        link=_link(row.link),
        explanation=row.explanation[:LONGEST_EXPLANATION],
        is_cut=len(row.explanation) > LONGEST_EXPLANATION,
        joiners=case.joiners,
        most=MOST_JOINED,
        spoken=case.spoken[-MOST_SPOKEN:],
        in_part=len(case.granted) < len(case.locations),
        granted=len(case.granted),
        last=case.steps[-1] if case.steps else None,
    )
    blocks: list[Block] = [section(words["first"]), context(words["from"])]
    blocks += _texts(words["why"])
    blocks += _texts(words["stands"])
    if case.spoken:
        blocks += _texts(words["spoken"])
    if not row.state.is_final:
        blocks += [DividerBlock(), *_as_it_is(case), *_takes(case)]
    return words.plain("first"), [*blocks, actions(*_buttons(case))]


def _as_it_is(case: Case) -> list[Block]:
    said = [_concerned(each) for each in case.concerned]
    if case.more:
        said.append(Words("triage_post", more=case.more)["more_customers"])
    return [*map(section, lines([Words("triage_post")["now_heading"], *said]))]


def _concerned(each: Concerned) -> str:
    mean = each.priority
    values = {
        "line": each.dated.line,
        "health": each.health,
        "punts": each.dated.known.punts,
        "mean": mean,
        "score": points(mean.score) if mean else "",
        "parts": part_words(mean) if mean else [],
        "lines": each.earlier,
    }
    small = Words("triage_post", **values)
    return Words("triage_post", **values, priority=small["priority"], earlier=small["earlier"])[
        "now"
    ]


def _takes(case: Case) -> list[Block]:
    """Whom it would displace, at what cost; or that this is being worked out."""
    if case.weighed is None:
        open_ = not case.row.state.is_decided
        return [section(Words("triage_post")["weighing"])] if open_ else []
    told = case.weighed.tradeoff
    row, is_open = case.row, not case.row.state.is_decided
    makes = "would make" if is_open else "made" if row.state is State.scheduled else "make"
    words = Words("triage_post", **_told(case.weighed), row=row, is_open=is_open, makes=makes)
    heading = words["takes_heading" if is_open else "took_heading"]
    texts = [heading, words["goes"], words["displaces"]]
    if case.quota and case.quota.over:
        csa = case.concerned[0].dated.known
        name = short(csa.csa_name or csa.csa_email, LONGEST_NAME)
        texts.append(Words("triage_post", quota=case.quota, csa=name)["quota"])
    small = [context(words["as_of"])] if told.escalated else []
    return [*map(section, lines([text for text in texts if text])), *small]


def _told(weighed: Weighed) -> dict[str, object]:
    told = weighed.tradeoff
    hidden = told.displaced[MOST_MOVED:]
    ours, more = told.escalated[:MOST_MOVED], told.escalated[MOST_MOVED:]
    return {
        "told": told,
        "plan": weighed.plan,
        "due_on": weighed.due_on,
        "left_out": [(why_not(why), number) for why, number in told.left_out],
        "escalated": [_moved(weighed, each) for each in ours],
        "more_escalated": sum(each.locations for each in more),
        "displaced": moved_lines(weighed)[:MOST_MOVED],
        "more_displaced": sum(each.locations for each in hidden),
        "customers": len({each.customer_id for each in told.displaced}),
        "csas": len({each.csa_email for each in told.displaced}),
    }


def moved_lines(weighed: Weighed) -> list[Mrkdwn]:
    """A line for each customer that makes room."""
    moved = [_moved(weighed, each) for each in weighed.tradeoff.displaced]
    return [Words("triage_post", each=each)["makes_room"] for each in moved]


def _moved(weighed: Weighed, shift: Shift) -> dict[str, object]:
    return {
        "name": short(weighed.customer(shift), LONGEST_NAME),
        "csa": short(weighed.csa(shift), LONGEST_NAME),
        "locations": shift.locations,
        "after": shift.after,
        "way": way(shift),
    }


def way(shift: Shift) -> Mrkdwn:
    """From which week to which, and by how much that is later or earlier."""
    weeks = shift.weeks_later
    values = {"before": shift.before, "after": shift.after, "locations": shift.locations}
    return Words("triage_post", **values, weeks=weeks)["way"]


def why_not(reason: str) -> str:
    """Why no week can be looked for, in words."""
    if reason.startswith(WAITING_FOR):
        return f"{reason}, which has no date"
    return {"begun": "its week has begun", "churned": "it is silent for so long"}.get(
        reason, f"it is {reason}"
    )


def _buttons(case: Case) -> Sequence[ButtonElement]:
    row = case.row
    value = f"{row.number}|{row.version}"
    may = possible(row.state, Who.triage)
    # Who decides about a new one has taken it in hand by that.
    steps = [step for step in LABELS if step in may or Step.triage in may]
    pointless = {Step.approve_partly} if len(case.locations) == 1 else set[Step]()
    if not is_person(row.sent_by):
        pointless.add(Step.ask)
    steps = [step for step in steps if step not in pointless]
    row_of = [_button(step, value) for step in steps]
    if Step.approve in steps and case.weighed:
        row_of.append(button("Weigh another day", "triage_weigh", value))
    if row.state is State.approved:
        row_of.append(button("Make room", "triage_make_room", value))
    return [*row_of, see_button(row.number)]


def _button(step: Step, value: str) -> ButtonElement:
    style = "primary" if step is Step.approve else None
    return button(LABELS[step], f"triage_{step.replace(' ', '_')}", value, style=style)


def _texts(words: str) -> list[Block]:
    return [*map(section, lines(words.split("\n")))]


def _link(link: str | None) -> Mrkdwn | None:
    """A link that was given, where nothing in it could end it early."""
    if not link or any(sign in link for sign in "<>|"):
        return None
    return Mrkdwn(f"<{escape(link)}|Evidence>")
