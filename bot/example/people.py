"""Who works here: the CSAs, who own customers, and everyone else who asks about them."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from typing import Literal

import polars as pl

from bot.example.vocabulary import phone_book, vocabulary
from rules.calendar import start_of_week

COMPANY = "northwind.example"

Kind = Literal["member", "guest", "stranger", "deactivated"]


@dataclass(frozen=True)
class CSA:
    """A customer success associate.

    `weekly_capacity` is in locations; `leave` counts weeks, where 0 is the first Monday on or
    after today.
    """

    name: str
    timezone: str
    weekly_capacity: int
    leave: tuple[int, ...] = ()

    @property
    def email(self) -> str:
        """The address that the sheets and Slack share."""
        return address(self.name)


@dataclass(frozen=True)
class Colleague:
    """Someone who owns no customers: a lead, a guest, a person who left."""

    name: str
    title: str
    timezone: str
    roles: tuple[str, ...] = ()
    kind: Kind = "member"
    domain: str = COMPANY

    @property
    def email(self) -> str:
        """The address that Slack knows them by."""
        return address(self.name, self.domain)


CSAS = (
    CSA("Ana Reyes", "America/New_York", 15, leave=(9,)),
    CSA("Marcus Bell", "America/Chicago", 18),
    CSA("Wei Zhang", "America/Los_Angeles", 12, leave=(5, 6)),
    CSA("Aoife Byrne", "Europe/London", 10, leave=(12,)),
    CSA("Samir Haddad", "America/New_York", 16, leave=(1, 2)),
    CSA("Keisha Grant", "America/Chicago", 20, leave=(10,)),
    CSA("José Ñáñez", "America/Denver", 14),
    CSA("Hannah Kowalczyk", "America/Toronto", 12, leave=(7, 8)),
    CSA("Dev Patel", "America/Los_Angeles", 16, leave=(3,)),
    CSA("Tuyết Nguyễn", "America/Chicago", 14),
    CSA("Lars Eriksen", "America/New_York", 8, leave=(4, 13)),
    CSA("Malia Kealoha", "America/Los_Angeles", 17, leave=(11,)),
)

LEAD = Colleague("Priya Natarajan", "Migration lead", "America/New_York", ("lead",))
SECOND_LEAD = Colleague("Tom Lindqvist", "Migration lead, nights", "Europe/London", ("lead",))
ADMIN = Colleague("Grace Okafor", "Workspace admin", "America/Chicago", ("admin",))
DATA_OPS = Colleague("Yusuf Demir", "Data operations", "America/New_York", ("admin", "sender"))
APPROVER = Colleague("Ruth Abramson", "Director of operations", "America/New_York", ("approver",))
CONSULTANT = Colleague("Mateo Silva", "Research consultant", "America/Denver", ("sender",))
SALES = Colleague("Brooke Tanner", "Account executive", "America/Chicago")
PRODUCT = Colleague("Noor Rahman", "Product manager, ordering", "America/Los_Angeles")
EXECUTIVE = Colleague("Eleanor Whitfield", "Chief operating officer", "America/New_York")
GUEST = Colleague(
    "Joe Ferrante", "Owner, Joe's Pizza", "America/New_York", kind="guest", domain="joes.example"
)
STRANGER = Colleague(
    "Chris Vogel",
    "Partner manager, Courier Co",
    "America/Chicago",
    kind="stranger",
    domain="courier.example",
)
FORMER = Colleague("Derek Mills", "Former CSA", "America/Chicago", kind="deactivated")

COLLEAGUES = (
    LEAD,
    SECOND_LEAD,
    ADMIN,
    DATA_OPS,
    APPROVER,
    CONSULTANT,
    SALES,
    PRODUCT,
    EXECUTIVE,
    GUEST,
    STRANGER,
    FORMER,
)


def address(name: str, domain: str = COMPANY) -> str:
    """The e-mail address of a name: first.last, in plain letters."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    ascii_only = plain.encode("ascii", "ignore").decode()
    return f"{re.sub('[^a-z]+', '.', ascii_only)}@{domain}"


def csas(customers: int) -> list[CSA]:
    """The CSAs of a world: the twelve we know, and more when there are more than 400 customers."""
    return list(CSAS) + list(islice(_newcomers(), max(0, customers // 33 - len(CSAS))))


def leave_weeks(csa: CSA, today: date) -> list[date]:
    """The Mondays of the weeks in which the CSA is away."""
    first = start_of_week(today + timedelta(days=6))
    return [first + timedelta(weeks=week) for week in csa.leave]


def csa_sheet(
    team: list[CSA], today: date, away: Mapping[str, Sequence[date]] | None = None
) -> pl.DataFrame:
    """The CSAs with what they can do in a week and the Mondays of their leave, ';'-separated.

    `away` are further Mondays, by e-mail address.
    """
    more = away or {}
    return pl.DataFrame(
        {
            "email": [csa.email for csa in team],
            "name": [csa.name for csa in team],
            "weekly_capacity": [csa.weekly_capacity for csa in team],
            "leave_weeks": [
                ";".join(
                    week.isoformat()
                    for week in (*more.get(csa.email, ()), *leave_weeks(csa, today))
                )
                or None
                for csa in team
            ],
        }
    )


def _newcomers() -> Iterator[CSA]:
    first_names = vocabulary().first_names
    surnames = phone_book(10**6)

    def newcomer(number: int) -> CSA:
        name = f"{first_names[number % len(first_names)]} {surnames[number]}"
        return CSA(name, "America/Chicago", 10 + number % 11, leave=(1 + number % 17,))

    return map(newcomer, count())
