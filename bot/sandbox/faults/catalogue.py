"""The faults as people choose them: what each does, and what a real app should do about it."""

from dataclasses import dataclass
from typing import Literal

from bot.sandbox.json_types import Json
from bot.sandbox.methods.table import METHODS
from bot.sandbox.world import World

Type = Literal["count", "seconds", "yes_no", "text", "choice"]


@dataclass(frozen=True)
class Field:
    """One thing to say about a fault: an argument of its method."""

    name: str
    label: str
    type: Type
    value: object = None
    choices: str = ""


@dataclass(frozen=True)
class Offer:
    """One fault on offer; `kind` is its method of `Faults`."""

    kind: str
    title: str
    does: str
    advice: str
    fields: tuple[Field, ...]


def _times(count: int | None = 1) -> Field:
    return Field("times", "How many times (empty: until lifted)", "count", count)


def _seconds(label: str, seconds: float) -> Field:
    return Field("seconds", label, "seconds", seconds)


_METHOD = Field("method", "Method", "choice", choices="methods")
_KIND = Field("kind", "What", "choice", choices="kinds")
_ACCEPTED = "Accept the call all the same"

_CALLS = (
    Offer(
        "rate_limit",
        "Too many calls",
        "Slack answers 429 and says how many seconds to wait. Nothing is accepted.",
        "Wait as long as Retry-After says, then send again. Meanwhile hold back other calls.",
        (_times(3), Field("retry_after", "Seconds to wait", "seconds", 2), _METHOD),
    ),
    Offer(
        "server_error",
        "Slack fails",
        "Slack answers 500. The call may have been accepted.",
        "Look whether it was done before sending it again.",
        (_times(), _METHOD, Field("accepted", _ACCEPTED, "yes_no", value=False)),
    ),
    Offer(
        "no_answer",
        "No answer",
        "Slack never answers. The message can be seen, but its sender does not hear of it.",
        "Hang up after some seconds, then look for the message before sending it again.",
        (_times(), _METHOD, Field("accepted", _ACCEPTED, "yes_no", value=True)),
    ),
    Offer(
        "late_acceptance",
        "Accepted late",
        "Slack never answers, and the message appears later.",
        "Wait before looking for a message whose fate is unknown, and look more than once.",
        (_times(), _seconds("Seconds until it is accepted", 20), _METHOD),
    ),
    Offer(
        "drop_connection",
        "Connection dropped",
        "The connection breaks off without an answer.",
        "Look before sending again. Many clients send again by themselves; turn that off.",
        (_times(), _METHOD, Field("accepted", _ACCEPTED, "yes_no", value=False)),
    ),
    Offer(
        "garbled_answer",
        "Half an answer",
        "The call is accepted, but its answer is cut off in the middle.",
        "Treat an answer that cannot be read as no answer: look before sending again.",
        (_times(), _METHOD),
    ),
    Offer(
        "refuse",
        "Refused",
        "Slack answers with the error you name. Nothing is accepted.",
        "Tell somebody who can do something about it, with Slack's own word for it.",
        (Field("error", "Error", "text", "fatal_error"), _times(), _METHOD),
    ),
    Offer(
        "slow_network",
        "Slow network",
        "Everything takes some seconds longer, sometimes more and sometimes less.",
        "Answer at once and do the rest later. Let no call wait forever.",
        (
            _seconds("Seconds longer", 2),
            Field("jitter", "Give or take, in seconds", "seconds", 1),
            Field("calls", "Calls to Slack", "yes_no", value=True),
            Field("deliveries", "Deliveries to the app", "yes_no", value=True),
            _times(None),
        ),
    ),
)
_DELIVERIES = (
    Offer(
        "deliver_twice",
        "Delivered twice",
        "A command, press or event comes twice, with the same ids.",
        "Remember the id of what was done. The second time, answer the same and do nothing.",
        (_times(), _KIND, Field("together", "Both at the same moment", "yes_no", value=False)),
    ),
    Offer(
        "deliver_late",
        "Delivered late",
        "A command, press or event comes some seconds late. Its trigger has expired by then.",
        "If a form can no longer be opened, say so in a message and keep what was typed.",
        (_times(), _seconds("Seconds late", 5), _KIND),
    ),
    Offer(
        "deliver_out_of_order",
        "Events out of order",
        "An event is overtaken by the next one.",
        "Go by the time in the event, or ask Slack how things are now.",
        (_times(),),
    ),
    Offer(
        "expire_trigger",
        "Trigger expired",
        "The next trigger has expired before it is used, so no form can be opened with it.",
        "Open the form first and fill it afterwards. If that fails, say so in a message.",
        (_times(),),
    ),
)
_CHANNEL = Field("channel", "Channel", "choice", choices="channels")
_WORKSPACE = (
    Offer(
        "archive_channel",
        "Channel archived",
        "Somebody archives a channel. Nobody can write there until you lift it.",
        "Stop sending there, and tell the people who expected it.",
        (_CHANNEL,),
    ),
    Offer(
        "remove_app",
        "App removed from a channel",
        "Somebody takes the app out of a channel.",
        "Stop sending there, and say who can invite the app again.",
        (_CHANNEL,),
    ),
    Offer(
        "deactivate",
        "Person deactivated",
        "Somebody leaves, and their account is deactivated.",
        "Hand over what was theirs, and send what they would have had to somebody else.",
        (Field("person", "Person", "choice", choices="people"),),
    ),
    Offer(
        "revoke_token",
        "Token revoked",
        "Slack refuses the app's token until you lift it.",
        "Keep everything that is to be sent, and tell an administrator by another way.",
        (Field("error", "Error", "choice", "token_revoked", choices="token_errors"),),
    ),
)
GROUPS = {
    "Calls to Slack": _CALLS,
    "Deliveries to the app": _DELIVERIES,
    "The workspace": _WORKSPACE,
}
OFFERS = {offer.kind: offer for group in GROUPS.values() for offer in group}


def described(world: World) -> list[Json]:
    """The groups of faults on offer, as the page shows them."""
    choices = _choices(world)
    return [
        {"title": title, "faults": [_described(offer, choices) for offer in offers]}
        for title, offers in GROUPS.items()
    ]


def _described(offer: Offer, choices: dict[str, list[Json]]) -> Json:
    fields = []
    for field in offer.fields:
        shown = {"name": field.name, "label": field.label, "type": field.type, "value": field.value}
        fields.append(shown | ({"choices": choices[field.choices]} if field.choices else {}))
    return {
        "kind": offer.kind,
        "title": offer.title,
        "does": offer.does,
        "advice": offer.advice,
        "fields": fields,
    }


def _choices(world: World) -> dict[str, list[Json]]:
    directory = world.directory
    return {
        "methods": [_choice(None, "Any"), *(_choice(name, name) for name in sorted(METHODS))],
        "kinds": [
            _choice(None, "Anything"),
            _choice("command", "Commands"),
            _choice("interaction", "Presses, forms and shortcuts"),
            _choice("options", "Typeahead"),
            _choice("event", "Events"),
        ],
        "channels": [
            _choice(each.id, f"#{each.name}")
            for each in directory.conversations.values()
            if not each.is_direct and not each.is_archived
        ],
        "people": [
            _choice(each.id, each.real_name)
            for each in directory.users.values()
            if not each.is_bot and not each.deleted
        ],
        "token_errors": [
            _choice("token_revoked", "token_revoked"),
            _choice("account_inactive", "account_inactive"),
        ],
    }


def _choice(value: str | None, label: str) -> Json:
    return {"value": value, "label": label}
