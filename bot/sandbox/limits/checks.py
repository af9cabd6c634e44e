"""What a value may be, as small functions that are put together into the shapes of Block Kit.

A check takes a value and yields its problems, with pointers relative to the value. The wording
is Slack's where it was captured (issues named in tests/sandbox/test_limits.py); the other
wordings are marked unsourced.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.sandbox.json_types import Json
from bot.sandbox.limits.problem import UNSOURCED, Problem

Check = Callable[[object], Iterator[Problem]]
Rule = Callable[[Json], Iterator[Problem]]

_EITHER = "https://github.com/slackapi/java-slack-sdk/issues/1017"


def missing(name: str) -> Problem:
    """A field that must be there and is not."""
    return Problem("", f"missing required field: {name}")


def string(most: int, *, least: int = 0) -> Check:
    """Text of `least` to `most` characters."""

    def check(value: object) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("", "must provide a string")
        elif len(value) < least:
            yield Problem("", f"must be more than {least - 1} characters")
        elif len(value) > most:
            yield Problem("", f"must be less than {most + 1} characters")

    return check


def boolean(value: object) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("", "must provide a boolean", source=UNSOURCED)


def integer(least: int | None = None, most: int | None = None) -> Check:
    """A whole number within bounds."""

    def check(value: object) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("", "must provide an integer", source=UNSOURCED)
        elif least is not None and value < least:
            yield Problem("", f"must be greater than or equal to {least}", source=UNSOURCED)
        elif most is not None and value > most:
            yield Problem("", f"must be less than or equal to {most}", source=UNSOURCED)

    return check


def number(value: object) -> Iterator[Problem]:
    """Any number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        yield Problem("", "must provide a number", source=UNSOURCED)


def choice(*allowed: str) -> Check:
    """One of some words."""

    def check(value: object) -> Iterator[Problem]:
        if value not in allowed:
            yield Problem("", "must be a valid enum value")

    return check


def anything(_value: object) -> Iterator[Problem]:
    """What the stand-in does not look into."""
    yield from ()


def items(check: Check, most: int, *, least: int = 1) -> Check:
    """A list of `least` to `most` values."""

    def checked(value: object) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield Problem("", "must provide an array")
            return
        if len(value) < least:
            yield Problem("", f"no less than {least} items allowed", source=UNSOURCED)
        if len(value) > most:
            yield Problem("", f"no more than {most} items allowed")
        for at, item in enumerate(value):
            yield from (problem.under(f"/{at}") for problem in check(item))

    return checked


@dataclass(frozen=True)
class Shape:
    """An object with these fields and no others; `rules` look at it as a whole.

    A field that is null is not a field left out: Slack refuses it, captured in
    https://github.com/slackapi/java-slack-sdk/issues/853.
    """

    source: str
    required: Mapping[str, Check] = field(default_factory=dict)
    optional: Mapping[str, Check] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def __call__(self, value: object) -> Iterator[Problem]:
        """The problems of a value, each with this shape's source."""
        return (problem.by(self.source) for problem in self._problems(value))

    def _problems(self, value: object) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("", "must provide an object")
            return
        fields = {**self.required, **self.optional}
        yield from (missing(name) for name in self.required if name not in value)
        for name, held in value.items():
            if name not in fields:
                words = f"invalid additional property: {name}"
                yield Problem("", words)
            else:
                yield from (problem.under(f"/{name}") for problem in fields[name](held))
        for rule in self.rules:
            yield from rule(value)


def by_type(shapes: Mapping[str, Check]) -> Check:
    """An object whose `type` says which of the shapes it has."""

    def check(value: object) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield Problem("", "must provide an object")
        elif "type" not in value:
            yield missing("type")
        elif not isinstance(value["type"], str) or value["type"] not in shapes:
            yield Problem("/type", f"unsupported type: {value['type']}")
        else:
            yield from shapes[value["type"]](value)

    return check


def exactly_one(*names: str) -> Rule:
    """One of these fields and not two."""

    def rule(value: Json) -> Iterator[Problem]:
        given = [name for name in names if value.get(name)]
        if not given:
            yield missing(" or ".join(names))
        elif len(given) > 1:
            yield Problem("", f"must define only one of {', '.join(names)}", source=UNSOURCED)

    return rule


def at_least_one(*names: str) -> Rule:
    """One of these fields or several."""

    def rule(value: Json) -> Iterator[Problem]:
        if not any(value.get(name) for name in names):
            # The beginning of these words is captured, their end is not.
            fields = " or ".join(f"`{name}`" for name in names)
            yield Problem("", f"must define either {fields}", source=_EITHER)

    return rule
