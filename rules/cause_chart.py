"""Why locations fail, wave by wave, as a picture: figures in, a Vega-Lite specification out."""

from collections.abc import Mapping, Sequence
from datetime import date

import altair as alt

from rules.charts import CONFIG, Spec

CELL, ROW = 72, 34
"""The width of a wave and the height of a cause, in points."""
SCALE = ("#fde8d7", "#c2410c")
DARK = 0.6
"""From this share of the most on a number is read on its ground in white."""
EMPTY = "#f3f4f6"


def cause_map(
    causes: Sequence[str], weeks: Sequence[date], failures: Mapping[tuple[int, date], int]
) -> Spec:
    """How often each cause stopped a location in each wave: the darker, the more often.

    `causes` are their words, the most frequent first; `failures` are by their place and the week.
    """
    most = max(failures.values(), default=1)
    rows = [
        {
            "cause": words,
            "week": week.isoformat(),
            "failures": (count := failures.get((place, week), 0)),
            "share": count / most,
        }
        for place, words in enumerate(causes)
        for week in weeks
    ]
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        alt.X(
            "week:O",
            axis=alt.Axis(
                title=None,
                orient="top",
                labelExpr="utcFormat(toDate(datum.value), '%-d %b')",
                labelAngle=0,
                ticks=False,
                domain=False,
            ),
        ),
        alt.Y(
            "cause:N",
            sort=list(causes),
            axis=alt.Axis(title=None, labelLimit=0, ticks=False, domain=False),
        ),
    )
    cells = base.mark_rect(stroke="#ffffff", strokeWidth=2).encode(
        color=alt.condition(
            "datum.failures > 0",
            alt.Color("share:Q", scale=alt.Scale(domain=[0, 1], range=list(SCALE)), legend=None),
            alt.value(EMPTY),
        )
    )
    numbers = (
        base.transform_filter("datum.failures > 0")
        .mark_text(fontSize=16)
        .encode(
            text="failures:Q",
            color=alt.condition(
                f"datum.share > {DARK}", alt.value("#ffffff"), alt.value("#111827")
            ),
        )
    )
    chart = alt.layer(cells, numbers).properties(
        width=CELL * len(weeks), height=ROW * len(causes), background="#ffffff", padding=16
    )
    spec: Spec = chart.to_dict()
    return spec | {"config": CONFIG}
