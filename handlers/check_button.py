"""The button that shows the check of a location, wherever the location is shown."""

from datetime import date

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button

OPENS = "check_open"


def check_button(week: date, location_id: str, label: str = "See the check") -> ButtonElement:
    """Shows the check of a location in its wave."""
    return button(label, OPENS, f"{week}|{location_id}")
