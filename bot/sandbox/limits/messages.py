"""What Slack accepts as a message."""

from collections.abc import Iterator

from bot.sandbox.errors import SlackError
from bot.sandbox.json_types import Json
from bot.sandbox.limits.blocks import problems_of_blocks
from bot.sandbox.limits.problem import Problem
from bot.sandbox.limits.tables import characters

BLOCKS = 50  # https://docs.slack.dev/reference/block-kit/blocks
ATTACHMENTS = (
    100  # too_many_attachments of https://docs.slack.dev/reference/methods/chat.postMessage
)
MARKDOWN = 12_000  # https://docs.slack.dev/reference/block-kit/blocks/markdown-block
TABLE_CHARACTERS = 10_000  # https://docs.slack.dev/reference/block-kit/blocks/table-block
UPDATE_TEXT = 4_000  # https://docs.slack.dev/reference/methods/chat.update
# Undocumented; these two numbers fit both measurements of
# https://github.com/slackapi/bolt-js/issues/2509: 13,297 characters in one block, 13,172 in two.
BLOCK_CHARACTERS = 13_422
BLOCK_COST = 125

_DOCS = "https://docs.slack.dev/reference/block-kit/blocks"
_TABLES = ("table", "data_table")


def problems_of_message(payload: Json) -> list[Problem]:
    """What Slack would refuse in a message: its blocks, those of attachments, their sums.

    `payload` holds `text`, `blocks` and `attachments` as chat.postMessage takes them.
    """
    blocks = payload.get("blocks")
    found = [p.under("/blocks") for p in _of_blocks(blocks)] if blocks is not None else []
    attachments = payload.get("attachments")
    for at, attachment in enumerate(attachments if isinstance(attachments, list) else []):
        inside = attachment.get("blocks") if isinstance(attachment, dict) else None
        if inside is not None:
            found += [p.under(f"/attachments/{at}/blocks") for p in _of_blocks(inside)]
    return found


def check_message(payload: Json, *, updating: bool = False) -> None:
    """Refuse a message as chat.postMessage and chat.update do.

    Raises SlackError: no_text, invalid_blocks, invalid_blocks_format, invalid_attachments,
    invalid_attachments_format, msg_blocks_too_long, msg_too_long, markdown_text_conflict,
    too_many_attachments, invalid_metadata_format or invalid_metadata_schema.
    """
    _check_formats(payload)
    _check_words(payload, updating=updating)
    problems = problems_of_message(payload)
    if problems:
        raise refusal(problems)
    if weight(payload.get("blocks") or []) > BLOCK_CHARACTERS:
        raise SlackError("msg_blocks_too_long")


def refusal(problems: list[Problem]) -> SlackError:
    """`invalid_blocks`, with the problems where Slack puts them.

    For blocks of attachments it is `invalid_attachments`, captured in
    https://github.com/mozilla-iam/sso-dashboard-configuration/pull/718.
    """
    is_attached = problems[0].pointer.startswith("/attachments")
    words = [str(problem) for problem in problems]
    messages = [f"[ERROR] {word}" for word in words]
    code = "invalid_attachments" if is_attached else "invalid_blocks"
    return SlackError(code, errors=words, response_metadata={"messages": messages})


def _check_formats(payload: Json) -> None:
    for name, error in (
        ("blocks", "invalid_blocks_format"),
        ("attachments", "invalid_attachments_format"),
    ):
        if payload.get(name) is not None and not isinstance(payload[name], list):
            raise SlackError(error)
    if len(payload.get("attachments") or []) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    _check_metadata(payload.get("metadata"))


def _check_metadata(metadata: object) -> None:
    # Source: https://docs.slack.dev/messaging/message-metadata. An empty object removes it.
    if not metadata:
        return
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    is_named = isinstance(metadata.get("event_type"), str) and metadata["event_type"]
    if not is_named or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")


def _check_words(payload: Json, *, updating: bool) -> None:
    markdown = payload.get("markdown_text")
    if markdown and (payload.get("text") or payload.get("blocks")):
        raise SlackError("markdown_text_conflict")
    if len(markdown or "") > MARKDOWN:
        raise SlackError("msg_too_long")
    if updating and len(payload.get("text") or "") > UPDATE_TEXT:
        raise SlackError("msg_too_long")
    if updating and payload.get("metadata"):
        return
    if not any(payload.get(name) for name in ("text", "blocks", "attachments", "markdown_text")):
        raise SlackError("no_text")


def _of_blocks(blocks: object) -> list[Problem]:
    found = problems_of_blocks(blocks, surface="message", most=BLOCKS)
    return found or [*_sums(blocks if isinstance(blocks, list) else [])]


def _sums(blocks: list[Json]) -> Iterator[Problem]:
    markdown = sum(len(b["text"]) for b in blocks if b["type"] == "markdown")
    if markdown > MARKDOWN:
        source = f"{_DOCS}/markdown-block"
        yield Problem("", f"must be less than {MARKDOWN + 1} characters", source=source)
    tables = [(at, b) for at, b in enumerate(blocks) if b["type"] == "table"]
    source = f"{_DOCS}/table-block"
    for at, _ in tables[1:]:
        yield Problem(f"/{at}", "only_one_table_allowed", source=source)
    for at, block in enumerate(blocks):
        if block["type"] in _TABLES and characters(block) > TABLE_CHARACTERS:
            words = f"must be less than {TABLE_CHARACTERS + 1} characters"
            yield Problem(f"/{at}/rows", words, source=source)


def weight(blocks: list[Json]) -> int:
    """How long blocks are for Slack: their words, and a fixed cost for each."""
    return sum(BLOCK_COST + _words(block) for block in blocks)


def _words(value: object) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, list):
        return sum(_words(item) for item in value)
    if isinstance(value, dict):
        return sum(_words(held) for name, held in value.items() if name not in _UNSAID)
    return 0


_UNSAID = frozenset({"type", "block_id", "action_id", "style", "value", "url", "image_url"})
