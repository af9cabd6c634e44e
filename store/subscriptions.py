"""What people follow, how soon they want to hear of it, and at which hours."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Index, Text, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlmodel import Field

from rules.following import EVERY_WAVE, OWNERS_PACE, Choice, Kind, Pace, Subject
from rules.hours import USUAL, Habits
from store.driver import all_found
from store.tables import Table, instant


class SubscriptionRow(Table, table=True):
    """What a person chose about one subject. Whoever owns customers follows them without a row."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("subscriptions_kind_subject_index", "kind", "subject"),)

    person_id: str = Field(primary_key=True)
    kind: Kind = Field(primary_key=True, sa_type=Text)
    subject: str = Field(primary_key=True)
    pace: Pace = Field(sa_type=Text)
    since: datetime = instant(now=True)


class HabitsRow(Table, table=True):
    """When a person wants to be told, on the clock on their own wall."""

    __tablename__ = "habits"

    person_id: str = Field(primary_key=True)
    digest_at: time
    quiet_from: time
    quiet_until: time


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a person follows: what it is called, how soon they hear, and whether they own it."""

    subject: Subject
    name: str
    pace: Pace
    is_owned: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """When a person can be told: their habits, in their zone."""

    habits: Habits
    zone: ZoneInfo


# A customer's CSA owns it: the CSA hears of it as if they had chosen to, until they choose otherwise.
OWNED = """
    SELECT people.id AS person_id, 'csa' AS kind, lower(people.email) AS subject, :owners AS pace,
        true AS is_owned
    FROM people WHERE EXISTS (SELECT FROM customers WHERE csa_email = lower(people.email))
"""
# Arrays and a materialized part: without statistics the planner takes both for a row or two, and
# would look through all subjects again for each person.
ABOUT = text(f"""
    WITH told AS MATERIALIZED (
        SELECT person_id, kind, subject, pace, false AS is_owned FROM subscriptions
        WHERE kind = ANY (CAST(:kinds AS text[])) AND subject = ANY (CAST(:ids AS text[]))
        UNION ALL
        SELECT person_id, kind, subject, pace, is_owned FROM ({OWNED}) AS owned
        WHERE subject = ANY (CAST(:csas AS text[])) AND NOT EXISTS (
            SELECT FROM subscriptions AS chosen WHERE chosen.person_id = owned.person_id
            AND chosen.kind = owned.kind AND chosen.subject = owned.subject)
    )
    SELECT told.* FROM told JOIN people ON people.id = told.person_id
    WHERE (people.active AND people.kind = 'member') OR (:gone AND told.is_owned)
""")
OF_PERSON = text(f"""
    WITH owned AS ({OWNED} AND people.id = :person), chosen AS (
        SELECT person_id, kind, subject, pace FROM subscriptions WHERE person_id = :person
    )
    SELECT kind, subject, coalesce(chosen.pace, owned.pace) AS pace,
        coalesce(owned.is_owned, false) AS is_owned
    FROM chosen FULL JOIN owned USING (kind, subject)
""")
CHOSEN = """
    SELECT kind, subject, pace FROM subscriptions
    JOIN unnest(CAST($2 AS text[]), CAST($3 AS text[])) AS about (kind, subject)
        USING (kind, subject)
    WHERE person_id = $1
"""
NAMES = text("""
    SELECT about.kind, about.subject, CASE about.kind
        WHEN 'customer' THEN (SELECT name FROM customers WHERE id = about.subject)
        WHEN 'location' THEN (SELECT name FROM locations WHERE id = about.subject)
        WHEN 'feature' THEN (SELECT name FROM features WHERE key = about.subject)
        WHEN 'csa' THEN coalesce(
            (SELECT name FROM csas WHERE email = about.subject),
            (SELECT name FROM people WHERE lower(email) = about.subject LIMIT 1),
            (SELECT csa_email FROM customers WHERE csa_email = about.subject LIMIT 1))
        END AS name
    FROM unnest(CAST(:kinds AS text[]), CAST(:ids AS text[])) AS about (kind, subject)
""")
WIDER = text("""
    SELECT 'customer' AS kind, id, id AS customer_id, csa_email FROM customers
    WHERE id = ANY (CAST(:customers AS text[]))
    UNION ALL
    SELECT 'location', locations.id, customers.id, customers.csa_email
    FROM locations JOIN customers ON customers.id = locations.customer_id
    WHERE locations.id = ANY (CAST(:locations AS text[]))
""")
CSAS = text("""
    SELECT owners.email, coalesce(csas.name, people.name, owners.email) AS name
    FROM (SELECT DISTINCT csa_email AS email FROM customers) AS owners
    LEFT JOIN csas ON csas.email = owners.email
    LEFT JOIN people ON lower(people.email) = owners.email AND people.active
    ORDER BY lower(coalesce(csas.name, people.name, owners.email)), owners.email
""")
FEATURES = text("SELECT key, name FROM features ORDER BY lower(name), key")
SINGLED_OUT = text("SELECT DISTINCT subject FROM subscriptions WHERE kind = 'location'")
HOURS = text("""
    SELECT people.id, people.timezone, habits.digest_at, habits.quiet_from, habits.quiet_until
    FROM people LEFT JOIN habits ON habits.person_id = people.id
    WHERE people.id = ANY (CAST(:people AS text[]))
""")
ORDER = (Kind.csa, Kind.wave, Kind.feature, Kind.customer, Kind.location)
"""In which order what somebody follows is listed, after what they own: the broader first."""


class Subscriptions:
    """What people follow."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def about(self, subjects: Collection[Subject], *, or_gone: bool = False) -> list[Choice]:
        """All choices about these subjects, by members who are active: those of owners too.

        With `or_gone`, those of owners who left or are guests too: somebody must take over.
        """
        values = {
            "kinds": list({subject.kind.value for subject in subjects}),
            "ids": list({subject.id for subject in subjects}),
            "csas": [subject.id for subject in subjects if subject.kind is Kind.csa],
            "owners": OWNERS_PACE,
            "gone": or_gone,
        }
        rows = await self._connection.execute(ABOUT, values)
        choices = (
            Choice(row.person_id, Subject(Kind(row.kind), row.subject), Pace(row.pace))
            for row in rows
        )
        wanted = frozenset(subjects)
        return [choice for choice in choices if choice.subject in wanted]

    async def chosen_by(self, person_id: str) -> dict[Subject, Pace]:
        """How soon a person wants to hear of what, their own customers included."""
        return {each.subject: each.pace for each in await self._followed(person_id)}

    async def chosen(self, person_id: str, subjects: Collection[Subject]) -> dict[Subject, Pace]:
        """What a person chose about these subjects; what they own is not a choice."""
        about = _columns(subjects)
        rows = await all_found(self._connection, CHOSEN, person_id, about["kinds"], about["ids"])
        return {Subject(Kind(kind), subject): Pace(pace) for kind, subject, pace in rows}

    async def of(self, person_id: str) -> list[Subscription]:
        """What a person follows or muted, with its name: what they own, then the broader first.

        What is gone meanwhile is called by its id.
        """
        followed = await self._followed(person_id)
        names = await self.names([each.subject for each in followed])
        named = [
            Subscription(
                each.subject, names.get(each.subject, each.subject.id), each.pace, each.is_owned
            )
            for each in followed
        ]
        return sorted(named, key=_place)

    async def choose(self, person_id: str, subject: Subject, pace: Pace) -> None:
        """Follow at this pace, or mute; what was chosen before about the subject is replaced."""
        row = {"person_id": person_id, "kind": subject.kind, "subject": subject.id, "pace": pace}
        chosen = insert(SubscriptionRow).values(row)
        await self._connection.execute(
            chosen.on_conflict_do_update(
                index_elements=["person_id", "kind", "subject"], set_={"pace": pace}
            )
        )

    async def forget(self, person_id: str, subject: Subject) -> None:
        """Take back what was chosen about a subject; what is broader, or owned, holds again."""
        statement = text("""
            DELETE FROM subscriptions
            WHERE person_id = :person AND kind = :kind AND subject = :subject
        """)
        values = {"person": person_id, "kind": subject.kind, "subject": subject.id}
        await self._connection.execute(statement, values)

    async def names(self, subjects: Collection[Subject]) -> dict[Subject, str]:
        """What subjects are called; those that are not there, and waves, are left out."""
        rows = await self._connection.execute(NAMES, _columns(subjects))
        return {Subject(Kind(row.kind), row.subject): row.name for row in rows if row.name}

    async def wider(self, subjects: Iterable[Subject]) -> dict[Subject, tuple[Subject, ...]]:
        """What subjects are part of: a location of its customer, both of all that its CSA owns."""
        ids: dict[Kind, list[str]] = {Kind.customer: [], Kind.location: []}
        for subject in subjects:
            if subject.kind in ids:
                ids[subject.kind].append(subject.id)
        values = {"customers": ids[Kind.customer], "locations": ids[Kind.location]}
        rows = await self._connection.execute(WIDER, values)
        return {
            Subject(Kind(row.kind), row.id): (
                Subject(Kind.customer, row.customer_id),
                Subject(Kind.csa, row.csa_email),
            )
            for row in rows
        }

    async def csas(self) -> list[tuple[Subject, str]]:
        """All who own customers, by name."""
        rows = await self._connection.execute(CSAS)
        return [(Subject(Kind.csa, row.email), row.name) for row in rows]

    async def features(self) -> list[tuple[Subject, str]]:
        """All features, by name."""
        rows = await self._connection.execute(FEATURES)
        return [(Subject(Kind.feature, row.key), row.name) for row in rows]

    async def singled_out(self) -> list[str]:
        """The ids of the locations that anybody chose anything about."""
        return list((await self._connection.execute(SINGLED_OUT)).scalars())

    async def hours_of(self, people: Collection[str]) -> dict[str, Hours]:
        """When each of these people can be told; the usual hours where they chose none."""
        rows = await self._connection.execute(HOURS, {"people": list(people)})
        return {
            row.id: Hours(
                Habits(row.digest_at, row.quiet_from, row.quiet_until) if row.digest_at else USUAL,
                _zone(row.timezone),
            )
            for row in rows
        }

    async def keep_habits(self, person_id: str, habits: Habits) -> None:
        """Keep when a person wants to be told."""
        hours = {
            "digest_at": habits.digest_at,
            "quiet_from": habits.quiet_from,
            "quiet_until": habits.quiet_until,
        }
        kept = insert(HabitsRow).values(person_id=person_id, **hours)
        await self._connection.execute(
            kept.on_conflict_do_update(index_elements=["person_id"], set_=hours)
        )

    async def _followed(self, person_id: str) -> list[Subscription]:
        values = {"person": person_id, "owners": OWNERS_PACE}
        rows = await self._connection.execute(OF_PERSON, values)
        return [
            Subscription(Subject(Kind(row.kind), row.subject), "", Pace(row.pace), row.is_owned)
            for row in rows
        ]


def _columns(subjects: Collection[Subject]) -> dict[str, list[str]]:
    return {
        "kinds": [subject.kind.value for subject in subjects],
        "ids": [subject.id for subject in subjects],
    }


def _place(each: Subscription) -> tuple[bool, int, bool, str, str]:
    subject, kind = each.subject, ORDER.index(each.subject.kind)
    return not each.is_owned, kind, subject != EVERY_WAVE, each.name.lower(), subject.id


def _zone(name: str) -> ZoneInfo:
    """A person's zone as Slack has it; UTC where the name is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
