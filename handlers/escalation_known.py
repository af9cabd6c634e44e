"""What is known of what somebody wants to escalate: its date, what is in the way, who asked before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from handlers.blocks import Words
from handlers.choices import named
from handlers.dates import look_up
from handlers.escalation_possible import Hindered, hindered
from rules.finding import Named
from rules.requests import Hindrance, Verdict, is_in_time
from rules.working_time import Clocks
from store.escalation_lines import Line
from store.session import Reading

LEFT_OUT = frozenset({Hindrance.begun, Hindrance.churned, Hindrance.feature_without_date})
"""Why a location is left out where its customer is asked for as a whole, and others can move."""
SOME_TIME = timedelta(weeks=4)
"""Where no day is chosen yet it is looked what is in the way of any day."""
SEVERAL_CUSTOMERS = (
    "These belong to {customers} customers. Please send an escalation for each: they are decided "
    "one by one."
)
UNKNOWN = "There is nothing left of this that could move. Choose again from the list."
BOTH = "You chose {name} as a whole and some of its locations. Take one or the other out."


@dataclass(frozen=True)
class Known:
    """What is known of what was chosen.

    `line` says when it moves, where it is one. `locations` are the ids that would be asked for;
    `left_out` says which are not, `in_time` that all of them move by the wished day as it is. `wrong`
    says why the choice is no choice for one escalation. `clocks` is how long triage may take.
    """

    customer: str = ""
    line: str = ""
    locations: Sequence[str] = ()
    hindrances: Sequence[Hindered] = ()
    left_out: str = ""
    in_time: str = ""
    repeated: Sequence[Line] = ()
    wrong: str = ""
    clocks: Clocks = field(default_factory=Clocks)


async def known_of(
    reading: Reading, what: Sequence[tuple[str, str]], wished_on: date | None, today: date
) -> Known:
    """What is known of the options that were chosen, by value and label, and of the wished day."""
    clocks = (await reading.triage.now()).triage.clocks
    chosen = [named(value) for value, _ in what]
    if not chosen:
        return Known(clocks=clocks)
    customers = await _customers(reading, chosen)
    whole = next((each for each in chosen if each.kind == "customer"), None)
    asked = [each.id for each in chosen]
    if whole:
        asked = await reading.requests.locations_of(whole.id)
    wrong = _wrong(chosen, customers, dict(what)) or ("" if customers and asked else UNKNOWN)
    if wrong:
        return Known(wrong=wrong, clocks=clocks)
    parameters = await reading.parameters.current()
    verdicts = await reading.requests.verdicts(
        asked, wished_on or today + SOME_TIME, today=today, parameters=parameters
    )
    left_out: dict[Verdict, list[str]] = {}
    if whole:
        left_out = {each: ids for each, ids in verdicts.items() if each.hindrance in LEFT_OUT}
        left_out = left_out if len(left_out) < len(verdicts) else {}
    locations = [
        location for each, ids in verdicts.items() if each not in left_out for location in ids
    ]
    in_the_way = {each: ids for each, ids in verdicts.items() if each not in left_out}
    found = await hindered(reading, in_the_way, len(locations))
    dated = await look_up(reading, chosen[0], today) if len(chosen) == 1 else None
    return Known(
        customer=customers[0],
        line=dated.line if dated else "",
        locations=sorted(locations),
        hindrances=[each for each in found if wished_on or not each.is_of_the_day],
        left_out=_told_left_out(left_out, len(asked)),
        in_time=await _in_time(reading, locations, wished_on),
        repeated=await reading.escalation_lines.open_about(locations),
        clocks=clocks,
    )


async def _in_time(reading: Reading, locations: Sequence[str], wished_on: date | None) -> str:
    last = await reading.requests.last_week(locations) if wished_on and locations else None
    if wished_on is None or not is_in_time(last, wished_on):
        return ""
    return Words("escalation_possible", week=last, asked=len(locations)).plain("in_time")


async def _customers(reading: Reading, chosen: Sequence[Named]) -> list[str]:
    """The ids of the customers concerned."""
    locations = [each.id for each in chosen if each.kind == "location"]
    owners = await reading.requests.customers_of(locations) if locations else []
    whole = [each.id for each in chosen if each.kind == "customer"]
    return list(dict.fromkeys([*whole, *owners]))


def _wrong(chosen: Sequence[Named], customers: Sequence[str], labels: dict[str, str]) -> str:
    if len(customers) > 1:
        return SEVERAL_CUSTOMERS.format(customers=len(customers))
    whole = [each for each in chosen if each.kind == "customer"]
    if whole and len(chosen) > 1:
        return BOTH.format(name=labels[f"customer|{whole[0].id}"])
    return ""


def _told_left_out(left_out: dict[Verdict, list[str]], asked: int) -> str:
    counts = {
        why: sum(len(ids) for verdict, ids in left_out.items() if verdict.hindrance is why)
        for why in LEFT_OUT
    }
    total = sum(counts.values())
    return (
        Words("escalation_form", counts=counts, total=total, asked=asked)["left_out"]
        if total
        else ""
    )
