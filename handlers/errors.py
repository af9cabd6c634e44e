"""Failures as people see them: what happened, what was kept, what to do."""

import secrets
from dataclasses import dataclass

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from rules.roles import Kind, Role
from store.files import FilesUnavailable
from store.people import Person
from store.session import OutcomeUnknown, StoreUnavailable

log = structlog.get_logger(__name__)

MEMBERS_ONLY = "I can only answer members of this workspace."
GUESTS_MAY = f"{MEMBERS_ONLY} You are here as a guest: please ask the person who works with you."


class Expected(Exception):  # noqa: N818 - these are answers, not accidents
    """Something that can happen to anyone and is told in words."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


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


def not_allowed(person: Person, role: Role) -> NotAllowed:
    """Why a person who lacks a role is refused."""
    if person.kind is Kind.guest:
        return NotAllowed(GUESTS_MAY)
    if not person.roles:
        return NotAllowed(MEMBERS_ONLY)
    return NotAllowed(f"This needs the role {role}. A lead can give it to you.")


@dataclass(frozen=True, slots=True)
class Told:
    """What is said about a failure; `reference` is in the log where there is more to know."""

    words: str
    reference: str | None = None


def tell(failure: BaseException, **where: object) -> Told:
    """The words for a failure. What nobody expected is logged whole, under a reference people can quote."""
    if isinstance(failure, Expected):
        return Told(failure.words)
    reference = secrets.token_hex(4)
    log.error("interaction failed", reference=reference, exc_info=failure, **where)
    return Told(f"{_what_happened(failure)} If it goes on, quote reference {reference}.", reference)


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
