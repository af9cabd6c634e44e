"""/forecast: when will all have moved, how sure is that, and the same with other rates."""

from datetime import date, timedelta

import pytest

from bot.assembly import Wavepost
from bot.sandbox.json_types import Json
from bot.sandbox.person import Answer, Person
from bot.sandbox.server import Sandbox
from store.session import Store
from tests.post_office import until
from tests.typography import glued
from tests.world import FIRST_MONDAY, World, counted, run

WEEK = timedelta(weeks=1)
DRAWING = 120.0
"""Seconds: a process of its own begins for it, on a machine that may be busy."""


@pytest.fixture
async def _begun(store: Store) -> None:
    """Three of 43 locations have moved; forty have a week in the next four."""
    world = World()
    world.csa()
    world.customer("Early Bird", weeks={FIRST_MONDAY - 2 * WEEK: 3})
    world.customer("Joe's Pizza", weeks={FIRST_MONDAY + at * WEEK: 10 for at in range(4)})
    await world.keep(store)
    week = FIRST_MONDAY - 2 * WEEK
    await run(store, "INSERT INTO waves VALUES (:week, 'closed')", week=week)


def pictures(message: Answer | Json) -> list[Json]:
    blocks = message.blocks if isinstance(message, Answer) else message["blocks"]
    return [block for block in blocks if block["type"] == "image"]


async def drawn(store: Store) -> None:
    async def is_drawn() -> bool:
        return bool(await counted(store, "pictures"))

    await until(is_drawn, patience=DRAWING)


# The answer


@pytest.mark.usefixtures("_begun")
async def test_without_a_word_it_goes_on_as_usual_and_as_the_plan_has_it(ana: Person) -> None:
    answer = await ana.command("/forecast")

    assert answer.is_private
    first = answer.lines[0]
    assert first.startswith("Done by the week of *Mon")
    assert "with 50\N{NO-BREAK SPACE}%, *Mon" in first
    assert first.endswith("with 95\N{NO-BREAK SPACE}%.")
    assert len(first) <= 120
    assert glued("40 of 43 locations") in answer
    assert "3 of 3 succeeded so far\nWeighed with the usual 80\N{NO-BREAK SPACE}%" in answer
    assert "As the plan has it, up to 10" in answer
    assert glued("in the week of Mon 7 Feb 2022") in answer


@pytest.mark.usefixtures("_begun")
@pytest.mark.parametrize(
    "typed", ["100 %", "100", "1.0", "success 100", "100 % 10", "100% 10 a week"]
)
async def test_with_every_try_a_success_it_is_exact(typed: str, ana: Person) -> None:
    answer = await ana.command(f"/forecast {typed}")

    assert answer.lines[0] == glued("Done by the week of *Mon 7 Feb 2022*.")
    assert "every try succeeds, so chance plays no part" in answer


@pytest.mark.usefixtures("_begun")
async def test_without_any_success_it_is_never_and_says_so(ana: Person) -> None:
    answer = await ana.command("/forecast 0 %")
    assert answer.lines[0] == glued(
        "*Never*: with a success rate of 0 % none of the 40 locations still to move succeeds."
    )
    assert "Never" in await ana.command("/forecast 85 % 0")


@pytest.mark.usefixtures("_begun")
async def test_the_chance_to_be_done_by_a_day_comes_first(ana: Person) -> None:
    answer = await ana.command("/forecast 100 % by 11 February")
    assert answer.lines[0] == glued(
        "The chance to be done by *Fri 11 Feb 2022* is *100\N{NO-BREAK SPACE}%*."
    )
    assert glued("Done by the week of *Mon 7 Feb 2022*.") in answer

    assert "*0\N{NO-BREAK SPACE}%*" in await ana.command("/forecast 100 % by 10 February")
    drawn = await ana.command("/forecast by the end of 2030")
    assert "*more than 99\N{NO-BREAK SPACE}%*" in drawn


@pytest.mark.usefixtures("_begun")
async def test_what_is_too_far_away_is_said_so(ana: Person) -> None:
    answer = await ana.command("/forecast 1 % 1")

    assert answer.lines[0] == "Not done within ten years with 50\N{NO-BREAK SPACE}%."


@pytest.mark.usefixtures("_begun")
@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("most", "I do not understand “most”."),
        ("101 %", "A success rate is from 0 % to 100 %, not 101 %."),
        ("-3", "not -3 %."),
        ("NaN", "I do not understand “NaN”."),
        ("9" * 60, "a whole number from 0 to 1,000,000"),
        ("by <!channel>", "I know no day “&lt;!channel&gt;”."),
        ("by 1 December 2020", "is past. Name a day to come."),
    ],
)
async def test_nonsense_is_refused_with_what_to_write(typed: str, told: str, ana: Person) -> None:
    answer = await ana.command(f"/forecast {typed}")

    assert answer.is_private
    assert told in answer.blocks[0]["text"]["text"]
    assert "Another rate" in str(answer.blocks)


@pytest.mark.usefixtures("_begun")
async def test_help_lists_what_can_be_asked(ana: Person) -> None:
    usage = await ana.command("/wavepost forecast help")

    assert "`/forecast 85 % 400` – and so many locations per week" in usage
    assert "/forecast 85 % 400" in await ana.command("/wavepost help")


# Where there is nothing to go on


async def test_nothing_to_move_is_said(ana: Person) -> None:
    answer = await ana.command("/forecast")

    assert "There is nothing to move yet: a lead imports the master sheet first." in answer


async def test_without_a_plan_it_says_what_to_give(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Joe's Pizza", unplaced=9, binding=None)
    await world.keep(store)

    assert "Say how many: `/forecast 85 % 400`, for instance." in await ana.command("/forecast")
    assert "Done by the week of" in await ana.command("/forecast 85 % 4")


async def test_when_all_have_moved_there_is_nothing_to_forecast(ana: Person, store: Store) -> None:
    world = World()
    world.customer("Early Bird", weeks={FIRST_MONDAY - WEEK: 2})
    await world.keep(store)
    week = FIRST_MONDAY - WEEK
    await run(store, "INSERT INTO waves VALUES (:week, 'closed')", week=week)

    answer = await ana.command("/forecast")

    assert answer.lines[0] == glued(
        "*All 2 locations* have moved, so there is nothing left to forecast."
    )


# The picture


@pytest.mark.usefixtures("_begun")
async def test_the_picture_is_drawn_when_it_is_asked_for_and_kept(
    ana: Person, store: Store
) -> None:
    answer = await ana.command("/forecast 90 % 8 by March")
    assert pictures(answer) == []
    assert "The picture is being drawn. It is there in a few seconds." in answer
    await drawn(store)

    await ana.press("Show the picture", in_="DM")
    shown = (await ana.messages("DM"))[-1]
    again = await ana.command("/forecast 0.9 8 a week")

    (picture,) = pictures(shown)
    assert picture["alt_text"].startswith(glued("Chart of how many of 43 locations may have moved"))
    assert glued("Done by the week of Mon 28 Feb 2022") in picture["alt_text"]
    assert "*" not in picture["alt_text"]
    assert "The chance to be done by" in str(shown)
    assert pictures(again)[0]["slack_file"] == picture["slack_file"]
    assert (await ana.downloads(picture["slack_file"])).startswith(b"\x89PNG")


@pytest.mark.usefixtures("_begun")
async def test_what_never_ends_is_not_drawn(ana: Person, store: Store) -> None:
    await ana.command("/forecast 0 %")

    assert not await counted(store, "jobs")


# Another rate


@pytest.mark.usefixtures("_begun")
async def test_another_rate_begins_with_what_was_asked_and_answers_in_its_place(
    ana: Person,
) -> None:
    await ana.command("/forecast 85.5 % 12 by 1 March")
    await ana.press("Another rate", in_="DM")
    view = ana.modal.view
    assert [block["element"].get("initial_value") for block in view["blocks"][:2]] == ["85.5", "12"]
    assert view["blocks"][2]["element"]["initial_date"] == "2022-03-01"

    await ana.modal.fill(success=100, per_week=20, by=None)
    await ana.modal.submit()
    assert await ana.sees(glued("Done by the week of *Mon 24 Jan 2022*."), in_="modal")

    await ana.press("Another rate", in_="modal")
    await ana.modal.fill(success=None, per_week=None, by=date(2022, 2, 11))
    await ana.modal.submit()
    assert await ana.sees(glued("The chance to be done by *Fri 11 Feb 2022*"), in_="modal")


@pytest.mark.usefixtures("_begun")
async def test_a_day_that_is_past_is_refused_beside_its_field(ana: Person) -> None:
    await ana.command("/forecast")
    await ana.press("Another rate", in_="DM")
    await ana.modal.fill(by=date(2022, 1, 14))

    errors = await ana.modal.submit()

    assert errors == {"Chance to be done by": "This day is past. Name a day to come."}


# How far it is


@pytest.mark.usefixtures("_begun")
async def test_the_progress_says_when_all_may_be_done(ana: Person) -> None:
    answer = await ana.command("/migration")

    assert "*All done*\nWeek of Mon" in answer
    assert "with 80\N{NO-BREAK SPACE}%" in answer


async def test_a_guest_learns_nothing(sandbox: Sandbox, wavepost: Wavepost) -> None:
    gus = await sandbox.person("gus")

    assert "You are here as a guest" in await gus.command("/forecast")
