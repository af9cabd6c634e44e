"""The form of a weekly announcement: its fields, when it would come, and who would read along."""

from collections.abc import Collection, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import (
    Block,
    ExternalDataSelectElement,
    Option,
    StaticSelectElement,
    TimePickerElement,
)

from handlers.announce_typed import Choice, Typed
from handlers.announce_words import TOPICS, WEEKDAYS, zone_label
from handlers.blocks import Words, context, day, modal, option, plain, section, unbroken
from handlers.blocks import question as ask_for
from handlers.date_languages import OFFERED, named
from handlers.followed import hour
from rules.roles import Kind

NAME = "announce"
MOST_COMING = 3


def form(
    typed: Typed,
    *,
    now: datetime,
    own_zone: str,
    readers: Collection[Kind] = (),
    kept: str = "",
) -> dict[str, object]:
    """The form with what is filled in; `readers` are who reads along, `own_zone` is the asker's."""
    warnings = _warnings(typed, readers)
    return modal(
        NAME,
        "Change announcement" if kept else "Announce weekly",
        [
            *_where(typed),
            *warnings,
            *_what(typed),
            *_when(typed),
            context(coming_words(typed, now, own_zone)),
            _language(typed),
        ],
        submit="Save anyway" if warnings else "Save",
        close="Cancel",
        kept=kept,
    )


def coming_words(typed: Typed, now: datetime, own_zone: str) -> str:
    """When it would be due next, on the clock there; where the reader has another, on theirs too."""
    if typed.weekly is None:
        return Words("announce", coming=[])["coming"]
    weeks = typed.weekly.after(now)
    instants = [next(weeks).due_at for _ in range(MOST_COMING)]
    there = ZoneInfo(typed.zone)
    coming = [_on(instant.astimezone(there)) for instant in instants]
    here = ZoneInfo(own_zone)
    is_same = instants[0].astimezone(here).utcoffset() == instants[0].astimezone(there).utcoffset()
    return Words("announce", coming=coming, at=None if is_same else instants[0])["coming"]


def _on(wall: datetime) -> str:
    return unbroken(f"{day(wall.date())} at {hour(wall.time())}")


def _warnings(typed: Typed, readers: Collection[Kind]) -> list[Block]:
    """Who would read along that one may not have thought of."""
    words = Words("announce", channel=typed.channel[0] if typed.channel else None)
    if Kind.stranger in readers:
        return [section(words["shared"])]
    return [section(words["guests"])] if Kind.guest in readers else []


def _where(typed: Typed) -> list[Block]:
    channel = ExternalDataSelectElement(
        placeholder=plain("Choose a channel"),
        action_id="announce_channel",
        min_query_length=0,
        initial_option=_option(typed.channel),
    )
    hint = Words("announce").plain("invite")
    return [ask_for("Channel", channel, block_id="channel", hint=hint, told_at_once=True)]


def _what(typed: Typed) -> list[Block]:
    topic = _menu("topic", {str(topic): words for topic, words in TOPICS.items()}, typed.topic)
    scope = ExternalDataSelectElement(
        placeholder=plain("All customers, a CSA, a region or a feature"),
        action_id="announce_scope",
        min_query_length=0,
        initial_option=_option(typed.scope),
    )
    return [
        ask_for("What it says", topic, block_id="topic"),
        ask_for("Of whom", scope, block_id="scope"),
    ]


def _when(typed: Typed) -> list[Block]:
    words = Words("announce")
    days = {str(number): name for number, name in enumerate(WEEKDAYS)}
    at = TimePickerElement(
        action_id="announce_at", initial_time=hour(typed.at) if typed.at else None
    )
    zone = ExternalDataSelectElement(
        placeholder=plain("A city, as in Berlin"),
        action_id="announce_zone",
        min_query_length=2,
        initial_option=option(zone_label(typed.zone), typed.zone) if typed.zone else None,
    )
    return [
        ask_for(
            "Every",
            _menu("weekday", days, str(typed.weekday)),
            block_id="weekday",
            told_at_once=True,
        ),
        ask_for("At", at, block_id="at", told_at_once=True),
        ask_for(
            "On the clock of",
            zone,
            block_id="zone",
            hint=words.plain("place_note"),
            told_at_once=True,
        ),
    ]


def _language(typed: Typed) -> Block:
    menu = _menu("language", {each: named(each) for each in OFFERED}, typed.language)
    return ask_for(
        "Dates in", menu, block_id="language", hint=Words("announce").plain("language_note")
    )


def _menu(name: str, labels: Mapping[str, str], chosen: str) -> StaticSelectElement:
    options = {value: option(label, value) for value, label in labels.items()}
    return StaticSelectElement(
        options=list(options.values()),
        initial_option=options.get(chosen),
        action_id=f"announce_{name}",
    )


def _option(choice: Choice | None) -> Option | None:
    return option(choice[1], choice[0]) if choice else None
