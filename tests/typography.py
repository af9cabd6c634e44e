"""Words as they are shown: dates and counts do not break at the end of a line."""

import re

_TOGETHER = re.compile(
    r"(?:\w{3} )?\d{1,2} \w{3} \d{4}|\d[\d,]* (?:locations?|customers?|slips?|messages?|dates?|more weeks?)"
)


def glued(words: str) -> str:
    """The words with no-break spaces where Wavepost has them."""
    return _TOGETHER.sub(lambda found: found[0].replace(" ", "\N{NO-BREAK SPACE}"), words)
