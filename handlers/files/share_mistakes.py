"""What is wrong with a form of /share, told under the field where it can be mended."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial

from handlers.blocks import count
from handlers.errors import Refused
from handlers.files.receiving_refusals import (
    check_day,
    check_days,
    check_number,
    check_sizes,
    check_spaces,
)
from handlers.files.share_known import Known
from handlers.files.share_typed import (
    LONGEST_KEY_FACT,
    LONGEST_NOTE,
    LONGEST_TITLE,
    Kept,
    Typed,
)
from handlers.interaction import GivenFile
from rules import file_facts
from rules.clearance import Classification
from rules.file_days import HOLDS_FOR
from rules.wording import listed

MOST_FETCHES = 10_000
MOST_SPACES = 20
ONE_FILE = "A new edition is one file; these are {files}. Send the others as files of their own."
TOO_MANY_SPACES = f"Send to at most {MOST_SPACES} spaces at a time; these are {{spaces}}."
SPACES_GONE = "{names}: closed since you chose it. Take it away, or choose another."
NO_CLASSIFICATION = "Choose what it holds."
NO_METHOD = "Say how it is encrypted, such as “7-Zip, AES-256” or “PGP”."
NO_KEY_HOLDER = "Say who has the key, so that recipients know whom to ask."
NO_KEY_REACH = "Say how recipients reach them: a phone number or an address. Never the key itself."
NO_EXPIRY = "Choose the last day on which it is available."
TWO_AUTHORS = "Choose the author above or write a name here, not both."
NO_NUMBER = f"Write a whole number from 1 to {MOST_FETCHES:,}, or leave this empty."
TOO_LONG = (
    "Please use at most {most:,} characters; these are {length:,}. Nothing is lost: shorten it."
)


def mistakes(typed: Typed, known: Known, *, now: datetime, zone: str) -> dict[str, str]:
    """What is wrong with what was typed, as sentences by field; empty where all is well.

    `zone` is the sender's, in which days end.
    """
    found = {
        "spaces": wrong_spaces(known),
        "title": _too_long(typed.title, LONGEST_TITLE),
        "classification": _unless(typed.classification in set(Classification), NO_CLASSIFICATION),
        "note": _too_long(typed.note, LONGEST_NOTE),
        "expires": _wrong_expiry(typed.expires_on, now, zone),
        "tags": _unfit(file_facts.tags, typed.tags),
        "author_name": _wrong_author(typed),
        "retained": _wrong_retention(typed.retained_until, now),
        "most_fetches": _unless(_is_limit(typed.most_fetches), NO_NUMBER),
        "facts": _unfit(file_facts.facts, typed.facts),
        **(_wrong_encryption(typed) if typed.is_encrypted else {}),
    }
    return {field: words for field, words in found.items() if words}


def wrong_files(files: Sequence[GivenFile], kept: Kept) -> str:
    """What is wrong with the files that were given; empty where nothing is."""
    if kept.replaces and len(files) > 1:
        return ONE_FILE.format(files=len(files))
    return _refused(check_number, len(files)) or _refused(
        partial(check_sizes, in_form=not kept.message), files
    )


def wrong_spaces(known: Known) -> str:
    """Why what was chosen cannot be sent to; empty where it can."""
    if known.gone:
        return SPACES_GONE.format(names=listed(known.gone))
    if len(known.spaces) > MOST_SPACES:
        return TOO_MANY_SPACES.format(spaces=count(len(known.spaces), "space"))
    return _refused(check_spaces, [each.space for each in known.spaces], len(known.spaces))


def _wrong_expiry(day: date | None, now: datetime, zone: str) -> str:
    return _refused(check_day, day, zone, now) if day else NO_EXPIRY


def _wrong_retention(day: date | None, now: datetime) -> str:
    return _refused(check_days, now + HOLDS_FOR, day, now)


def _wrong_encryption(typed: Typed) -> dict[str, str]:
    told = {
        "method": (typed.method, NO_METHOD),
        "key_holder": (typed.key_holder, NO_KEY_HOLDER),
        "key_reach": (typed.key_reach, NO_KEY_REACH),
    }
    return {
        field: _too_long(words, LONGEST_KEY_FACT) if words else missing
        for field, (words, missing) in told.items()
    }


def _wrong_author(typed: Typed) -> str:
    if typed.author and typed.author_name:
        return TWO_AUTHORS
    return _too_long(typed.author_name, LONGEST_TITLE)


def _is_limit(typed: str) -> bool:
    return not typed or (
        typed.isascii()
        and typed.isdecimal()
        and len(typed) <= len(str(MOST_FETCHES))
        and 1 <= int(typed) <= MOST_FETCHES
    )


def _refused(check: Callable[..., None], *what: object) -> str:
    """Why it is refused at the end, whatever the form said: here it is told where it can be mended."""
    try:
        check(*what)
    except Refused as refused:
        return refused.plain
    return ""


def _unfit(read: Callable[[str], object], typed: str) -> str:
    try:
        read(typed)
    except file_facts.UnfitFacts as unfit:
        return str(unfit)
    return ""


def _too_long(words: str, most: int) -> str:
    length = len(words)
    return TOO_LONG.format(most=most, length=length) if length > most else ""


def _unless(holds: bool, words: str) -> str:  # noqa: FBT001 - reads as a sentence
    return "" if holds else words
