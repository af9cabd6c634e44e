"""The fan of a forecast as a chart: how many may have moved by the end of each week."""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import zip_longest

import altair as alt

from rules.charts import CONFIG, HEIGHT, WIDTH, Spec
from rules.prospects import FanMark

NINE_IN_TEN, SIX_IN_TEN, MIDDLE = "9 of 10 ways", "6 of 10 ways", "middle"
COLOURS = {NINE_IN_TEN: "#bfdce3", SIX_IN_TEN: "#6fb0bf", MIDDLE: "#c2410c"}
"""Two tints of one blue and an orange: they differ in lightness too, for who sees no colours."""
ORDER = list(COLOURS)
STEPS, HIGHEST_TICK = 4, 0.93
ROOM_FOR_A_LABEL = 38
"""Points."""


def fan_chart(
    marks: Sequence[FanMark], total: int, finishes: Sequence[tuple[float, date | None]]
) -> Spec:
    """The bands of a forecast and its middle, with the weeks of `finishes` marked by their share.

    A Vega-Lite specification on a ground of its own, so that it is read on light and on dark.
    """
    middle = [
        {"week": mark.week.isoformat(), "kind": MIDDLE, "high": mark.moved[len(mark.moved) // 2]}
        for mark in marks
    ]
    ends = [
        {"week": week.isoformat(), "share": share, "high": total}
        for share, week in labels(marks, finishes)
    ]
    weeks, locations = axes(total)
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=ORDER, range=list(COLOURS.values())),
        legend=alt.Legend(orient="top", title=None, symbolType="square", symbolSize=250),
    )
    fan = (
        alt.Chart(alt.InlineData(values=bands(marks)))
        .mark_area()
        .encode(weeks, locations, alt.Y2("low:Q"), colour)
    )
    line = (
        alt.Chart(alt.InlineData(values=middle))
        .mark_line(strokeWidth=3)
        .encode(weeks, locations, colour)
    )
    return finished([fan, line], total, ends, weeks, locations)


def bands(marks: Sequence[FanMark]) -> list[dict[str, object]]:
    """The wide band of a forecast and the narrow one upon it, as rows of a chart."""
    return [
        {"week": mark.week.isoformat(), "kind": kind, "low": low, "high": high}
        for kind, low_at, high_at in ((NINE_IN_TEN, 0, -1), (SIX_IN_TEN, 1, -2))
        for mark in marks
        for low, high in [(mark.moved[low_at], mark.moved[high_at])]
    ]


def axes(total: int) -> tuple[alt.X, alt.Y]:
    """The weeks, and the locations with room for the words above all there are."""
    weeks = alt.X(
        "week:T",
        scale=alt.Scale(type="utc"),
        axis=alt.Axis(
            format="%b %Y", title=None, labelOverlap=True, grid=False, tickCount=4, labelFlush=True
        ),
    )
    locations = alt.Y(
        "high:Q",
        scale=alt.Scale(domain=[0, total * 1.06], nice=False),
        axis=alt.Axis(format=",d", title=None, values=ticks(total)),
    )
    return weeks, locations


def finished(
    layers: Sequence[alt.Chart],
    total: int,
    ends: Sequence[Mapping[str, object]],
    weeks: alt.X,
    locations: alt.Y,
) -> Spec:
    """A chart of these layers under the line of all there are, with a dot for each finish on it."""
    all_of_them = (
        alt.Chart(alt.InlineData(values=[{"high": total, "words": f"all {total:,}"}]))
        .mark_rule(color="#6b7280", strokeWidth=1)
        .encode(y="high:Q")
    )
    label = all_of_them.mark_text(
        align="left", baseline="bottom", dx=4, dy=-3, fontSize=15, color="#374151"
    ).encode(x=alt.value(0), y="high:Q", text="words:N")
    points = alt.Chart(alt.InlineData(values=ends))
    dots = points.mark_point(filled=True, size=90, color="#1a2127", opacity=1).encode(
        weeks, locations
    )
    shares = points.mark_text(
        align="center", baseline="bottom", dy=-7, fontSize=15, color="#1a2127"
    ).encode(weeks, locations, text="share:N")
    chart = alt.layer(*layers, all_of_them, label, dots, shares).properties(
        width=WIDTH, height=HEIGHT, background="#ffffff", padding=16
    )
    spec: Spec = chart.to_dict()
    return spec | {"config": CONFIG}


def labels(
    marks: Sequence[FanMark], finishes: Sequence[tuple[float, date | None]]
) -> Iterator[tuple[str, date]]:
    """The words at each finish; none where the next one is so near that they would run together."""
    weeks = [(share, week) for share, week in finishes if week]
    days = (marks[-1].week - marks[0].week).days
    for (share, week), later in zip_longest(weeks, [week for _, week in weeks[1:]]):
        is_near = later and (later - week).days * WIDTH < ROOM_FOR_A_LABEL * days
        yield "" if is_near else f"{100 * share:.0f} %", week


def ticks(total: int) -> list[int]:
    """Round numbers for the axis, none so near the total that its own label would lie on it."""
    about = max(total / STEPS, 1.0)
    size = 10 ** math.floor(math.log10(about))
    step = max(int(size * min((1, 2, 5, 10), key=lambda times: abs(times * size - about))), 1)
    return [at for at in range(0, total + 1, step) if at <= HIGHEST_TICK * total]
