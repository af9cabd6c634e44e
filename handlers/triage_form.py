"""The modal that sets triage up: when the team works, how long it may take, and how much is approved."""

from collections.abc import Callable
from datetime import time

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ExternalDataSelectElement,
    NumberInputElement,
    StaticSelectElement,
)

from handlers.blocks import modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.doors import action, options, submission
from handlers.errors import FormErrors
from handlers.followed import hour
from handlers.following_list import HALF_HOURS
from handlers.interaction import Form, Interaction
from handlers.reply import Reply, nothing, offer, show
from handlers.triage import WEEKDAYS, closing, settings_line
from handlers.triage_settings import UnfitTriage, set_up
from rules.public_holidays import place, places_like
from rules.quotas import Quotas
from rules.roles import Role
from rules.triage import Triage
from rules.working_time import Clocks
from rules.zones import zones_like
from store.session import Store
from store.triage import SetUp

MOST_OFFERED = 20
FIELD_OF = {
    "clocks.urgent_hours": "urgent",
    "clocks.normal_days": "normal",
    "quotas.bumps_a_month": "quota",
}
"""The fields that are not called as their settings are."""


@action("triage_change", role=Role.lead)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """How triage is set up, to be changed."""
    async with store.reading() as reading:
        now = await reading.triage.now()
    await ask.open(form(now))
    return nothing()


def form(now: SetUp) -> dict[str, object]:
    """A field for each setting; it remembers which version it has shown."""
    return modal(
        "triage",
        "How triage works",
        [*_hours(now.triage), *_numbers(now.triage)],
        submit="Save",
        close="Cancel",
        kept=str(now.version),
    )


@options("triage_zone", role=Role.lead)
async def offer_zones(ask: Interaction, _store: Store) -> Reply:
    """Time zones that the letters typed so far may mean."""
    return offer(
        [option(each, each).to_dict() for each in zones_like(ask.value, most=MOST_OFFERED)]
    )


@options("triage_holidays", role=Role.lead)
async def offer_places(ask: Interaction, _store: Store) -> Reply:
    """Countries, and parts of them, that the letters typed so far may mean."""
    found = places_like(ask.value, most=MOST_OFFERED)
    return offer([option(each.label, each.code).to_dict() for each in found])


@submission("triage", role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Save how triage works; what cannot be used is said under its field."""
    filled = ask.filled
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            saved = await set_up(tx, read(filled), based_on=int(filled.private_metadata))
        except UnfitTriage as unfit:
            problems = {FIELD_OF.get(name, name): words for name, words in unfit.problems.items()}
            raise FormErrors(problems) from unfit
        said = section(f"Saved. The team works {settings_line(saved)}.")
        return tx.answers(show(modal("triage_saved", "How triage works", [said])))


def read(filled: Form) -> dict[str, object]:
    """The settings as they were filled in."""
    return {
        "weekdays": tuple(sorted(map(int, filled.several("weekdays")))),
        "opens": time.fromisoformat(filled.chosen("opens") or ""),
        "closes": time.fromisoformat(filled.chosen("closes") or ""),
        "zone": filled.chosen("zone"),
        "holidays_of": filled.chosen("holidays_of") or "",
        "clocks": {
            "urgent_hours": filled.typed("urgent"),
            "normal_days": filled.typed("normal"),
        },
        "quotas": {"bumps_a_month": filled.typed("quota")},
    }


def _hours(now: Triage) -> list[Block]:
    days = [option(name, str(number)) for number, name in enumerate(WEEKDAYS)]
    works = [days[number] for number in now.weekdays]
    ticked = CheckboxesElement(action_id="triage_weekdays", options=days, initial_options=works)
    zone = ExternalDataSelectElement(
        placeholder=plain("A city, as in Berlin"),
        action_id="triage_zone",
        initial_option=option(now.zone, now.zone),
        min_query_length=2,
    )
    off = place(now.holidays_of) if now.holidays_of else None
    country = ExternalDataSelectElement(
        placeholder=plain("A country, or its two letters"),
        action_id="triage_holidays",
        initial_option=option(off.label, off.code) if off else None,
        min_query_length=2,
    )
    return [
        ask_for("The team works on", ticked, block_id="weekdays"),
        ask_for("From", _half_hours("opens", now.opens, hour), block_id="opens"),
        ask_for("To", _half_hours("closes", now.closes, closing), block_id="closes"),
        ask_for("Time zone", zone, block_id="zone"),
        ask_for("Public holidays of", country, block_id="holidays_of", optional=True),
    ]


def _numbers(now: Triage) -> list[Block]:
    fields = Clocks.model_fields | Quotas.model_fields
    values = {"urgent": now.clocks.urgent_hours, "normal": now.clocks.normal_days}
    values |= {"quota": now.quotas.bumps_a_month}
    named = {"urgent": "urgent_hours", "normal": "normal_days", "quota": "bumps_a_month"}
    return [
        ask_for(
            fields[named[block]].title or "",
            NumberInputElement(
                action_id=f"triage_{block}",
                is_decimal_allowed=block != "quota",
                initial_value=f"{value:g}",
                min_value="0",
            ),
            block_id=block,
            hint=fields[named[block]].description,
        )
        for block, value in values.items()
    ]


def _half_hours(name: str, now: time, called: Callable[[time], str]) -> StaticSelectElement:
    """Every half hour, and the time that is set, should it be another."""
    times = sorted({*HALF_HOURS, now})
    choices = {at: option(called(at), f"{at:%H:%M}") for at in times}
    return StaticSelectElement(
        options=list(choices.values()), initial_option=choices[now], action_id=f"triage_{name}"
    )
