"""All tables in one place: what migrations and their test compare with the database."""

from store import (
    audit,
    calendar_feeds,
    channels,
    clock,
    customers,
    features,
    history,
    imports,
    interactions,
    jobs,
    outbox,
    people,
    pictures,
    plan_archive,
    plans,
    roles,
    scores,
    subscriptions,
    tidings,
    timeline,
    web_links,
    web_sessions,
)
from store.tables import Table

TABLES_BY_NOUN = (
    audit,
    calendar_feeds,
    channels,
    clock,
    customers,
    features,
    history,
    imports,
    interactions,
    jobs,
    outbox,
    people,
    pictures,
    plan_archive,
    plans,
    roles,
    scores,
    subscriptions,
    tidings,
    timeline,
    web_links,
    web_sessions,
)

metadata = Table.metadata
