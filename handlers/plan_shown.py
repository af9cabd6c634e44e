"""Plans as messages: a draft beside the plan in force, and any plan as it was."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import (
    Blocks,
    Words,
    actions,
    built,
    button,
    context,
    facts,
    lines,
    picture,
    section,
)
from handlers.dates import short
from handlers.lists import PAGE, Page
from handlers.load_picture import Load
from handlers.plan_costs import why_incomparable
from handlers.plan_outcome import Outcome, Proposal, outcome_of
from handlers.publish_button import publish_button
from handlers.timeline import WHY
from rules.adjusting import differences, written
from rules.binding import Binding
from rules.parameters import Parameters
from rules.question import CHURNED
from rules.releases import features_of
from rules.wording import and_listed
from store.parameters import readable, usable
from store.plan_archive import Asked
from store.plan_versions import PlanVersion
from store.plans import MoveReason, PlanState
from store.session import Reading

MOST_CUSTOMERS = 5
MOST_REASONS = 8
MOST_WAVES = 12
MOST_PARAMETERS = 6
TENTH = 0.001
BEYOND_WORDS = 1e6
"""A gap that says nothing any more."""
WITHOUT_WEEK = {
    Binding.capacity.value: "no room left with their CSA",
    Binding.ramp.value: "no room left in the weeks of all CSAs together",
    Binding.blackout.value: "nobody moves in the weeks that are left",
    Binding.feature.value: "the feature they need comes after the last week planned",
    Binding.pilot.value: "the weeks that are left are for pilots",
    Binding.promise.value: "the room is promised to others",
    Binding.size.value: "too large for the weeks that are left",
    CHURNED: "no orders for so long that they count as gone",
}


@dataclass(frozen=True, eq=False)
class Shown:
    """A plan with all that is told of it; `customers` are names by id, of those that move.

    `people` would hear of it, where it is a draft and they were counted.
    """

    version: PlanVersion
    base: PlanVersion | None
    proposal: Proposal
    outcome: Outcome
    customers: dict[str, str]
    load: Load | None
    people: int | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return called(self.version)

    @property
    def words(self) -> Words:
        """What can be said of it as a whole."""
        return Words(
            "plan",
            name=self.name,
            outcome=self.outcome,
            base=self.base,
            why=self.version.why,
            cut_short=self.proposal.answer.cut_short,
            unplaced=sum(self.outcome.unplaced.values()),
            gap=at_most(self.outcome.gap),
            incomparable=why_incomparable(self.version, self.base) if self.base else None,
            base_gap=at_most(self.base.gap) if self.base else "",
            frozen=self.outcome.frozen_moves,
            usual=usable(self.version.parameters).default_capacity,
        )


def proposal_of(asked: Asked) -> Proposal:
    """What a kept plan says."""
    return Proposal.of(asked.question, asked.plan)


def called(version: PlanVersion) -> str:
    """A draft is called one until it is published."""
    return f"{'Plan' if version.state is PlanState.published else 'Draft'} {version.id}"


def at_most(gap: float) -> str:
    """How far from the best possible, in words, rounded so that it stays true."""
    if not gap < BEYOND_WORDS:
        return "An unknown share"
    if gap < TENTH / 10:
        return "At most 0.1 %"
    return f"At most {-(-gap // TENTH) / 10:,.1f} %"


def shown(
    version: PlanVersion,
    base: PlanVersion | None,
    proposal: Proposal,
    customers: dict[str, str],
    load: Load | None,
    people: int | None = None,
) -> Shown:
    """A plan and what it comes to."""
    outcome = outcome_of(proposal, version.id, is_new=True)
    return Shown(version, base, proposal, outcome, customers, load, people)


async def names_of(reading: Reading, proposal: Proposal) -> dict[str, str]:
    """The names of the customers that move most."""
    return await reading.called.customers(
        proposal.movers["customer_id"].head(MOST_CUSTOMERS).to_list()
    )


def compared(plan: Shown, drawn: str | None) -> tuple[str, Blocks]:
    """A draft beside the plan in force, with the buttons that decide; `drawn` is its picture."""
    words = plan.words
    number = str(plan.version.id)
    blocks: list[Block] = [section(f"*{words['headline']}*"), context(words["origin"])]
    blocks += body(plan, words)
    blocks += pictured(plan, drawn)
    blocks.append(
        actions(
            publish_button(plan.version.id, plan.outcome, plan.people),
            *_moves_button(plan),
            button("Discard", "plan_discard", number),
        )
    )
    if words["assumed"]:
        blocks.append(context(words["assumed"]))
    blocks.append(context(words["published_how"]))
    return words["headline"], built(*blocks)


def body(plan: Shown, words: Words) -> list[Block]:
    """The figures of a plan, why dates move, whose, and who has none."""
    outcome = plan.outcome
    blocks: list[Block] = [
        facts(
            ("With a date", words["with_date"]),
            ("Without a date", words["without_date"]),
            ("How good it is", words["quality"]),
            ("Cost of waiting and moving", words["cost"]),
        )
    ]
    if outcome.moves:
        texts = [words["reasons_heading"], *_reasons(outcome)]
        texts += [words["frozen"]] if outcome.frozen_moves else []
        blocks += map(section, lines(texts))
        blocks += map(section, lines([words["customers_heading"], *_largest_moves(plan)]))
    if outcome.unplaced:
        blocks += map(section, lines([words["unplaced_heading"], *_without_week(outcome)]))
    return blocks


def pictured(plan: Shown, drawn: str | None) -> list[Block]:
    """The picture of the load, where it is drawn, and what it leaves out."""
    load = plan.load
    if not load:
        return []
    words = Words(
        "plan",
        csas=len(load.csas),
        weeks=len(load.mondays),
        first=load.mondays[0],
        fullest=f"{load.loads.fullest:.0%}",
        left=load.left,
    )
    blocks: list[Block] = [
        picture(drawn, words["load_alt"]) if drawn else context(words["load_drawing"])
    ]
    return [*blocks, context(words["load_left"])] if load.left else blocks


def of_past(plan: Shown, drawn: str | None) -> tuple[str, Blocks]:
    """A plan that was decided about, as it was."""
    version = plan.version
    words = Words("plan", plan=version)
    is_plan = version.state is PlanState.published
    line = words["was_in_force" if is_plan else "was_draft"]
    blocks: list[Block] = [section(line), provenance(version)]
    blocks += body(plan, plan.words)
    blocks += waves(plan)
    blocks += pictured(plan, drawn)
    row = _moves_button(plan)
    blocks += [actions(*row)] if row else []
    return line, built(*blocks)


def without_archive(version: PlanVersion) -> tuple[str, Blocks]:
    """A plan that was made before plans were kept whole."""
    words = Words("plan", plan=version)
    blocks = [section(words["was_in_force"]), provenance(version)]
    return words["was_in_force"], built(*blocks, context(words["before_archive"]))


def waves(plan: Shown) -> list[Block]:
    """How many locations go in each week."""
    placed = plan.proposal.weeks
    texts = [
        Words("plan", week=week, locations=locations, customers=customers)["wave"]
        for week, locations, customers in placed.head(MOST_WAVES).iter_rows()
    ]
    more = placed.height - MOST_WAVES
    if more > 0:
        texts.append(Words("plan", more=more)["more_waves"])
    heading = Words("plan")["waves_heading"]
    return list(map(section, lines([heading, *texts]))) if texts else []


async def page_of_moves(reading: Reading, plan: Shown, number: int) -> tuple[str, Blocks]:
    """A page of everything that moves."""
    moves = plan.proposal.by_most
    here = moves.slice(number * PAGE, PAGE)
    names = await reading.called.customers(here["customer_id"].unique().to_list())
    page = Page(_moves(here.iter_rows(named=True), names), number, moves.height)
    heading = Words("plan", name=plan.name)["moves_heading"]
    turns = page.turns("plan_moves", str(plan.version.id))
    blocks = [*map(section, lines([heading, *page.items])), context(page.span)]
    return heading, built(*blocks, actions(*turns) if turns else None)


def provenance(version: PlanVersion) -> Block:
    """Who made it and who decided about it, when, with which parameters, and how good it is."""
    words = Words("plan", plan=version)
    is_plan = version.state is PlanState.published
    return facts(
        ("Made by", words["made"]),
        ("Published by" if is_plan else "Put aside by", words["decided"]),
        ("How good it is", f"{at_most(version.gap)} above the best possible"),
        ("Parameters", _parameters_of(version)),
    )


def _parameters_of(version: PlanVersion) -> str:
    """The numbers that are not the defaults, as far as they can still be read."""
    parameters = readable(version.parameters)
    if parameters is None:
        return Words("plan")["parameters_unreadable"]
    others = [
        (each.number.title, written(each.after)) for each in differences(Parameters(), parameters)
    ]
    first, more = others[:MOST_PARAMETERS], len(others[MOST_PARAMETERS:])
    return Words("plan", others=first, more=more)["parameters"]


def _moves_button(plan: Shown) -> list[ButtonElement]:
    if plan.proposal.by_most.is_empty():
        return []
    return [button("Show all moves", "plan_moves", f"{plan.version.id}|0")]


def _reasons(outcome: Outcome) -> Sequence[str]:
    by_most = sorted(outcome.moves.items(), key=lambda each: -each[1])
    return [
        Words("plan", locations=locations, why=WHY[MoveReason(reason)])["reason"]
        for reason, locations in by_most
    ]


def _largest_moves(plan: Shown) -> Sequence[str]:
    """A line for each customer that moves most; why is said where there are several reasons."""
    movers = plan.proposal.movers
    several = len(plan.outcome.moves) > 1
    told = [
        Words(
            "plan",
            customer=short(plan.customers[mover["customer_id"]]),
            mover=mover,
            why=WHY[MoveReason(mover["reason"])] if several else "",
        )["mover"]
        for mover in movers.head(MOST_CUSTOMERS).iter_rows(named=True)
    ]
    more = movers.height - MOST_CUSTOMERS
    return [*told, Words("plan", more=more)["more_movers"]] if more > 0 else told


def _moves(rows: Iterable[Mapping[str, Any]], names: Mapping[str, str]) -> Sequence[str]:
    return [
        Words(
            "plan",
            customer=short(names[move["customer_id"]]),
            from_week=move["from_week"],
            to_week=move["to_week"],
            locations=move["locations"],
            why=WHY[MoveReason(move["reason"])],
        )["move"]
        for move in rows
    ]


def _without_week(outcome: Outcome) -> Sequence[str]:
    by_most = sorted(outcome.unplaced.items(), key=lambda each: (-each[1], each[0]))
    told = [
        Words("plan", locations=locations, why=_why_not(reason))["unplaced"]
        for reason, locations in by_most[:MOST_REASONS]
    ]
    more = sum(locations for _, locations in by_most[MOST_REASONS:])
    return [*told, Words("plan", more=more)["more_unplaced"]] if more else told


def _why_not(reason: str) -> str:
    features = features_of(reason)
    if not features:
        return WITHOUT_WEEK.get(reason, reason)
    return f"they wait for {and_listed(features)}, without a date"
