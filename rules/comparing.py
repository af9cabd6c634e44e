"""A question for the difference between two: "why Joe's vs Taco Town", "why is A ahead of mine?"."""

import re
from dataclasses import dataclass

from rules.asking import LONGEST_QUESTION, Phrase, phrase

MOST_READINGS = 8


@dataclass(frozen=True, slots=True)
class Pair:
    """Two that are compared: it is asked why `earlier` goes before `later`."""

    earlier: Phrase
    later: Phrase


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a question for two may mean: pairs, the likeliest first; or why one has its date.

    `names` are how many were named: more than two, or none in a mere "why?".
    """

    pairs: tuple[Pair, ...] = ()
    one: Phrase | None = None
    names: int = 2


_WHY = re.compile(
    r"^(?:hi|hello|hey|please|so|and|but)?[,!\s]*(?:(?:can|could) you )?(?:please )?"
    r"(?:tell me |explain )?(?:to me )?(why|how come)\b(?: on earth)?[\s:,]*",
    re.IGNORECASE,
)
_END = re.compile(r"[\s?!.]+$")
_ASKING = re.compile(
    r"^(?:is|are|was|were|does|do|did|will|has|have|can|must|should|not|isn['’]t|aren['’]t)\s+",
    re.IGNORECASE,
)
_MOVING = (
    r"(?:\s+(?:is|are|was|were|will|does|do|did|being|be|going to|to|has|have|been|so (?:much|far)|"
    r"goes?|going|moves?|moving|moved|migrates?|migrating|migrated|comes?|coming|scheduled|"
    r"planned|placed|put|dated|weeks?|a week|days|long|much|far|sooner|not))*"
)
_BEFORE = r"before|ahead of|in front of|earlier than|sooner than|prior to|rather than"
_AFTER = r"after|behind|later than|waiting for|waits? for"
_VERSUS = r"vs\.?|versus|v\.|against|compared (?:to|with)|instead of"
_LINK = re.compile(
    rf"(?P<verbs>{_MOVING})\s+(?:(?P<before>{_BEFORE})|(?P<after>{_AFTER})|(?P<versus>{_VERSUS}))\s+",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?:\s+(?:goes?|going|moves?|moving|is|are|does|do|will|was|were|scheduled|planned|did|has|have))+$",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"\s+(?:(?:so|that|this|too|as|not|any|no)\s+)?(?:late|far away|far|long|early|soon|sooner|"
    r"earlier|later|date|day|week|then|delayed|blocked|waiting|without a date)$",
    re.IGNORECASE,
)
_AND = re.compile(r"\s+(?:and|&|or)\s+|\s*[,;/]\s*", re.IGNORECASE)


def comparison(typed: str) -> Comparison | None:
    """What a text asks for, if it asks why; None where it is no such question.

    Without "why" only "A vs B" is one: "before" and "after" may stand in a name.
    """
    if len(typed) > LONGEST_QUESTION:
        return None
    bare = _END.sub("", " ".join(typed.split()))
    why = _WHY.match(bare)
    text = _ASKING.sub("", bare[why.end() :]) if why else bare
    links = [link for link in _LINK.finditer(text) if why or link["versus"]]
    pairs = [_pair(text, link) for link in links[:MOST_READINGS]]
    if len(links) > 1:
        # The first two of three or more.
        pairs.append(_pair(text[: links[1].start()], links[0]))
    if not pairs and why:
        pairs = [
            Pair(phrase(text[: each.start()]), phrase(text[each.end() :]))
            for each in list(_AND.finditer(text))[:MOST_READINGS]
        ]
    whole = [pair for pair in pairs if pair.earlier.core and pair.later.core]
    if whole:
        of_versus = sum(bool(link["versus"]) for link in links)
        alone = phrase(text if links else _alone(text)) if why else None
        return Comparison(tuple(whole), alone, names=1 + max(1, of_versus))
    if not why:
        return None
    return Comparison(one=phrase(_alone(text)), names=1) if text else Comparison(names=0)


def _pair(text: str, link: re.Match[str]) -> Pair:
    first, second = text[: link.start()], _DOES.sub("", text[link.end() :])
    named = phrase(first), phrase(second)
    return Pair(*(reversed(named) if link["after"] else named))


def _alone(text: str) -> str:
    """The one that is named, without the words for being late around it."""
    return _DOES.sub("", _LATE.sub("", text)) or text
