"""The load of each CSA as a picture: figures in, a Vega-Lite specification out."""

from collections.abc import Sequence
from datetime import date

import altair as alt

from rules.charts import CONFIG, Spec
from rules.loads import Loads

WIDTH = 560
FEW_CSAS, MANY_CSAS = 12, 30
TALL, MEDIUM, LOW = 30, 20, 13
"""The height of a row: with few CSAs their numbers fit in, with many their names still do."""
MOST_NUMBERS = 16
"""So many weeks have room for a number in each."""
EMPTY, CLOSED = "#f3f4f6", "#d1d5db"
SCALE = ("#e0f2f1", "#0f766e")
DARK = 0.6
"""From this share on a number is read on its ground in white."""


def load_map(csas: Sequence[str], mondays: Sequence[date], loads: Loads) -> Spec:
    """How full each week of each CSA is: the darker, the fuller; a week without capacity is grey.

    `csas` are names by the rows of `loads`, `mondays` those of its weeks.
    """
    rows = [
        {
            "csa": name,
            "week": monday.isoformat(),
            "used": int(used),
            "share": float(used / capacity) if capacity else 0.0,
            "closed": not capacity,
        }
        for name, useds, capacities in zip(csas, loads.used, loads.capacity, strict=True)
        for monday, used, capacity in zip(mondays, useds, capacities, strict=True)
    ]
    height = _height(len(csas))
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.X(
            "week:O",
            axis=alt.Axis(
                title=None,
                orient="top",
                labelExpr="utcFormat(toDate(datum.value), '%-d %b')",
                labelOverlap="greedy",
                labelSeparation=8,
                labelAngle=0,
                ticks=False,
                domain=False,
            ),
        ),
        alt.Y(
            "csa:N",
            sort=list(csas),
            axis=alt.Axis(title=None, labelFontSize=_size(len(csas)), ticks=False, domain=False),
        ),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=1).encode(
        color=alt.condition(
            "datum.closed",
            alt.value(CLOSED),
            alt.Color(
                "share:Q",
                scale=alt.Scale(domain=[0, 1], range=list(SCALE), clamp=True),
                legend=alt.Legend(
                    title="Share of the capacity in use; grey is none",
                    titleFontSize=14,
                    titleLimit=0,
                    format=".0%",
                    orient="bottom",
                    direction="horizontal",
                    gradientLength=200,
                    values=[0, 0.5, 1],
                ),
            ),
        )
    )
    layers = [cells]
    if len(csas) <= FEW_CSAS and len(mondays) <= MOST_NUMBERS:
        numbers = (
            base.transform_filter("datum.used > 0")
            .mark_text(fontSize=13)
            .encode(
                text="used:Q",
                color=alt.condition(
                    f"datum.share > {DARK}", alt.value("#ffffff"), alt.value("#111827")
                ),
            )
        )
        layers.append(numbers)
    chart = alt.layer(*layers).properties(
        width=WIDTH, height=height * len(csas), background="#ffffff", padding=16
    )
    spec: Spec = chart.to_dict()
    return spec | {"config": CONFIG}


def _height(csas: int) -> int:
    if csas <= FEW_CSAS:
        return TALL
    return MEDIUM if csas <= MANY_CSAS else LOW


def _size(csas: int) -> int:
    return 15 if csas <= FEW_CSAS else 13 if csas <= MANY_CSAS else 11
