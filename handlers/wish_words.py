"""Why a row of a list of escalated stores cannot be taken, and what is possible instead, in plain words."""

from datetime import date

from handlers.blocks import day
from rules.requests import Hindrance, Verdict
from rules.wished_stores import Open, Trouble
from rules.wording import and_listed

NOT_TAKEN = {
    Trouble.nobody: "It says nobody who asks: write the e-mail address of somebody in this Slack.",
    Trouble.stranger: "Nobody in this Slack has this e-mail address or name: write one of somebody "
    "who is there, for triage may have a question.",
    Trouble.ambiguous: "Several people in this Slack are called so: write the e-mail address.",
    Trouble.no_reason: "It is empty: triage, and those who make room, will want to know why.",
}
HINDERED = {
    Hindrance.unknown: "No location has this id; import it with the master sheet first.",
    Hindrance.churned: "It is offboarded, or has had no orders for so long that it is not planned.",
    Hindrance.past: "That day is over.",
    Hindrance.too_soon: "The wave of that week has begun, or is about to.",
    Hindrance.too_far: "No plan looks that far ahead.",
    Hindrance.pilot: "The first weeks are for small, healthy customers.",
}


def why_not(trouble: Trouble, verdict: Verdict, open_: Open | None, promised: date | None) -> str:
    """Why a row cannot be taken."""
    if trouble is Trouble.changed and open_:
        return (
            f"Escalation {open_.number} has this store and is {open_.state}: changing the row does "
            "not change it. Who asked can withdraw it in Slack, and then ask anew."
        )
    if trouble is Trouble.in_time and promised:
        return f"It moves in the week of {day(promised)} already, so there is nothing to ask for."
    return NOT_TAKEN.get(trouble) or impossible(verdict)


def impossible(verdict: Verdict) -> str:
    """Why a wish cannot be granted, and when else."""
    words = HINDERED.get(verdict.hindrance or Hindrance.unknown) or _particular(verdict)
    weeks = [f"the week of {day(week)}" for week in (verdict.later, verdict.earlier) if week]
    return f"{words} Possible: {' or '.join(weeks)}." if weeks else words


def _particular(verdict: Verdict) -> str:
    """Why, with what the verdict names."""
    features = and_listed(verdict.features)
    match verdict.hindrance:
        case Hindrance.begun:
            week = f" in the week of {day(verdict.begun_on)}" if verdict.begun_on else ""
            return f"It is in a wave that has begun or is over{week}: nothing is left to bring forward."
        case Hindrance.feature_without_date:
            return f"It waits for {features}, which has no release date: follow that in Slack."
        case Hindrance.before_release:
            return f"It waits for {features}, which is released later."
        case _:
            why = next((each.why for each in verdict.blackouts if each.why), "")
            return f"Nobody moves there in that week{f' ({why})' if why else ''}."
