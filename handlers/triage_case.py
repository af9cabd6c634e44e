"""What triage has to know of an escalation to decide about it: who it is about, and what it would take."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Self

from pydantic import TypeAdapter

from handlers.dates import Dated, look_up
from rules.ahead import Mean
from rules.escalation import State, Step
from rules.finding import Named
from rules.health import Component
from rules.quotas import Quota, quota
from rules.tradeoff import Shift, Tradeoff
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow, EscalationStepRow
from store.escalations import AskedFor
from store.jobs import Json
from store.scores import Scored
from store.session import Reading

MOST_CUSTOMERS = 3
SPOKEN = frozenset({Step.ask, Step.answer, Step.hand_over})
TRADEOFF = TypeAdapter(Tradeoff)


@dataclass(frozen=True, slots=True)
class Health:
    """The mean health of some locations, and what takes most of it away."""

    score: float
    largest_loss: Component | None

    @classmethod
    def of(cls, scored: Sequence[Scored]) -> Self | None:
        """The mean of those of which anything is known; None without any."""
        known = [each.score.health for each in scored if each.score.health.score is not None]
        if not known:
            return None
        lost = Counter[Component]()
        for health in known:
            lost.update({component: part.lost for component, part in health.parts.items()})
        largest = max(lost, key=lambda component: lost[component], default=None)
        score = sum(health.score or 0 for health in known) / len(known)
        return cls(score, largest if largest and lost[largest] > 0 else None)


@dataclass(frozen=True)
class Concerned:
    """A customer that an escalation is about, as it is now; `earlier` are its other escalations."""

    dated: Dated
    asked_for: int
    health: Health | None
    priority: Mean | None
    earlier: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whom it would displace to grant a day, as of a plan; names are by id and by e-mail address."""

    plan: int | None
    due_on: date
    tradeoff: Tradeoff
    customers: Mapping[str, str]
    csas: Mapping[str, str]

    def customer(self, shift: Shift) -> str:
        """What a customer is called."""
        return self.customers.get(shift.customer_id, shift.customer_id)

    def csa(self, shift: Shift) -> str:
        """What its CSA is called."""
        return self.csas.get(shift.csa_email, shift.csa_email)


@dataclass(frozen=True)
class Case:
    """All that triage reads of an escalation; `more` customers of it are not among `concerned`."""

    row: EscalationRow
    line: Line
    locations: Sequence[AskedFor]
    concerned: Sequence[Concerned]
    more: int
    steps: Sequence[EscalationStepRow]
    joiners: Sequence[str]
    weighed: Weighed | None
    quota: Quota | None

    @property
    def granted(self) -> Sequence[AskedFor]:
        """The locations that were granted; all, as long as nobody decided otherwise."""
        return [each for each in self.locations if each.granted]

    @property
    def spoken(self) -> Sequence[EscalationStepRow]:
        """The steps in which somebody said something, other than what decided it."""
        return [each for each in self.steps if each.words and each.step in SPOKEN]


async def case_of(reading: Reading, escalation_id: int) -> Case | None:
    """What there is to know of an escalation; None where there is none."""
    line, row = await reading.escalation_lines.one(escalation_id), None
    if line:
        row = await reading.escalations.get(escalation_id)
    if line is None or row is None:
        return None
    today = (await reading.clock.now()).date()
    locations = await reading.escalations.locations(escalation_id)
    by_customer = Counter(each.customer_id for each in locations)
    shown = [customer for customer, _ in by_customer.most_common(MOST_CUSTOMERS)]
    concerned = [await _concerned(reading, row, customer, locations, today) for customer in shown]
    found = [each for each in concerned if each]
    csa = found[0].dated.known.csa_email if found else None
    is_open = row.state in (State.new, State.in_triage, State.waiting)
    return Case(
        row=row,
        line=line,
        locations=locations,
        concerned=found,
        more=len(by_customer) - len(shown),
        steps=await reading.escalations.steps(escalation_id),
        joiners=[each.person for each in await reading.escalations.joiners(escalation_id)],
        weighed=await weighed_of(reading, row.weighed) if row.weighed else None,
        quota=await quota_of(reading, csa, today) if csa and is_open else None,
    )


async def weighed_of(reading: Reading, kept: Json) -> Weighed:
    """What was worked out for an escalation, with the names of all that it names."""
    told = TRADEOFF.validate_python(kept["tradeoff"])
    shifts = [*told.escalated, *told.displaced]
    return Weighed(
        kept["plan"],
        date.fromisoformat(kept["due_on"]),
        told,
        await reading.called.customers({each.customer_id for each in shifts}),
        await reading.called.csas({each.csa_email for each in shifts}),
    )


async def quota_of(reading: Reading, csa: str, today: date) -> Quota:
    """What the quota of a CSA would be after one more approval today."""
    given = await reading.escalations.given_since(today.replace(day=1))
    quotas = (await reading.triage.now()).triage.quotas
    return quota(csa, given, today, quotas).with_one_more()


async def _concerned(
    reading: Reading, row: EscalationRow, customer: str, locations: Sequence[AskedFor], today: date
) -> Concerned | None:
    mine = {each.location_id for each in locations if each.customer_id == customer}
    name = next(each.customer_name for each in locations if each.customer_id == customer)
    dated = await look_up(reading, Named("customer", customer, customer, name), today)
    if dated is None:
        return None
    newest = await reading.scores.newest()
    rows = await reading.scores.of_customer(newest.id, customer) if newest else []
    scored = [each for each in rows if each.location_id in mine]
    priorities = [each.score.priority for each in scored if each.score.priority]
    others = [
        each
        for each in await reading.escalation_lines.of_customer(customer)
        if each.row.id != row.id
    ]
    return Concerned(dated, len(mine), Health.of(scored), Mean.of(priorities), others)
