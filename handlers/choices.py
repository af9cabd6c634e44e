"""What one can choose: which customer or location is meant, and where to go from an answer."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement, StaticSelectElement

from handlers.blocks import Words, actions, built, button, context, option, plain, section
from handlers.dates import short
from handlers.reply import Reply, note
from rules.finding import Matches, Named

MOST_OFFERED = 100
MOST_ECHOED = 40
OPENS = "schedule_open"
"""The action that shows the date of one."""
GONE = "It is gone since you looked it up. Look it up again to see what is there now."


def which_one(matches: Matches, typed: str, *, opens: str = OPENS) -> Reply:
    """Several could be meant, or none: ask which, or say so. What is chosen arrives as `opens`."""
    words = doubt(matches, typed)
    if not matches.total:
        hint = context(words["unknown_hint"])
        return note(
            built(section(words["unknown"]), hint, actions(look_up_another())), words["unknown"]
        )
    offered = matches.found[:MOST_OFFERED]
    more = context(words["several_more"]) if matches.total > len(offered) else None
    choices = [(f"{found.kind}|{found.id}", label(found)) for found in offered]
    which = chooser("Choose one", opens, choices)
    blocks = built(section(words["several"]), actions(which, look_up_another()), more)
    return note(blocks, words["several"])


def doubt(matches: Matches, typed: str, *, name: str = "", most: int = MOST_OFFERED) -> Words:
    """What can be said about a text that may mean several things, or none, or was read as `name`.

    `most` is how many of them are offered.
    """
    kinds = sorted({found.kind for found in matches.found})
    return Words(
        "schedule",
        typed=short(typed, MOST_ECHOED),
        name=name,
        total=matches.total,
        noun=" or ".join(kinds),
        nouns=" or ".join(f"{kind}s" for kind in kinds),
        guessed=matches.guessed,
        shown=min(len(matches.found), most),
    )


def opener(words: str, choices: Sequence[tuple[str, str]]) -> StaticSelectElement:
    """A select that opens the date of what is chosen."""
    return chooser(words, OPENS, choices)


def chooser(words: str, name: str, choices: Sequence[tuple[str, str]]) -> StaticSelectElement:
    """A select that arrives as the action `name` with the value chosen; `choices` are value and label."""
    options = [option(text, value) for value, text in choices]
    return StaticSelectElement(placeholder=plain(words), action_id=name, options=options)


def look_up_another(words: str = "Look up another") -> ButtonElement:
    """The button under every answer that opens the look-up."""
    return button(words, "lookup_open")


def label(found: Named) -> str:
    """A name with its id: several may share a name."""
    return f"{short(found.name, 50)} ({short(found.id, 20)})"


def named(value: str) -> Named:
    """What a button or option stands for."""
    kind, _, identity = value.partition("|")
    return Named(kind, identity, "", "")
