"""What sheets, their rows and their columns are called in a sentence, for who does not know our names."""

from collections.abc import Mapping

from rules.columns import Kind

SHEETS: Mapping[Kind, str] = {
    Kind.master: "the master sheet",
    Kind.history: "the order history",
    Kind.csas: "the list of CSAs",
    Kind.features: "the roadmap",
    Kind.blackouts: "the list of blackouts",
    Kind.escalated_stores: "the list of escalated stores",
    Kind.marks: "the marks of a wave",
}

ROWS: Mapping[Kind, tuple[str, str]] = {
    Kind.master: ("location", "locations"),
    Kind.history: ("week of a location", "weeks of locations"),
    Kind.csas: ("CSA", "CSAs"),
    Kind.features: ("feature", "features"),
    Kind.blackouts: ("blackout", "blackouts"),
    Kind.escalated_stores: ("store", "stores"),
    Kind.marks: ("location", "locations"),
}
"""What a row is: one of them, and several."""

BECOME: Mapping[Kind, tuple[str, str, str]] = {
    Kind.marks: ("marked", "marked after a failure", "nothing new"),
}
"""What becomes of rows that are added, changed and unchanged, where it is more than that."""


def become(kind: Kind) -> tuple[str, str, str]:
    """What is said of rows that are added, changed and unchanged."""
    return BECOME.get(kind, ("new", "changed", "unchanged"))


COLUMNS: Mapping[Kind, Mapping[str, str]] = {
    Kind.master: {
        "location_id": "location id",
        "location_name": "location name",
        "customer_id": "customer id",
        "customer_name": "customer name",
        "csa_email": "e-mail address of the CSA",
        "region": "region",
        "timezone": "time zone",
        "status": "status",
        "requires": "features it needs",
        "signed_up_on": "day it signed up",
        "last_order_on": "day of its last order",
        "orders_28d": "orders in 28 days",
        "missed_orders_28d": "missed orders in 28 days",
        "cancelled_orders_28d": "cancelled orders in 28 days",
        "orders_prev_28d": "orders in the 28 days before",
        "open_hours_28d": "open hours in 28 days",
        "online_hours_28d": "online hours in 28 days",
        "gmv_28d": "sales in 28 days",
    },
    Kind.history: {
        "location_id": "location id",
        "week_start": "Monday of the week",
        "orders": "orders",
        "missed_orders": "missed orders",
        "cancelled_orders": "cancelled orders",
        "online_hours": "online hours",
        "open_hours": "open hours",
    },
    Kind.csas: {
        "email": "e-mail address",
        "name": "name",
        "weekly_capacity": "locations a week",
        "leave_weeks": "weeks of leave",
    },
    Kind.features: {
        "key": "key",
        "name": "name",
        "target_release_on": "planned day of release",
        "released_on": "day of release",
    },
    Kind.blackouts: {
        "region": "region",
        "from": "first day",
        "to": "last day",
        "why": "reason",
    },
    Kind.escalated_stores: {
        "location_id": "location id",
        "requested_by": "who asked for it",
        "reason": "reason",
        "wished_on": "wished day",
    },
    Kind.marks: {
        "location_id": "location id",
        "wave": "Monday of the wave",
        "outcome": "outcome",
        "cause": "cause of the failure",
        "remedy": "what was done about it",
        "lost_orders": "whether orders were lost",
        "on": "day of the move",
    },
}
"""What a column holds, by its canonical name."""
