"""The people and channels of the example's Slack workspace, for the stand-in."""

import re
from datetime import date, timedelta
from typing import Any

from bot.example import people
from bot.example.dates import TODAY
from bot.example.people import COLLEAGUES, CSA, CSAS, Colleague
from rules.calendar import start_of_week


def workspace(today: date = TODAY) -> dict[str, Any]:
    """The workspace as the stand-in for Slack reads it; the first user is the one to start as.

    Keys: `team` (name, domain), `users`, `channels` (members by user key) and `usergroups`.
    """
    return {
        "team": {"name": "Northwind Delivery", "domain": "northwind"},
        "users": [_csa(csa, today) for csa in CSAS] + [_colleague(one) for one in COLLEAGUES],
        "channels": _channels(today),
        "usergroups": [
            {"handle": "csas", "name": "CSA team", "members": _keys(CSAS)},
            {
                "handle": "migration-leads",
                "name": "Migration leads",
                "members": _keys([people.LEAD, people.SECOND_LEAD]),
            },
        ],
    }


def roles() -> dict[str, list[str]]:
    """The roles to give by e-mail address; CSAs get theirs from the sheet of CSAs."""
    return {one.email: list(one.roles) for one in COLLEAGUES if one.roles}


def _csa(csa: CSA, today: date) -> dict[str, Any]:
    return _user(csa.name, csa.email, csa.timezone, _title(csa, today))


def _title(csa: CSA, today: date) -> str:
    soon = [week for week in people.leave_weeks(csa, today) if week - today <= timedelta(weeks=4)]
    if not soon:
        return "Customer success associate"
    last = soon[-1] + timedelta(days=4)
    return f"Customer success associate, away {_day(soon[0])} to {_day(last)}"


def _colleague(one: Colleague) -> dict[str, Any]:
    user = _user(one.name, one.email, one.timezone, one.title)
    return user | {"kind": one.kind, "is_admin": "admin" in one.roles and one is people.ADMIN}


def _user(name: str, email: str, timezone: str, title: str) -> dict[str, Any]:
    return {
        "key": _key(email),
        "name": email.partition("@")[0],
        "real_name": name,
        "email": email,
        "tz": timezone,
        "title": title,
        "is_admin": False,
        "kind": "member",
    }


def _channels(today: date) -> list[dict[str, Any]]:
    members = [one for one in COLLEAGUES if one.kind == "member"]
    everyone = _keys([*CSAS, *members])
    deciders = [people.LEAD, people.SECOND_LEAD, people.DATA_OPS, people.APPROVER]
    curious = [people.LEAD, people.PRODUCT, people.SALES, people.EXECUTIVE]
    first_wave = _day(start_of_week(today + timedelta(days=6)))
    return [
        _channel(
            "general",
            "When does a customer move? Type /schedule here, or write to Wavepost under Apps",
            everyone,
        ),
        _channel(
            "migration",
            f"When does a customer move? Try /schedule Joe's Pizza. "
            f"The first wave can start in the week of {first_wave}",
            everyone,
        ),
        _channel(
            "migration-triage",
            "Leads decide escalations here, and hear what went wrong and what to do about it",
            _keys(deciders),
        )
        | {"private": True},
        _channel(
            "roadmap",
            "What is built next, and who waits for it. Try /roadmap",
            _keys([*CSAS[:6], *curious]),
        ),
        _channel(
            "csa-team",
            "Your customers by date: /schedule. One needs to move sooner: /escalate",
            _keys([*CSAS, people.LEAD]),
        ),
        _channel("random", "Lunch, dogs and pictures of both", everyone) | {"app_is_member": False},
        _channel("pilot-2020", "The first pilot. Finished, thank you all", _keys(CSAS[:3]))
        | {"archived": True, "app_is_member": False},
        _channel(
            "partners-courier-co",
            "Shared with Courier Co. Only approved messages for partners belong here",
            _keys([people.LEAD, people.SALES, people.STRANGER]),
        )
        | {"shared": True},
        _channel(
            "customer-joes-pizza",
            "With Joe Ferrante of Joe's Pizza, our guest. Files for him arrive by direct message",
            _keys([CSAS[0], people.GUEST]),
        )
        | {"private": True},
    ]


def _channel(name: str, topic: str, members: list[str]) -> dict[str, Any]:
    return {
        "key": name,
        "name": name,
        "private": False,
        "topic": topic,
        "members": members,
        "archived": False,
        "shared": False,
        "app_is_member": True,
    }


def _keys(who: list[Any] | tuple[CSA, ...]) -> list[str]:
    return [_key(one.email) for one in who]


def _key(email: str) -> str:
    """The first name in plain letters, which is unique here and pleasant to write in a test."""
    return re.split("[.@]", email)[0]


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"
