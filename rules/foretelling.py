"""What an announcement that is still to come will tell, as far as its schedule says it now."""

from collections.abc import Mapping
from datetime import date

from rules.announced import Breadth, Customer, Scope
from rules.announcement import SECTIONS, Section, Topic
from rules.concerning import customer_of, feature_of, week_of

OF_WAVES = frozenset({Section.this_wave, Section.next_wave})


def may_tell(
    topic: Topic, scope: Scope, fact: str, week: date, customers: Mapping[str, Customer]
) -> bool:
    """Whether an announcement of a week may tell a fact: a DM before it would tell it twice.

    `customers` are those of the facts. It may announce a nearer wave instead, or a feature's news no
    more; who then did not hear it is told after it.
    """
    sections = SECTIONS[topic]
    if feature := feature_of(fact):
        is_in_it = scope.of == feature if scope.breadth is Breadth.feature else True
        return Section.roadmap in sections and is_in_it
    customer = customers.get(customer_of(fact) or "")
    moves_on = week_of(fact)
    if customer is None or moves_on is None or OF_WAVES.isdisjoint(sections):
        return False
    return moves_on >= week.isoformat() and scope.locations(customer) > 0
