"""Telling of checks: each person once for all that was judged together."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from handlers.check_words import sentence
from handlers.concerned import tell_concerned
from handlers.digest_checks import CHECKED, FAILED, PASSED, PERSON, UNSURE
from rules.following import Kind, News, Subject
from rules.location_life import State
from rules.verdicts import Check, Verdict
from store.checks import Found
from store.session import Transaction

ALONE = frozenset({FAILED, PERSON})
"""What is told of each location, with its numbers."""


async def tell_of_checks(tx: Transaction, batch: UUID) -> None:
    """Let whom it concerns hear of all that was judged together, and of what was revised."""
    found = await tx.checks.of_batch(batch)
    followed = await tx.subscriptions.singled_out()
    await tell_concerned(tx, f"checks {batch}", list(news_of(found, followed)))


def news_of(found: Sequence[Found], followed: Collection[str] = ()) -> Iterator[News]:
    """The news of checks: what passed is counted, what did not is told location by location.

    Of what was judged twice the last tells. A revision is news where its verdict is another one.
    Locations whose ids are `followed` are told of alone.
    """
    last = {(each.row.week, each.row.location_id): each for each in found}
    followed = frozenset(followed)
    together: dict[tuple[str, ...], list[Found]] = defaultdict(list)
    for each in last.values():
        if not each.is_news:
            continue
        kind, location = kind_of(each.check), each.row.location_id
        is_alone = kind in ALONE or location in followed
        was = "" if each.was is None else each.was.name
        alike = (each.customer_id, each.row.week.isoformat(), kind, was)
        together[(*alike, location if is_alone else "")].append(each)
    for (customer, week, kind, was, _), alike_ones in together.items():
        only = alike_ones[0] if len(alike_ones) == 1 else None
        subjects = [Subject(Kind.customer, customer)]
        subjects += [Subject(Kind.location, only.row.location_id)] if only else []
        facts = {
            "customer": customer,
            "wave": week,
            "kind": kind,
            "was": was,
            "locations": len(alike_ones),
            "location": only.row.location_id if only else None,
            "words": sentence(only.check) if only else "",
            "is_accepted": only is not None and only.state is State.accepted,
        }
        yield News(CHECKED, frozenset(subjects), facts)


def kind_of(check: Check) -> str:
    """How a verdict is told."""
    if check.is_for_a_person:
        return PERSON
    kinds = {Verdict.passed: PASSED, Verdict.failed: FAILED, Verdict.inconclusive: UNSURE}
    return kinds[check.verdict]
