"""The week of triage: who escalated what, how it was decided and whom it displaced, told each Monday."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import Block

from handlers.blocks import Mrkdwn, Words, built, context, lines, section
from handlers.dates import short
from handlers.escalation_turn import WAVEPOST
from handlers.escalation_words import about
from handlers.triage_place import triage_lanes
from rules.escalation import Step
from rules.hours import at
from rules.quotas import Quota, by_csa
from rules.triage import A_WEEK, Triage
from store.escalation_lines import Line
from store.outbox import Message
from store.session import Reading, Store, Transaction
from store.triage import Outcome

CAUSE = "triage week"
FRESH = timedelta(days=5)
"""So long after it is due a summary is still told: to the end of that working week."""
MOST_LISTED = 20
LONGEST_NAME = 40


async def tell_of_week(store: Store) -> None:
    """Sum up the last week where triage reads, once; too late, it is noted that it was not."""
    async with store.transaction(actor=WAVEPOST) as tx:
        triage = (await tx.triage.now()).triage
        if triage.channel is None:
            return
        now = await tx.clock.now()
        week, due = triage.summary_due(now)
        if await tx.triage.is_closed(week):
            return
        if now >= due + FRESH:
            await tx.triage.claim_week(
                week, Outcome.skipped, "Wavepost did not run when it was due"
            )
        elif await tx.triage.claim_week(week, Outcome.told):
            await _tell(tx, triage, week)


async def _tell(tx: Transaction, triage: Triage, week: date) -> None:
    fallback, blocks = await summary(tx, triage, week)
    for lane in await triage_lanes(tx):
        tx.say(Message(lane, fallback, built(*blocks), cause=CAUSE))


async def summary(reading: Reading, triage: Triage, week: date) -> tuple[str, list[Block]]:
    """What a notification says, and the week: a line for each escalation, and what the quotas say."""
    zone = ZoneInfo(triage.zone)
    begins, ends = (at(day, time(), zone) for day in (week, week + A_WEEK))
    told = await reading.escalation_lines.between(begins, ends)
    steps = Counter(await reading.escalations.steps_between(begins, ends))
    head = Words(
        "triage_week",
        week=week,
        total=len(told),
        sent=sum(begins <= line.row.sent_at < ends for line in told),
        approved=steps[Step.approve] + steps[Step.approve_partly],
        declined=steps[Step.decline],
        open=len(await reading.escalations.undecided()),
    )["head"]
    texts = [_line(line) for line in told[:MOST_LISTED]]
    if len(told) > MOST_LISTED:
        texts.append(Words("triage_week", more=len(told) - MOST_LISTED)["more"])
    quotas = await _quotas(reading, triage, ends)
    return head, [
        section(head),
        *map(section, lines(texts)),
        *([context(quotas)] if quotas else []),
    ]


def _line(line: Line) -> Mrkdwn:
    what = about(line)["what"]
    displaced = ((line.row.weighed or {}).get("tradeoff") or {}).get("displaced") or ()
    return Words(
        "triage_week",
        row=line.row,
        what=what,
        in_part=_is_in_part(line),
        is_weighed=line.row.weighed is not None,
        displaced=sum(each["locations"] for each in displaced),
        customers=len({each["customer_id"] for each in displaced}),
    )["line"]


def _is_in_part(line: Line) -> bool:
    """Whether something less was approved than was asked for: fewer locations, or a later day."""
    due_on = line.row.due_on
    return due_on is not None and (line.granted < line.locations or due_on > line.row.wished_on)


async def _quotas(reading: Reading, triage: Triage, ends: datetime) -> str:
    """How many approvals each CSA has used in the month in which the week ends."""
    last = (ends - timedelta(seconds=1)).astimezone(ZoneInfo(triage.zone)).date()
    given = await reading.escalations.given_since(last.replace(day=1))
    used = by_csa(given, last, triage.quotas)
    if not used:
        return ""
    names = await reading.called.csas({each.csa for each in used})
    return Words("triage_week", month=last, lines=_named(used, names))["quotas"]


def _named(used: Sequence[Quota], names: dict[str, str]) -> list[Mrkdwn]:
    return [
        Words("triage_week", quota=each, csa=short(names.get(each.csa, each.csa), LONGEST_NAME))[
            "quota"
        ]
        for each in used
    ]
