"""What somebody asks of a forecast: a success rate, locations per week, a day to be done by."""

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import NoReturn

from rules.days import day_to_come

LONGEST = 200
MOST_PER_WEEK = 1_000_000
WHOLE = 100.0
HOW = "Write a success rate and locations per week, such as 85 % 400, or by 1 December."
MOST_ECHOED = 40

_TOKEN = re.compile(
    r"(?P<number>(?:(?<!\S)[-+])?\d(?:[\d.,]*\d)?)|(?P<word>%|/|[^\W\d_]+)|(?P<other>\S)"
)
_THOUSANDS = re.compile(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_DECIMAL = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_SPACED_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))")
_END = "?!.,;:"
_BY = frozenset({"by", "before", "until", "till"})
_PERCENT = (("%",), ("percent",), ("pct",), ("per", "cent"))
_LOCATIONS = frozenset({"location", "locations", "store", "stores", "restaurant", "restaurants"})
_WEEKLY = (
    *((per, week) for per in ("a", "per", "each", "every", "/") for week in ("week", "wk")),
    ("weekly",),
    ("pw",),
)
_SUCCESS = tuple(
    ("success", *more) for more in (("rate", "of"), ("rate", "is"), ("rate",), ("of",), ("is",), ())
)
_AROUND = _LOCATIONS | {
    *("a", "all", "and", "are", "at", "be", "being", "chance", "could", "done", "end", "finish"),
    *("finished", "for", "forecast", "has", "have", "how", "if", "is", "it", "likely", "migrated"),
    *("migration", "moved", "of", "please", "rate", "succeed", "succeeds", "success", "successful"),
    *("that", "the", "then", "there", "they", "this", "to", "us", "we", "what", "whats", "when"),
    *("will", "with"),
}


class NotUnderstood(ValueError):
    """A question that cannot be answered as it was written; it says what to write instead."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is asked for; what is None was left open. `success` is a share from 0 to 1."""

    success: float | None = None
    per_week: int | None = None
    by: date | None = None


def outlook(typed: str, today: date) -> Outlook:
    """What a text asks of a forecast: "85 % 400", "0.85", "400 a week", "by 1 December".

    Raises:
        NotUnderstood: some of it has no meaning here, cannot be, or is said twice.
    """
    if len(typed) > LONGEST:
        raise NotUnderstood(f"That is too long for a forecast. {HOW}")
    plain = unicodedata.normalize("NFKC", _SPACED_THOUSANDS.sub("", typed))
    return _Reader(plain.replace("\N{MINUS SIGN}", "-").strip().rstrip(_END), today).outlook()


class _Reader:
    """Takes a text apart, what is most sure first; what is left over was not understood."""

    def __init__(self, text: str, today: date) -> None:
        self._text, self._today = text, today
        self._tokens = list(_TOKEN.finditer(text))
        self._taken = [False] * len(self._tokens)
        self._success: float | None = None
        self._per_week: int | None = None
        self._by: date | None = None

    def outlook(self) -> Outlook:
        self._take_day()
        for at in self._numbers():
            if self._taken_after(at, _PERCENT):
                self._keep_success(at, _percent(self._value(at)))
        for at in self._numbers():
            if self._taken_before(at, _SUCCESS):
                self._keep_success(at, self._share(at))
        for at in self._numbers():
            if self._taken_after(at, _WEEKLY, skipping=_LOCATIONS):
                self._keep_weekly(at)
        for at in self._numbers():
            if self._taken_before(at, _WEEKLY):
                self._keep_weekly(at)
        for at in self._numbers():
            self._take_bare(at)
        self._refuse_rest()
        return Outlook(self._success, self._per_week, self._by)

    def _take_day(self) -> None:
        start = next((at for at in range(len(self._tokens)) if self._word(at) in _BY), None)
        if start is None:
            self._take_day_alone()
            return
        self._taken[start] = True
        for end in range(len(self._tokens), start + 1, -1):
            words = self._text[self._tokens[start + 1].start() : self._tokens[end - 1].end()]
            day = day_to_come(" ".join(words.lower().rstrip(_END).split()), self._today)
            if day:
                self._keep_day(day, words)
                self._taken[start:end] = [True] * (end - start)
                return
        named = self._text[self._tokens[start].end() :].strip()
        unknown = f"I know no day “{_short(named)}”." if named else "By when?"
        raise NotUnderstood(f"{unknown} Write it like by 1 December, by 2022-12-01 or by March.")

    def _take_day_alone(self) -> None:
        """A day and nothing else; a number alone is none."""
        words = " ".join(self._text.lower().split())
        day = None if words.isdecimal() else day_to_come(words, self._today)
        if day:
            self._keep_day(day, self._text)
            self._taken = [True] * len(self._tokens)

    def _keep_day(self, day: date, words: str) -> None:
        if day < self._today:
            raise NotUnderstood(f"“{_short(words)}” is past. Name a day to come.")
        self._by = day

    def _keep_success(self, at: int, share: float) -> None:
        self._taken[at] = True
        if self._success is not None:
            self._refuse_twice("success rates", _written(self._success), _written(share))
        self._success = share

    def _keep_weekly(self, at: int) -> None:
        self._taken[at] = True
        value = self._value(at)
        if not value.is_integer() or not 0 <= value <= MOST_PER_WEEK:
            raise NotUnderstood(
                f"Locations per week are a whole number from 0 to {MOST_PER_WEEK:,}, "
                f"not {_short(self._tokens[at][0])}."
            )
        if self._per_week is not None:
            self._refuse_twice("numbers per week", f"{self._per_week:,}", f"{value:,.0f}")
        self._per_week = int(value)

    def _take_bare(self, at: int) -> None:
        """A number alone: first the success rate, then locations per week, as the command has it."""
        if self._success is None and not self._value(at) > WHOLE:
            self._keep_success(at, self._share(at))
        else:
            self._keep_weekly(at)

    def _share(self, at: int) -> float:
        """A number without a sign: a share where it has decimals and is at most 1, else percent."""
        value, written = self._value(at), self._tokens[at][0]
        if value == 1 and written.isdecimal():
            raise NotUnderstood("1 could be 1 % or 100 %. Write it with its sign.")
        is_share = not written.isdecimal() and 0 <= value <= 1
        return value if is_share else _percent(value)

    def _value(self, at: int) -> float:
        written: str = self._tokens[at][0]
        if _THOUSANDS.fullmatch(written):
            value = float(written.replace(",", ""))
        elif _DECIMAL.fullmatch(written):
            value = float(written.replace(",", "."))
        else:
            raise NotUnderstood(f"I cannot read “{_short(written)}” as a number. {HOW}")
        return value if math.isfinite(value) else math.copysign(10.0 * MOST_PER_WEEK, value)

    def _numbers(self) -> list[int]:
        """The numbers that are not taken yet."""
        numbers = (at for at, token in enumerate(self._tokens) if token["number"])
        return [at for at in numbers if not self._taken[at]]

    def _word(self, at: int) -> str:
        """The word at a place; empty where there is none, or it is taken."""
        if not 0 <= at < len(self._tokens) or self._taken[at]:
            return ""
        return (self._tokens[at]["word"] or "").lower()

    def _taken_after(
        self,
        at: int,
        phrases: tuple[tuple[str, ...], ...],
        *,
        skipping: frozenset[str] = frozenset(),
    ) -> bool:
        """Take a phrase behind a number, if one is there."""
        start = at + 1
        while self._word(start) in skipping:
            start += 1
        return self._take(start, phrases)

    def _taken_before(self, at: int, phrases: tuple[tuple[str, ...], ...]) -> bool:
        """Take a phrase in front of a number, if one is there."""
        return any(self._take(at - len(phrase), (phrase,)) for phrase in phrases)

    def _take(self, start: int, phrases: tuple[tuple[str, ...], ...]) -> bool:
        for phrase in phrases:
            places = range(start, start + len(phrase))
            if tuple(self._word(place) for place in places) == phrase:
                self._taken[start : start + len(phrase)] = [True] * len(phrase)
                return True
        return False

    def _refuse_rest(self) -> None:
        """What stands around numbers says nothing; anything else might."""
        left = [
            token[0]
            for at, token in enumerate(self._tokens)
            if not self._taken[at] and token[0].lower() not in _AROUND and token[0] not in _END
        ]
        if left:
            raise NotUnderstood(f"I do not understand “{_short(' '.join(left))}”. {HOW}")

    @staticmethod
    def _refuse_twice(what: str, one: str, other: str) -> NoReturn:
        raise NotUnderstood(f"I read two {what}, {one} and {other}. Write one of them.")


def _percent(value: float) -> float:
    if not 0 <= value <= WHOLE:
        raise NotUnderstood(
            f"A success rate is from 0 % to 100 %, not {_short(f'{value:,.10g}')} %. "
            "Write it like 85 %."
        )
    return value / WHOLE


def _written(share: float) -> str:
    return f"{WHOLE * share:.10g} %"


def _short(words: str) -> str:
    return words if len(words) <= MOST_ECHOED else f"{words[: MOST_ECHOED - 1]}…"
