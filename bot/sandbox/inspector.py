"""Every request that came in or went out, with its timing, for people to look at."""

import re
from collections import deque
from dataclasses import asdict, dataclass
from typing import Literal

from bot.sandbox.json_types import Json
from bot.sandbox.live import Live

KEPT = 1000
_SECRET = re.compile(r"\b(xox[a-z]|xapp)-[\w-]+|\bv0=[0-9a-f]{64}")


@dataclass(frozen=True)
class Record:
    """One request and its answer; `ms` is how long the answer took."""

    n: int
    at: float
    direction: Literal["in", "out"]
    kind: str
    name: str
    status: int | None
    ms: float
    request: object
    response: object


class Inspector:
    """The last requests, oldest first, without their secrets."""

    def __init__(self, live: Live) -> None:
        self._records: deque[Record] = deque(maxlen=KEPT)
        self._count = 0
        self._live = live

    def note(  # noqa: PLR0913 - one argument per column of the record
        self,
        *,
        at: float,
        direction: Literal["in", "out"],
        kind: str,
        name: str,
        status: int | None,
        ms: float,
        request: object,
        response: object,
    ) -> None:
        """Keep one request and its answer."""
        self._count += 1
        record = Record(
            self._count, at, direction, kind, name, status, round(ms, 1), request, response
        )
        self._records.append(record)
        self._live.tell_inspectors(lambda: {"type": "request", "request": _described(record)})

    def after(self, n: int) -> list[Json]:
        """The records numbered above `n`."""
        return [_described(record) for record in self._records if record.n > n]


def _described(record: Record) -> Json:
    return asdict(record) | {
        "request": masked(record.request),
        "response": masked(record.response),
    }


def masked(value: object) -> object:
    """The same value with tokens and signatures replaced by dots."""
    if isinstance(value, str):
        return _SECRET.sub("•••", value)
    if isinstance(value, dict):
        return {k: "•••" if k == "token" else masked(v) for k, v in value.items()}
    if isinstance(value, list):
        return [masked(item) for item in value]
    return value
