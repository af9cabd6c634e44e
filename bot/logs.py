"""Logs as JSON lines, one event each, with no secret in them."""

import logging
import re
from typing import Any

import structlog

SECRET = re.compile(
    r"xox[a-z]-[\w-]+|xapp-[\w-]+|(?<=Bearer )\S+|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)|(?<=/link/)[\w-]+"
    r"|(?<=/calendar/)[\w-]+"
    # What brings recipients of files into the portal, and the signature of bytes in the store.
    r"|(?<=/d/)[\w-]+|(?<=/portal/enter/)[\w-]+|(?<=X-Amz-Signature=)[0-9a-f]+"
    # Slack's own addresses that let in whoever has them: for answers, for a file, for a socket.
    r"|(?<=/commands/)T[\w/-]+|(?<=/actions/)T[\w/-]+|(?<=/upload/v1/)[\w-]+"
    r"|(?<=[?&]ticket=)[^\s&'\"]+|(?<=[?&]code=)[^\s&'\"]+"
)
CHATTY = ("botocore", "urllib3", "apscheduler.executors.default", "alembic")
TALE_BEARERS = ("slack_sdk", "slack_bolt")
"""At DEBUG these write down whole requests, with what people say and the addresses to answer at."""


def masked(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Tokens and passwords in an event's texts, however deep, replaced by asterisks."""
    return {name: _without_secrets(value) for name, value in event.items()}


def _without_secrets(value: object) -> object:
    match value:
        case str():
            return SECRET.sub("***", value)
        case dict():
            return {key: _without_secrets(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_without_secrets(inner) for inner in value]
    return value


def _is_no_tale(record: logging.LogRecord) -> bool:
    return record.levelno >= logging.INFO or not record.name.startswith(TALE_BEARERS)


def configure(level: str) -> None:
    """Send structlog's and the libraries' logs to standard error, in one form."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        masked,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    handler.addFilter(_is_no_tale)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    for chatty in CHATTY:
        logging.getLogger(chatty).setLevel("WARNING")
