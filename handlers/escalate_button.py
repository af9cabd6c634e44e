"""The button under an answer that opens the form of /escalate with what the answer is about."""

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button


def escalate_button(value: str) -> ButtonElement:
    """The button; `value` is a customer or location, as in every other button of the answer."""
    return button("Escalate", "escalate", value)
