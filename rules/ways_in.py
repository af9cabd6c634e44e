"""What people type for something that has another name: "stop Joe's Pizza", "what is this?"."""

import re
from dataclasses import dataclass

from rules.naming import fold

OVERVIEW = ""
"""What migration is, and who to ask: the topic without a name."""

_FIRST_WORDS = {
    "unfollow": ("stop", "stop following", "unsubscribe", "unsubscribe from"),
    "follow": ("subscribe", "subscribe to", "unmute", "watch"),
    "following": ("subscriptions", "my subscriptions", "what i follow", "what do i follow"),
    "hours": ("digest", "my digest", "quiet", "quiet hours", "when does my digest come"),
    "roles": ("my roles", "who am i", "what am i", "who gives roles"),
}
_WHOLE = {
    OVERVIEW: (
        *("what is this", "whats this", "what is it", "what is wavepost", "what is migration"),
        *("what is the migration", "what does this do", "what do you do", "who are you"),
        *("who is responsible", "who is in charge", "who decides", "who leads", "who leads this"),
        *("who to ask", "who can i ask", "who do i ask", "whom do i ask", "who can help"),
        *("who is the lead", "who are the leads"),
    ),
}
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class WayIn:
    """A topic by its own name, and the words that are left for it."""

    topic: str
    rest: str


def way_in(typed: str) -> WayIn | None:
    """The topic that was meant by another name; None where it was none that we know."""
    whole = fold(typed)
    for topic, phrases in _WHOLE.items():
        if whole in phrases:
            return WayIn(topic, "")
    ends = [found.end() for found in _WORD.finditer(typed)]
    for end in reversed(ends[:_LONGEST]):
        named = _BY_FIRST_WORDS.get(fold(typed[:end]))
        if named:
            return WayIn(named, typed[end:].strip())
    return None


_BY_FIRST_WORDS = {words: topic for topic, every in _FIRST_WORDS.items() for words in every}
_LONGEST = max(len(words.split()) for words in _BY_FIRST_WORDS)
