"""The picture of causes by wave: a row for each cause, a number wherever it was met."""

from datetime import date

from rules.cause_chart import cause_map

WEEKS = [date(2021, 12, 6), date(2021, 12, 13)]


def test_every_cause_has_a_cell_in_every_wave_and_the_most_frequent_is_the_darkest() -> None:
    spec = cause_map(["Menu", "Tablet"], WEEKS, {(0, WEEKS[1]): 4, (1, WEEKS[0]): 1})

    (rows,) = spec["datasets"].values()
    assert [(row["cause"], row["week"], row["failures"], row["share"]) for row in rows] == [
        ("Menu", "2021-12-06", 0, 0),
        ("Menu", "2021-12-13", 4, 1),
        ("Tablet", "2021-12-06", 1, 0.25),
        ("Tablet", "2021-12-13", 0, 0),
    ]
    assert spec["layer"][0]["encoding"]["y"]["sort"] == ["Menu", "Tablet"]
