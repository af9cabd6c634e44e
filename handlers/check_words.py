"""A check in words: what was found of a location, with the numbers it was found from."""

from handlers.blocks import Words, unbroken
from rules.verdicts import Check

A_MILLION = 1_000_000


def sentence(check: Check) -> str:
    """What was found and from which numbers, as plain text: one for each `rules.verdicts.Why`."""
    return words_of(check).plain(check.why.name)


def title(check: Check) -> str:
    """The verdict in a few words."""
    return words_of(check).plain("title")


def words_of(check: Check, **values: object) -> Words:
    """All that can be said of a check."""
    data = check.data
    return Words(
        "check",
        check=check,
        before=share(data.before.rate),
        after=share(data.after.rate),
        low=points(check.low),
        high=points(check.high),
        between=span(check.low, check.high),
        volume=whole(check.volume),
        chance=silence(data.stopped_chance),
        **values,
    )


def share(rate: float | None) -> str:
    """A share in per cent, to one digit: "3.8 %"; empty where it is not known."""
    return "" if rate is None else unbroken(f"{100 * rate:.1f} %")


def whole(rate: float | None) -> str:
    """A share in whole per cent: "97 %"; empty where it is not known."""
    return "" if rate is None else unbroken(f"{100 * rate:.0f} %")


def points(change: float | None) -> str:
    """A change in points, to one digit: "0.4 points less"; empty where it is not known."""
    if change is None:
        return ""
    size = f"{100 * abs(change):.1f}"
    noun = "point" if size == "1.0" else "points"
    return f"{size} {noun} {'less' if change < 0 else 'more'}"


def span(low: float | None, high: float | None) -> str:
    """Two changes: "between 0.9 points less and 0.4 points more", "between 0.5 and 1.5 points more"."""
    if low is None or high is None:
        return ""
    first = points(low) if (low < 0) != (high < 0) else f"{100 * abs(low):.1f}"
    return f"between {first} and {points(high)}"


def silence(chance: float | None) -> str:
    """How likely a silence is: "1 in 1,669"; empty where it is not known."""
    if chance is None:
        return ""
    return "less than 1 in a million" if chance * A_MILLION < 1 else f"1 in {1 / chance:,.0f}"
