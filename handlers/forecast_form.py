"""The form of /forecast: another success rate, other numbers per week, a day to be done by."""

from dataclasses import replace
from datetime import date

from slack_sdk.models.blocks import ButtonElement, DatePickerElement, NumberInputElement

from handlers.blocks import button, modal
from handlers.blocks import question as ask_for
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from rules.outlook import MOST_PER_WEEK, NotUnderstood, Outlook, outlook


def other_rate(wanted: Outlook) -> ButtonElement:
    """The button that opens the form with what was asked for."""
    return button("Another rate", "forecast_form", kept(wanted))


def kept(wanted: Outlook) -> str:
    """What was asked for, as a button carries it."""
    return "|".join(
        "" if each is None else str(each) for each in (wanted.success, wanted.per_week, wanted.by)
    )


def read(value: str) -> Outlook:
    """What a button carries."""
    success, per_week, by = value.split("|")
    return Outlook(
        float(success) if success else None,
        int(per_week) if per_week else None,
        date.fromisoformat(by) if by else None,
    )


def form(wanted: Outlook) -> dict[str, object]:
    """Other rates; what is left empty is as usual, and as the plan has it."""
    success = NumberInputElement(
        action_id="forecast_success",
        is_decimal_allowed=True,
        min_value="0",
        max_value="100",
        initial_value=None if wanted.success is None else f"{100 * wanted.success:.4g}",
    )
    per_week = NumberInputElement(
        action_id="forecast_per_week",
        is_decimal_allowed=False,
        min_value="0",
        max_value=str(MOST_PER_WEEK),
        initial_value=None if wanted.per_week is None else str(wanted.per_week),
    )
    by = DatePickerElement(
        action_id="forecast_by", initial_date=wanted.by.isoformat() if wanted.by else None
    )
    return modal(
        "forecast",
        "Forecast",
        [
            ask_for(
                "Success rate, in percent",
                success,
                block_id="success",
                hint="How many of 100 tries succeed. Left empty: as usual.",
                optional=True,
            ),
            ask_for(
                "Locations per week",
                per_week,
                block_id="per_week",
                hint="Left empty: as the plan has it.",
                optional=True,
            ),
            ask_for("Chance to be done by", by, block_id="by", optional=True),
        ],
        submit="Forecast",
    )


def filled_in(ask: Interaction) -> Outlook:
    """What the form asks for.

    Raises:
        FormErrors: a number cannot be, or the day is past.
    """
    typed = {
        "success": (ask.filled.typed("success"), "{} %"),
        "per_week": (ask.filled.typed("per_week"), "{} a week"),
    }
    by = ask.filled.day("by")
    wrong = {"by": "This day is past. Name a day to come."} if by and by < ask.today else {}
    wanted = Outlook(by=by)
    for field, (words, meaning) in typed.items():
        try:
            said = outlook(meaning.format(words), ask.today) if words else Outlook()
        except NotUnderstood as problem:
            wrong[field] = str(problem)
        else:
            wanted = replace(
                wanted,
                success=wanted.success if said.success is None else said.success,
                per_week=wanted.per_week if said.per_week is None else said.per_week,
            )
    if wrong:
        raise FormErrors(wrong)
    return wanted
