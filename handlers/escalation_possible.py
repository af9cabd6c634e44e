"""Why a wish is not possible whatever is decided, and what is possible instead, in words."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from handlers.blocks import Words
from rules.requests import Hindrance, Verdict
from store.session import Reading

MOST_SAID = 3
OF_THE_DAY = frozenset(
    {
        Hindrance.past,
        Hindrance.too_soon,
        Hindrance.too_far,
        Hindrance.before_release,
        Hindrance.pilot,
        Hindrance.blackout,
    }
)
"""What another day would help."""


@dataclass(frozen=True, slots=True)
class Hindered:
    """Why some locations cannot move by the wished day, in words as a form has them."""

    verdict: Verdict
    words: str

    @property
    def is_of_the_day(self) -> bool:
        """Whether another day would do."""
        return self.verdict.hindrance in OF_THE_DAY


async def hindered(
    reading: Reading, verdicts: Mapping[Verdict, Collection[str]], asked: int
) -> list[Hindered]:
    """What is in the way of a wish for so many locations; what concerns most of them first."""
    keys = sorted({key for verdict in verdicts for key in verdict.features})
    features = await reading.migration.features(keys) if keys else {}
    names = {key: features[key].name if key in features else key for key in keys}
    days = {key: features[key].target_on if key in features else None for key in keys}
    return [
        Hindered(
            verdict,
            Words(
                "escalation_possible",
                verdict=verdict,
                number=len(ids),
                asked=asked,
                features=[names[key] for key in verdict.features],
                release=next((days[key] for key in verdict.features), None),
            ).plain("hindrance"),
        )
        for verdict, ids in verdicts.items()
        if not verdict.is_possible
    ]


def sentences(found: Collection[Hindered]) -> str:
    """What is in the way, in one paragraph that stays short."""
    said = [each.words for each in found]
    more = len(said) - MOST_SAID
    return " ".join(said[:MOST_SAID]) + (
        f" There are {more} more such reasons." if more > 0 else ""
    )
