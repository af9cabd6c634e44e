"""Which of a few known words somebody meant who typed another."""

from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from rules.naming import fold

LIKENESS = 0.7


def nearest(typed: str, known: Iterable[str]) -> str | None:
    """The known word that is most like what was typed; None where none is like it.

    Compared as names are: without case, accents and marks; letters swapped count as one slip.
    """
    found = process.extractOne(
        typed,
        list(known),
        scorer=OSA.normalized_similarity,
        processor=fold,
        score_cutoff=LIKENESS,
    )
    return found[0] if found else None
