"""The picture of an announcement: what was planned, what has moved, and how it may go on."""

from datetime import date, timedelta

from rules.drawing import png
from rules.fan_chart import NINE_IN_TEN, SIX_IN_TEN
from rules.outlook_chart import COLOURS, outlook_chart
from rules.progress import Mark
from rules.prospects import FanMark

FIRST = date(2022, 1, 3)
WEEK = timedelta(weeks=1)
MARKS = [Mark(FIRST + at * WEEK, 120 * at, 100 * at if at < 4 else None) for at in range(12)]
FAN = [FanMark(FIRST + at * WEEK, (300.0, 320.0, 340.0, 350.0, 360.0)) for at in range(3, 20)]
FINISHES = [(0.5, FIRST + 15 * WEEK), (0.8, FIRST + 18 * WEEK), (0.95, None)]


def test_it_tells_apart_what_was_planned_what_moved_and_what_may_be() -> None:
    spec = outlook_chart(MARKS, FAN, 1_400, FINISHES)
    areas, lines, *_, shares = (spec["datasets"][each["data"]["name"]] for each in spec["layer"])
    assert {row["kind"] for row in areas} == {SIX_IN_TEN, NINE_IN_TEN}
    kinds = [row["kind"] for row in lines]
    assert (kinds.count("Planned"), kinds.count("Moved")) == (12, 4)
    assert [row["share"] for row in shares] == ["50 %", "80 %"]
    assert len(set(COLOURS.values())) == len(COLOURS)


def test_it_is_drawn_without_a_forecast_too() -> None:
    assert png(outlook_chart(MARKS, [], 1_400, [])) != png(
        outlook_chart(MARKS, FAN, 1_400, FINISHES)
    )
