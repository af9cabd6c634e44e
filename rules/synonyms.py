"""The names people give the columns of each kind of sheet, as they write them."""

# Kind -> canonical column -> names, separated by commas; case, spaces and punctuation do not count.
SYNONYMS: dict[str, dict[str, str]] = {
    "master": {
        "location_id": (
            "location, location number, location no, loc id, store id, store, store number, "
            "store no, store code, store #, site id, shop id, outlet id, branch id, "
            "restaurant id, venue id, location code"
        ),
        "location_name": (
            "store name, site name, shop name, outlet name, branch name, restaurant name, "
            "venue name"
        ),
        "customer_id": (
            "account, account id, account number, account no, merchant id, brand id, "
            "customer, customer number, customer no, client id, company id, merchant number, "
            "parent id, parent account id"
        ),
        "customer_name": (
            "account name, merchant, merchant name, brand, brand name, client, client name, "
            "company, company name, parent account"
        ),
        "csa_email": (
            "csa, csm, csm email, owner, owner email, account owner, account owner email, "
            "account manager, account manager email, customer success associate, customer "
            "success manager, csa mail, account manager mail"
        ),
        "region": "market, area, territory, geo, sales region",
        "timezone": "tz, time zone, iana timezone, tzid",
        "status": "location status, store status, account status, state of account",
        "requires": (
            "required features, features required, features, feature, needs, blocked by, "
            "requires features, feature keys"
        ),
        "signed_up_on": (
            "signed up, sign up date, signup date, signup, go live, go live date, live since, "
            "start date, onboarded on, onboarding date, created, created at, created on, "
            "customer since"
        ),
        "last_order_on": (
            "last order, last order date, last order at, date of last order, latest order, "
            "most recent order, last ordered"
        ),
        "orders_28d": (
            "orders, orders last 28 days, orders 28 days, orders 28, 28d orders, order count, "
            "orders 4 weeks, orders last 4 weeks"
        ),
        "missed_orders_28d": (
            "missed orders, missed, missed 28d, missed orders 28 days, missed orders last 28 days"
        ),
        "cancelled_orders_28d": (
            "cancelled orders, canceled orders, cancelled, canceled, cancelled 28d, canceled "
            "orders 28d, canceled 28d, cancellations, cancellations 28d, cancelled orders "
            "last 28 days, canceled orders last 28 days"
        ),
        "orders_prev_28d": (
            "orders previous 28d, orders prior 28d, previous orders, orders previous 28 days, "
            "previous 28d orders, orders prev, prior orders"
        ),
        "open_hours_28d": "open hours, opening hours 28d, hours open, scheduled hours",
        "online_hours_28d": "online hours, hours online, uptime hours",
        "gmv_28d": (
            "gmv, gmv last 28 days, gross merchandise value, sales 28d, sales, revenue, "
            "revenue 28d, turnover"
        ),
    },
    "history": {
        "location_id": (
            "location, location number, location no, loc id, store id, store, store number, "
            "store no, store code, store #, site id, shop id, outlet id, branch id, "
            "restaurant id, venue id, location code"
        ),
        "week_start": (
            "week, week of, week starting, week commencing, week beginning, monday, week start date"
        ),
        "orders": "order count, weekly orders, orders 7d",
        "missed_orders": "missed, missed orders 7d",
        "cancelled_orders": "canceled orders, cancelled, canceled, cancellations",
        "online_hours": "hours online",
        "open_hours": "hours open, opening hours",
    },
    "csas": {
        "email": "csa email, e-mail address, email address, mail, csa, csm email",
        "name": "csa name, full name, csm name",
        "weekly_capacity": (
            "capacity, locations per week, locations a week, stores per week, capacity per week"
        ),
        "leave_weeks": (
            "leave, weeks of leave, weeks off, holiday, holidays, vacation, absent, out of "
            "office, pto"
        ),
    },
    "features": {
        "key": "feature key, feature, feature id, id",
        "name": "feature name, title",
        "target_release_on": (
            "target release, target date, target, planned release, release date, due, target "
            "release date, eta, planned for"
        ),
        "released_on": "released, released at, actual release, shipped, shipped on, live on",
    },
    "blackouts": {
        "region": "market, area, territory, geo",
        "from": "from date, starts, start, start date, starts on, first day, begin",
        "to": "to date, until, ends, end, end date, ends on, last day, through",
        "why": "reason, holiday, name, note, comment",
    },
    "escalated_stores": {
        "location_id": (
            "location, location number, location no, loc id, store id, store, store number, "
            "store no, store code, store #, site id, shop id, outlet id, branch id, "
            "restaurant id, venue id, location code"
        ),
        "requested_by": "requester, requested by email, escalated by, asked by, requestor",
        "reason": "why, escalation reason, justification, comment",
        "wished_on": "wished date, wished, wanted by, due, due date, requested date, needed by",
    },
    "marks": {
        "location_id": (
            "location, location number, location no, loc id, store id, store, store number, "
            "store no, store code, store #, site id, shop id, outlet id, branch id, "
            "restaurant id, venue id, location code"
        ),
        "wave": "week, wave of, week of, monday",
        "outcome": "result, migration outcome, migration result, migration status, mark",
        "cause": "failure cause, cause of failure, why, why it failed, error, reason",
        "remedy": "fix, solution, resolution, workaround, what was done",
        "lost_orders": "orders lost, lost orders yes no",
        "on": "day, date, migrated on, failed on, migration date, happened on",
    },
}
