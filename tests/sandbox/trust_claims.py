"""Everything the stand-in claims to do as Slack does, with the source of each."""

import inspect
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox import web_api
from bot.sandbox.faults.catalogue import OFFERS
from bot.sandbox.limits.blocks import BLOCKS
from bot.sandbox.limits.elements import ELEMENTS
from bot.sandbox.manifest import EVENT_SCOPES
from bot.sandbox.methods.table import METHODS

from .trust_errors import errors_of

DOCS = "https://docs.slack.dev"
PAYLOADS = f"{DOCS}/reference/interaction-payloads"
EVERY_CALL = "every call"
# Codes that are put together from parts, which reading the code does not find.
PUT_TOGETHER = {
    "blocks.validate": ("invalid_blocks", "invalid_message", "invalid_view"),
    "conversations.history": ("invalid_ts_latest", "invalid_ts_oldest"),
    "conversations.replies": ("invalid_ts_latest", "invalid_ts_oldest"),
}
# What reading the code finds, and no call can bring about: the file's message has words or blocks
# only, and the stand-in writes it; the app's channel is looked up before it is posted to.
NEVER = {
    "files.completeUploadExternal": {
        "invalid_attachments",
        "invalid_attachments_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "markdown_text_conflict",
        "msg_too_long",
        "no_text",
        "too_many_attachments",
    },
}
# Nobody uninstalls the app here.
UNTOLD = {"app_uninstalled": "An app may subscribe to it; it is never told."}
NOT_ANSWERED = ("operation_timeout", "dispatch_failed")


@dataclass(frozen=True)
class Claim:
    """One thing the stand-in does, and the errors it can give."""

    kind: str
    name: str
    does: str
    source: str
    errors: tuple[str, ...] = ()


def claims() -> Iterator[Claim]:
    """All of them, in the order in which they are shown."""
    yield from _methods()
    yield from DELIVERIES
    for event in sorted(EVENT_SCOPES):
        page = f"{DOCS}/reference/events/{event}"
        yield Claim("event", event, UNTOLD.get(event, "Told to an app that subscribed."), page)
    yield from RATES
    for name, shape in BLOCKS.items():
        yield Claim("limit", f"block {name}", "Held to Slack's limits.", shape.source)
    for name, shape in ELEMENTS.items():
        yield Claim("limit", f"element {name}", "Held to Slack's limits.", shape.source)
    for name in ("modal", "home"):
        page = f"{DOCS}/reference/views/{name}-views"
        yield Claim("limit", f"view {name}", "Held to Slack's limits.", page)
    page = f"{DOCS}/reference/methods/chat.postMessage"
    yield Claim("limit", "message", "Held to Slack's limits as a whole.", page)
    for offer in OFFERS.values():
        yield Claim("fault", f"fault {offer.kind}", offer.does, "")


def _methods() -> Iterator[Claim]:
    door = errors_of(web_api.answer)
    yield Claim(
        "method",
        EVERY_CALL,
        "Arguments come as a form, a query or JSON; the token and its scopes are checked.",
        f"{DOCS}/apis/web-api",
        tuple(sorted(door)),
    )
    for name, method in METHODS.items():
        words = (inspect.getdoc(method.answer) or "").partition("\n")[0]
        errors = errors_of(method.answer) | set(PUT_TOGETHER.get(name, ()))
        errors -= NEVER.get(name, set())
        does = words.removeprefix(f"{name}: ")
        yield Claim("method", name, _sentence(does), method.source, tuple(sorted(errors)))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _interaction(name: str, does: str, page: str, *more: str) -> Claim:
    return Claim("delivery", name, does, f"{PAYLOADS}/{page}", (*NOT_ANSWERED, *more))


DELIVERIES = (
    Claim(
        "delivery",
        "slash command",
        "What a person typed, signed; the app has three seconds.",
        f"{DOCS}/interactivity/implementing-slash-commands",
        (*NOT_ANSWERED, "unknown_command", "invalid_blocks"),
    ),
    _interaction("block_actions", "A press or a choice.", "block_actions-payload"),
    _interaction(
        "block_suggestion",
        "What a person typed into a typeahead.",
        "block_suggestion-payload",
        "invalid_options",
    ),
    _interaction(
        "view_submission",
        "A modal that was sent; the answer may show errors, update, push or clear.",
        "view-interactions-payload",
        "invalid_answer",
    ),
    Claim(
        "delivery",
        "view_closed",
        "A modal that was closed, where the app asked to be told.",
        f"{PAYLOADS}/view-interactions-payload",
    ),
    Claim(
        "delivery", "shortcut", "A global shortcut.", f"{PAYLOADS}/shortcuts-interaction-payload"
    ),
    Claim(
        "delivery",
        "message_action",
        "A shortcut on a message.",
        f"{PAYLOADS}/shortcuts-interaction-payload",
    ),
    Claim(
        "delivery",
        "response_url",
        "Five answers within thirty minutes.",
        f"{DOCS}/interactivity/handling-user-interaction#message_responses",
        ("expired_url", "no_such_url", "used_url", "no_text", "invalid_blocks"),
    ),
    Claim(
        "delivery",
        "events",
        "Signed envelopes; tried again at once, after a minute and after five.",
        f"{DOCS}/apis/events-api",
        ("http_timeout", "http_error", "connection_failed"),
    ),
    Claim(
        "delivery",
        "url_verification",
        "The challenge that proves a request URL.",
        f"{DOCS}/reference/events/url_verification",
    ),
    Claim(
        "delivery",
        "Socket Mode",
        "The same deliveries over a WebSocket that the app opens.",
        f"{DOCS}/apis/events-api/using-socket-mode",
        ("refresh_requested", "too_many_websockets", "timeout", "warning"),
    ),
    Claim(
        "delivery",
        "Sign in with Slack",
        "A person chooses who they are; the app gets a code, once.",
        f"{DOCS}/authentication/sign-in-with-slack",
        (
            "access_denied",
            "bad_redirect_uri",
            "invalid_client_id",
            "invalid_scope",
            "unsupported_response_type",
            "user_not_found",
        ),
    ),
)
RATES = (
    Claim(
        "rate",
        "calls of a method",
        "As many a minute as its tier allows; then 429 with Retry-After.",
        f"{DOCS}/apis/web-api/rate-limits",
        ("ratelimited",),
    ),
    Claim(
        "rate",
        "messages in a channel",
        "A short burst, then one a second.",
        f"{DOCS}/apis/web-api/rate-limits",
        ("ratelimited",),
    ),
    Claim(
        "rate",
        "messages in the workspace",
        "Several hundred a minute.",
        f"{DOCS}/apis/web-api/rate-limits",
        ("ratelimited",),
    ),
    Claim(
        "rate",
        "events an hour",
        "30,000; then the app is told that it hears no more.",
        f"{DOCS}/apis/events-api#rate-limiting",
        ("app_rate_limited",),
    ),
)
