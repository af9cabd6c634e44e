"""Charts as pictures, as PNG. Nothing is fetched and nothing is kept.

Each takes about a second of a core, and 35 MB for what draws it: all are for a process of its own.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from rules.loads import Loads
from rules.progress import Mark
from rules.prospects import FanMark

# What draws is imported by each function for itself: only the process that draws has to hold it.

SCALE = 3.0
"""Pixels of a point: what is drawn is sharp on a phone."""

Finishes = Sequence[tuple[float, date | None]]


def progress_drawn(marks: Sequence[Mark], total: int) -> bytes:
    """How far the migration is, see `burn_up`."""
    from rules.charts import burn_up  # noqa: PLC0415 - see above

    return png(burn_up(marks, total))


def forecast_drawn(marks: Sequence[FanMark], total: int, finishes: Finishes) -> bytes:
    """How it may go on, see `fan_chart`."""
    from rules.fan_chart import fan_chart  # noqa: PLC0415 - see above

    return png(fan_chart(marks, total, finishes))


def outlook_drawn(
    marks: Sequence[Mark], fan: Sequence[FanMark], total: int, finishes: Finishes
) -> bytes:
    """Both in one, see `outlook_chart`."""
    from rules.outlook_chart import outlook_chart  # noqa: PLC0415 - see above

    return png(outlook_chart(marks, fan, total, finishes))


def load_drawn(csas: Sequence[str], mondays: Sequence[date], loads: Loads) -> bytes:
    """How full the weeks of a plan are, see `load_map`."""
    from rules.load_chart import load_map  # noqa: PLC0415 - see above

    return png(load_map(csas, mondays, loads))


def causes_drawn(
    causes: Sequence[str], weeks: Sequence[date], failures: Mapping[tuple[int, date], int]
) -> bytes:
    """Why locations fail, wave by wave, see `cause_map`."""
    from rules.cause_chart import cause_map  # noqa: PLC0415 - see above

    return png(cause_map(causes, weeks, failures))


def png(spec: dict[str, Any]) -> bytes:
    """A Vega-Lite specification as a PNG."""
    import vl_convert  # noqa: PLC0415 - see above

    return vl_convert.vegalite_to_png(spec, scale=SCALE, allowed_base_urls=[])
