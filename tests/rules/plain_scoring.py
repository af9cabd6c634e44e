"""The formulas of scores once more, location by location in plain Python: slow, and easy to check.

Shares no code with the rules. What is usual in the portfolio is given, not fitted.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import median
from typing import Any

Row = Mapping[str, Any]
WEIGHTS = (0.40, 0.15, 0.20, 0.15, 0.10)


def plain_scores(
    rows: Sequence[Row],
    today: date,
    missed: tuple[float, float] = (2, 50),
    cancelled: tuple[float, float] = (2, 50),
) -> list[tuple[str, float | None, float | None]]:
    """State, health and priority of each row; None where there is none."""
    chances = [_log10_chance(row, today) for row in rows]
    states = [_state(row, today, chance) for row, chance in zip(rows, chances, strict=True)]
    healths = [
        _health(row, chance, missed, cancelled) for row, chance in zip(rows, chances, strict=True)
    ]
    going = [state != "churned" for state in states]
    benefits = _ranks([_avoided(row, missed) for row in rows], going)
    volumes = _ranks([row.get("orders_28d") for row in rows], going)
    known = [h for h, goes in zip(healths, going, strict=True) if goes and h is not None]
    middle = median(known) if known else 50.0
    scored = []
    for state, health, benefit, volume in zip(states, healths, benefits, volumes, strict=True):
        p = None
        if state != "churned":
            lacking = 1 - (middle if health is None else health) / 100
            p = 100 * (0.55 * benefit + 0.25 * lacking + 0.20 * volume)
            p = min(100.0, p) * (0.25 if state == "inactive" else 1)
        scored.append((state, health, p))
    return scored


def _silent(row: Row, today: date) -> int | None:
    last = row.get("last_order_on")
    return None if last is None else (today - last).days


def _log10_chance(row: Row, today: date) -> float | None:
    silent = _silent(row, today)
    if silent is None:
        return None
    if row.get("cadence_orders") and row.get("cadence_days"):
        orders, days = row["cadence_orders"], row["cadence_days"]
    elif row.get("orders_28d") and silent < 28:
        orders, days = row["orders_28d"], max(1, 28 - silent)
    else:
        return None
    return float((0.5 + orders) * math.log10((1 + days) / (1 + days + silent)))


def _state(row: Row, today: date, log10: float | None) -> str:
    silent = _silent(row, today)
    if silent is None:
        if row.get("orders_28d") != 0:
            return "active"
        joined = row.get("signed_up_on")
        return "active" if joined and (today - joined).days < 28 else "inactive"
    if silent >= 180 or (log10 is None and silent >= 60):
        return "churned"
    if log10 is not None and log10 < -4 and silent >= 28:
        return "churned"
    if silent >= 60 or (log10 is None and silent >= 14):
        return "inactive"
    return "inactive" if log10 is not None and log10 < -3 and silent >= 7 else "active"


def _health(
    row: Row, log10: float | None, missed: tuple[float, float], cancelled: tuple[float, float]
) -> float | None:
    orders, before = row.get("orders_28d"), row.get("orders_prev_28d")
    opened, online = row.get("open_hours_28d"), row.get("online_hours_28d")
    each: list[float | None] = [None] * 5
    for at, name, (hits, trials) in (
        (0, "missed_orders_28d", missed),
        (1, "cancelled_orders_28d", cancelled),
    ):
        count = row.get(name)
        if orders and count is not None:
            each[at] = _clip(1 - (count + hits) / (orders + trials) / 0.20)
    if log10 is not None:
        each[2] = _clip((log10 + 4) / (math.log10(0.05) + 4))
    if orders is not None and before is not None and (orders or before):
        each[3] = _clip(((orders + 10) / (before + 10) - 0.5) / 0.5)
    if opened and online is not None:
        each[4] = _clip((online / opened - 0.5) / 0.45)
    known = [(w, s) for w, s in zip(WEIGHTS, each, strict=True) if s is not None]
    if not known:
        return None
    total = sum(w for w, _ in known)
    return math.exp(sum(w * math.log(max(s, 1)) for w, s in known) / total)


def _clip(share: float) -> float:
    return 100 * min(1.0, max(0.0, share))


def _avoided(row: Row, missed: tuple[float, float]) -> float | None:
    orders, count = row.get("orders_28d"), row.get("missed_orders_28d")
    if orders is None:
        return None
    hits, trials = missed
    rate = hits / trials if count is None else (count + hits) / (orders + trials)
    return float(orders / 4 * rate * 0.6)


def _ranks(values: Sequence[float | None], going: Sequence[bool]) -> list[float]:
    known = sorted(v for v, goes in zip(values, going, strict=True) if goes and v is not None)
    first: dict[float, int] = {}
    last: dict[float, int] = {}
    for at, value in enumerate(known):
        first.setdefault(value, at + 1)
        last[value] = at + 1
    rank = {value: ((first[value] + last[value]) / 2 - 0.5) / len(known) for value in first}
    middle = median([rank[value] for value in known]) if known else 0.5
    return [middle if v is None else rank.get(v, middle) for v in values]
