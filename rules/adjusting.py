"""Parameters as people change them: every number with its words, what is allowed, and what was typed."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from rules.groups import Group, Weights
from rules.parameters import Parameters
from rules.spelling import nearest

_WRITTEN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_LONGEST = 40

ASSUMED = ("prior_missed", "prior_orders", "missed_reduction")
"""Those of no group that are about orders; the others are about planning."""


class UnfitNumbers(ValueError):
    """What was typed cannot be used: the key of each number to a sentence that says what can."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(dict.fromkeys(problems.values())))
        self.problems = dict(problems)


@dataclass(frozen=True)
class Limits:
    """Between which numbers another one may be; `has_low` and `has_high` say whether these may be too."""

    low: float | None
    high: float | None
    has_low: bool
    has_high: bool

    @property
    def words(self) -> str:
        """The limits in words: "from 1 to 520", "above 0 and below 1"."""
        low, high = self.low, self.high
        if low is not None and high is not None and self.has_low and self.has_high:
            return f"from {written(low)} to {written(high)}"
        said = []
        if low is not None:
            said.append(f"{'of at least' if self.has_low else 'above'} {written(low)}")
        if high is not None:
            said.append(f"{'of at most' if self.has_high else 'below'} {written(high)}")
        return " and ".join(said)


@dataclass(frozen=True)
class Number:
    """One number that a team may change, by its key ("health.green")."""

    key: str
    title: str
    description: str
    default: float
    is_whole: bool
    is_weight: bool
    limits: Limits

    @property
    def name(self) -> str:
        """Its key without the groups it is in."""
        return self.key.rpartition(".")[2]

    @property
    def allowed(self) -> str:
        """What it may be, in words: "a whole number from 1 to 520"."""
        kind = "a whole number" if self.is_whole else "a number"
        return f"{kind} {self.limits.words}".strip()

    def of(self, parameters: Parameters) -> float:
        """Its value."""
        value: Any = parameters
        for name in self.key.split("."):
            value = getattr(value, name)
        return float(value) if not self.is_whole else int(value)

    def read(self, typed: str) -> float:
        """What was typed, as a number: "80", "0.4", "0,4", "10,000", and "40 %" where 1 is the most.

        Raises:
            ValueError: it is no number, or beyond all that can be reckoned with.
        """
        text = typed.strip().replace("\N{NO-BREAK SPACE}", " ")
        percent = text.endswith("%")
        text = text.removesuffix("%").replace(" ", "")
        if self.is_whole and _THOUSANDS.fullmatch(text):
            text = text.replace(",", "")
        elif text.count(",") == 1 and "." not in text:
            text = text.replace(",", ".")
        if not _WRITTEN.fullmatch(text):
            raise ValueError("no number")
        is_share = self.limits.high == 1 or self.is_weight
        value = float(text)
        if not isfinite(value):
            raise ValueError("beyond all numbers")
        return float(f"{value / 100:.12g}") if percent and is_share else value


@dataclass(frozen=True)
class Chapter:
    """Numbers that are shown and changed together."""

    key: str
    title: str
    description: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Difference:
    """A number that is another one than before."""

    number: Number
    before: float
    after: float


def written(value: float) -> str:
    """A number as people write it, with all its digits: "0.4", "10,000"."""
    return f"{value:,}" if isinstance(value, int) else f"{value:.12g}"


def number(key: str) -> Number | None:
    """The number with this key."""
    return _BY_KEY.get(key)


def chapter_of(number: Number) -> Chapter:
    """The chapter that a number is in."""
    return next(chapter for chapter in CHAPTERS if number in chapter.numbers)


def nearest_key(typed: str) -> str | None:
    """The key that is most like what was typed, where one is."""
    wanted = typed.strip().lower()
    by_name = [known for known in _BY_KEY if known.rpartition(".")[2] == wanted]
    return by_name[0] if len(by_name) == 1 else nearest(wanted, _BY_KEY)


def adjusted(parameters: Parameters, typed: Mapping[str, str]) -> Parameters:
    """The parameters with what was typed for some of their numbers, by key.

    Raises:
        UnfitNumbers: some of it cannot be used, alone or together.
    """
    values = parameters.model_dump()
    problems: dict[str, str] = {}
    for key, text in typed.items():
        try:
            _put(values, key, _value(_BY_KEY[key], text))
        except ValueError:
            problems[key] = _misfit(_BY_KEY[key], text)
    try:
        changed = Parameters.model_validate(values)
    except ValidationError as error:
        raise UnfitNumbers(_problems(error, typed) | problems) from error
    if problems:
        raise UnfitNumbers(problems)
    return changed


def differences(before: Parameters, after: Parameters) -> list[Difference]:
    """The numbers that are not the same, in the order in which they are shown."""
    both = ((each, each.of(before), each.of(after)) for each in NUMBERS)
    return [Difference(each, old, new) for each, old, new in both if old != new]


def titled(words: str) -> str:
    """A sentence about numbers with their titles in place of their keys."""
    for each in sorted(NUMBERS, key=lambda known: -len(known.key)):
        for name in (each.key, each.name):
            words = re.sub(rf"(?<![\w.]){re.escape(name)}(?= \()", f"“{each.title}”", words)
    return words


def _value(number: Number, typed: str) -> float:
    value = number.read(typed)
    return int(value) if number.is_whole and value == int(value) else value


def _put(values: dict[str, Any], key: str, value: float) -> None:
    *groups, name = key.split(".")
    for group in groups:
        values = values[group]
    values[name] = value


def _problems(error: ValidationError, typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, at the number it is about: of a group, at the first of it that was typed."""
    problems: dict[str, str] = {}
    for problem in error.errors():
        key = ".".join(map(str, problem["loc"]))
        if key in _BY_KEY:
            problems[key] = _misfit(_BY_KEY[key], typed.get(key, str(problem["input"])))
            continue
        words = problem["msg"].removeprefix("Value error, ")
        about = [each for each in typed if _is_about(words, each, key)] or [*typed]
        problems[about[0]] = words
    return problems


def _is_about(words: str, key: str, group: str) -> bool:
    inside, _, name = key.rpartition(".")
    return inside == group and f"{name} " in words if group else f"{key} " in words


def _misfit(number: Number, typed: str) -> str:
    given = typed.strip()
    said = f", not {given[:_LONGEST]}" if given else ""
    return f"{number.title} must be {number.allowed}{said}."


def _limits(field: FieldInfo) -> Limits:
    given: dict[str, float] = {}
    for bound in field.metadata:
        for name in ("ge", "gt", "le", "lt"):
            if hasattr(bound, name):
                given[name] = getattr(bound, name)
    return Limits(
        low=given.get("ge", given.get("gt")),
        high=given.get("le", given.get("lt")),
        has_low="ge" in given,
        has_high="le" in given,
    )


def _numbers(group: type[Group], inside: str = "") -> Iterator[Number]:
    """The numbers of a group itself, not those of the groups in it."""
    for name, field in group.model_fields.items():
        if not _is_group(field):
            yield Number(
                key=inside + name,
                title=field.title or name,
                description=field.description or "",
                default=field.default,
                is_whole=field.annotation is int,
                is_weight=issubclass(group, Weights),
                limits=_limits(field),
            )


def _chapters(group: type[Group], inside: str = "", of: str = "") -> Iterator[Chapter]:
    """A chapter for each group in this one, each before those in it."""
    for name, field in group.model_fields.items():
        if _is_group(field):
            kind: Any = field.annotation
            key, title = inside + name, f"{of} {field.title}".strip().capitalize()
            numbers = tuple(_numbers(kind, f"{key}."))
            yield Chapter(key, title, field.description or "", numbers)
            yield from _chapters(kind, f"{key}.", title)


def _is_group(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, Group)


def _ungrouped(*, assumed: bool) -> tuple[Number, ...]:
    return tuple(each for each in _numbers(Parameters) if (each.key in ASSUMED) is assumed)


CHAPTERS = (
    Chapter("plan", "Planning", "How waves are planned.", _ungrouped(assumed=False)),
    Chapter("orders", "Orders", "What is assumed of orders.", _ungrouped(assumed=True)),
    *_chapters(Parameters),
)
"""All numbers in the groups in which people see them."""

NUMBERS = tuple(each for chapter in CHAPTERS for each in chapter.numbers)
_BY_KEY = {each.key: each for each in NUMBERS}
