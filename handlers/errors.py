"""Failures as people see them: what happened, what was kept, what to do."""

import secrets
from dataclasses import dataclass

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from store.files import FilesUnavailable
from store.parameters import UnreadableParameters
from store.session import OutcomeUnknown, StoreUnavailable

log = structlog.get_logger(__name__)


class Expected(Exception):
    """Something that can happen to anyone and is told in words.

    `plain` is the same for where nothing is marked up: under a field of a form, on a page.
    """

    def __init__(self, words: str, *, plain: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.plain = plain or words


class NotAllowed(Expected):
    """The person does not have the role that this needs."""


class NotThere(Expected):
    """What was asked for does not exist, or not any more."""


class Refused(Expected):
    """What was asked for cannot be done; the words say why and what is possible instead."""


class FormErrors(Expected):
    """Fields of a modal are not right: block id to words."""

    def __init__(self, by_block: dict[str, str]) -> None:
        super().__init__(" ".join(by_block.values()))
        self.by_block = by_block


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about a failure; `reference` is in the log where there is more to know."""

    words: str
    plain: str
    reference: str | None = None


def tell(failure: BaseException, **where: object) -> Told:
    """The words for a failure. What nobody expected is logged whole, under a reference people can quote."""
    if isinstance(failure, Expected):
        return Told(failure.words, failure.plain)
    if isinstance(failure, UnreadableParameters):
        return Told(str(failure), str(failure))
    reference = secrets.token_hex(4)
    log.error("interaction failed", reference=reference, exc_info=failure, **where)
    words = f"{_what_happened(failure)} If it goes on, quote reference {reference}."
    return Told(words, words, reference)


def _what_happened(failure: BaseException) -> str:  # noqa: PLR0911 - one for each kind
    match failure:
        case StoreUnavailable():
            return (
                "Wavepost cannot reach its database just now, so nothing was changed. "
                "Please try again in a minute."
            )
        case OutcomeUnknown():
            return (
                "The database went away while this was being kept, so it may be there or not. "
                "Please look before you try again."
            )
        case FilesUnavailable():
            return (
                f"The store for files did not do what was asked, so nothing was changed. {failure}"
            )
        case SlackApiError() if _slacks_word(failure) == "missing_scope":
            return (
                "Slack does not let Wavepost do this yet, so nothing was changed. An admin has to "
                "install the app anew, with the scopes that its manifest names (missing_scope)."
            )
        case SlackApiError() | ClientError():
            return (
                f"Slack did not take what belongs to this ({_slacks_word(failure)}), so it could "
                "not be shown. Please try again in a minute."
            )
        case TimeoutError():
            return (
                "That took too long, so it was stopped and nothing was changed. Please try again."
            )
    return "Something went wrong on our side and nothing was changed. Please try again."


def _slacks_word(failure: SlackApiError | ClientError) -> str:
    """Slack's own word for it, where there is one."""
    data = failure.response.data if isinstance(failure, SlackApiError) else None
    return str(data["error"]) if isinstance(data, dict) and "error" in data else "no answer"
