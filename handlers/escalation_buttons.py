"""What somebody can do with an escalation that is shown to them, as buttons."""

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button
from rules.escalation import State, Step, Who, possible
from store.escalation_rows import EscalationRow


def own_steps(row: EscalationRow, person: str) -> list[ButtonElement]:
    """What the requester can do now: answer, and withdraw. Nobody else can."""
    if person != row.sent_by:
        return []
    steps = possible(State(row.state), Who.requester)
    value = f"{row.number}|{row.version}"
    answer = button("Answer", "escalation_answer", value, style="primary")
    withdraw = button("Withdraw", "escalation_withdraw", value)
    return [
        each for step, each in ((Step.answer, answer), (Step.withdraw, withdraw)) if step in steps
    ]


def see_button(number: int) -> ButtonElement:
    """The button that shows an escalation whole."""
    return button("See it", f"escalation_open:{number}", str(number))


def decide_button(number: int) -> ButtonElement:
    """The button that shows triage an escalation, with all that it can do."""
    return button("Decide", f"triage_case:{number}", str(number), style="primary")


def join_button(number: int, *, style: str | None = None) -> ButtonElement:
    """The button for who asks for the same."""
    return button("Join it", f"escalation_join:{number}", str(number), style=style)


def numbered(value: str) -> tuple[int, int]:
    """The number and the version that a button of the requester stands for."""
    number, _, version = value.partition("|")
    return int(number), int(version)
