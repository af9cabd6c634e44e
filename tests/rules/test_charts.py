"""Charts: the same figures give the same picture, which shows what they say."""

from datetime import date, timedelta
from struct import unpack

from rules.charts import HEIGHT, WIDTH, burn_up
from rules.drawing import SCALE, png
from rules.progress import CLOSED, Progress, Wave

FIRST = date(2022, 1, 17)


def progress(over: int = 2) -> Progress:
    waves = [
        Wave(FIRST + timedelta(weeks=at), 10 * (at + 1), CLOSED if at < over else "planned")
        for at in range(12)
    ]
    return Progress(1_000, tuple(waves), ())


def size(picture: bytes) -> tuple[int, int]:
    """Width and height, from the header of a PNG."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = unpack(">II", picture[16:24])
    return width, height


def drawn(over: int = 2) -> bytes:
    return png(burn_up(progress(over).marks, 1_000))


def test_a_picture_is_large_enough_to_be_read_and_small_enough_to_be_sent() -> None:
    width, height = size(drawn())

    assert WIDTH * SCALE < width < WIDTH * SCALE * 1.3
    assert HEIGHT * SCALE < height < HEIGHT * SCALE * 1.5
    assert len(drawn()) < 150_000


def test_the_same_figures_give_the_same_picture_and_others_another() -> None:
    assert drawn() == drawn()
    assert drawn() != drawn(over=3)


def test_every_figure_is_in_the_specification_and_it_fetches_nothing() -> None:
    spec = burn_up(progress().marks, 1_000)
    rows = [row for rows in spec["datasets"].values() for row in rows if "kind" in row]

    planned = [row["locations"] for row in rows if row["kind"] == "Planned"]
    assert planned == [mark.planned for mark in progress().marks]
    assert [row["locations"] for row in rows if row["kind"] == "Moved"] == [0, 10, 30]
    assert "url" not in str(spec)


def test_one_wave_and_none_over_is_drawn_too() -> None:
    one = Progress(5, (Wave(FIRST, 5, "planned"),), ())

    assert size(png(burn_up(one.marks, one.total)))
