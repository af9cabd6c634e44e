"""Why files cannot be sent as they are, by whichever door; forms say the same beside their fields."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from handlers.blocks import escape
from handlers.errors import Refused
from handlers.interaction import GivenFile
from rules.clearance import Encryption
from rules.file_days import Unfit, unfit_day, unfit_end, unfit_retention
from rules.upload_parts import LARGEST_FILE, LARGEST_SAID, MB
from rules.wording import and_listed
from store.spaces import Space

MOST_FILES = 10
MOST_IN_FORM = 10 * MB

NONE = "There is no file here to send."
TOO_MANY = f"These are {{number}} files. Send at most {MOST_FILES} at a time."
EMPTY = "{name} has 0 bytes: there is nothing in it to send. Check it, and send it again."
TOO_LARGE_FOR_FORM = (
    "{name} is larger than 10 MB, which is as much as a form takes. Put it into a message and choose "
    "“Deliver this file” there, or use the upload page."
)
TOO_LARGE = (
    f"{{name}} is larger than {LARGEST_SAID}, which is as much as the store keeps of one file. "
    "Send it in parts."
)
NO_SPACE = "Choose the space that gets it."
SPACE_GONE = "One of these spaces does not exist. Choose another."
CLOSED = "{names}: closed meanwhile, so nothing can be sent there. Choose another space."
TWO_ORGANISATIONS = (
    "These spaces belong to {organisations}. One file goes to the spaces of one organisation, so that "
    "nobody sees what is another's. Send it to each on its own."
)
UNFIT_END = {
    Unfit.over: "It would have expired already. Choose a later day.",
    Unfit.too_far: "It can be fetched for at most 5 years. Choose an earlier day.",
}
UNFIT_RETENTION = {
    Unfit.over: "The day until which its bytes are kept is over. Choose a later one, or none.",
    Unfit.too_far: "Its bytes can be kept for at most 50 years. Choose an earlier day.",
}
NOT_TOLD = (
    "Whoever gets an encrypted file has to find out how to read it: say how it is encrypted, who "
    "has the key, and how to reach them."
)


def check_number(number: int) -> None:
    """Raise Refused where these are no files, or too many."""
    if not number:
        raise _refused(NONE)
    if number > MOST_FILES:
        raise _refused(TOO_MANY.format(number=number))


def check_sizes(given: Sequence[GivenFile], *, in_form: bool) -> None:
    """Raise Refused where one of them is empty, or larger than may be."""
    for each in given:
        if each.size <= 0:
            raise _refused(EMPTY.format(name=each.name))
        if in_form and each.size > MOST_IN_FORM:
            raise _refused(TOO_LARGE_FOR_FORM.format(name=each.name))
        if each.size > LARGEST_FILE:
            raise _refused(TOO_LARGE.format(name=each.name))


def check_spaces(spaces: Collection[Space], wanted: int) -> None:
    """Raise Refused where `spaces` are not all that were `wanted`, are closed, or of two organisations."""
    if not wanted:
        raise _refused(NO_SPACE)
    if len(spaces) != wanted:
        raise _refused(SPACE_GONE)
    closed = sorted({space.name for space in spaces if not space.is_open})
    if closed:
        raise _refused(CLOSED.format(names=and_listed(closed)))
    theirs = sorted({space.organisation for space in spaces})
    if len({space.organisation_id for space in spaces}) > 1:
        raise _refused(TWO_ORGANISATIONS.format(organisations=and_listed(theirs)))


def check_day(day: date, zone: str, now: datetime) -> None:
    """Raise Refused where a file cannot be had until the end of this day in this zone."""
    if unfit := unfit_day(day, zone, now):
        raise _refused(UNFIT_END[unfit])


def check_days(expires_at: datetime, retained_until: date | None, now: datetime) -> None:
    """Raise Refused where a day is over, or so far away that nobody means it."""
    if unfit := unfit_end(expires_at, now):
        raise _refused(UNFIT_END[unfit])
    if retained_until and (unfit := unfit_retention(retained_until, now)):
        raise _refused(UNFIT_RETENTION[unfit])


def check_encryption(encryption: Encryption | None) -> None:
    """Raise Refused where a file was encrypted and nobody is told how to read it."""
    if encryption is not None and not encryption.is_told:
        raise _refused(NOT_TOLD)


def _refused(words: str) -> Refused:
    """In Slack no name of a file or a space marks anything up."""
    return Refused(escape(words), plain=words)
