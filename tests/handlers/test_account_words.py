"""What became of a customer, in its first line: short, and the answer to "what happened?"."""

from dataclasses import replace
from datetime import date
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.account_words import line, moved_instead, told_below
from rules.account import Became, Run, account
from rules.location_life import State
from rules.wave_life import State as WaveState

WEEK, AHEAD = date(2022, 1, 10), date(2022, 1, 24)
ON = date(2022, 1, 12)
TODAY = date(2022, 1, 15)
FAILED = Run(WEEK, WaveState.running, State.failed, 1, ON, "menu sync missing", "publish it again")
BACK = replace(FAILED, state=State.returned, came_before=Became.failed)
MOVED = Run(WEEK, WaveState.checking, State.migrated, 1, ON)
PASSED = replace(MOVED, state=State.passed)
HELD = Run(WEEK, WaveState.paused, State.planned, 1, ON, "4 of 40 failed.")


def said(*runs: Run, of: int = 1, ahead: tuple[date, ...] = (), today: date = TODAY) -> str:
    found = account(runs, of, ahead, today)
    assert found is not None
    return line(found, "Joe's Pizza").plain("line").replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("words", "runs", "of", "ahead"),
    [
        ("Joe's Pizza migrated on Wed 12 Jan 2022; its check passed.", (PASSED,), 1, ()),
        ("Joe's Pizza migrated on Wed 12 Jan 2022; its check is still to come.", (MOVED,), 1, ()),
        (
            "Joe's Pizza migrated on Wed 12 Jan 2022; 1 of 2 locations passed the check.",
            (PASSED, MOVED),
            2,
            (),
        ),
        (
            (
                "Joe's Pizza failed to migrate on Wed 12 Jan 2022: menu sync missing. "
                "Remedy: publish it again."
            ),
            (FAILED,),
            1,
            (),
        ),
        (
            "Joe's Pizza: 1 of 3 locations failed to migrate on Wed 12 Jan 2022: menu sync missing.",
            (replace(FAILED, remedy=""), PASSED),
            3,
            (),
        ),
        (
            "Joe's Pizza has not migrated: the wave was paused on Wed 12 Jan 2022: 4 of 40 failed.",
            (HELD,),
            1,
            (),
        ),
        (
            "Joe's Pizza was rolled back on Wed 12 Jan 2022: orders were lost.",
            (replace(HELD, state=State.rolled_back, why="orders were lost"),),
            1,
            (),
        ),
        (
            "Joe's Pizza is being rolled back: orders were lost.",
            (replace(HELD, state=State.rolling_back, why="orders were lost"),),
            1,
            (),
        ),
        (
            "Joe's Pizza migrated on Wed 12 Jan 2022, but did not pass its check.",
            (replace(MOVED, state=State.not_passed),),
            1,
            (),
        ),
        (
            (
                "Joe's Pizza: 2 of 3 locations have migrated; "
                "the next in the week of Mon 24 Jan 2022."
            ),
            (replace(PASSED, locations=2),),
            3,
            (AHEAD,),
        ),
        (
            (
                "Joe's Pizza moves in the week of Mon 24 Jan 2022: "
                "it failed on Wed 12 Jan 2022 (menu sync missing)."
            ),
            (BACK,),
            1,
            (AHEAD,),
        ),
        (
            "Joe's Pizza has no new date yet: it failed on Wed 12 Jan 2022 (menu sync missing).",
            (BACK,),
            1,
            (),
        ),
        (
            "Joe's Pizza moves in the week of Mon 10 Jan 2022: the wave is running.",
            (replace(HELD, wave=WaveState.running),),
            1,
            (),
        ),
    ],
)
def test_the_first_line_says_what_happened(
    words: str, runs: tuple[Run, ...], of: int, ahead: tuple[date, ...]
) -> None:
    assert said(*runs, of=of, ahead=ahead) == words


def test_who_moved_a_date_that_has_come_and_why_is_said() -> None:
    words = moved_instead("Joe's Pizza", AHEAD, WEEK, "there was no room left", "Lena Fox")
    assert words.plain("instead").replace("\N{NO-BREAK SPACE}", " ") == (
        "Joe's Pizza moves in the week of Mon 24 Jan 2022 instead of Mon 10 Jan 2022: "
        "there was no room left (Lena Fox)."
    )


def test_who_was_due_and_not_marked_is_not_told_as_if_the_week_went_on() -> None:
    left = Run(WEEK, WaveState.running, State.planned, 1)

    assert said(left) == "Joe's Pizza moves in the week of Mon 10 Jan 2022: the wave is running."
    assert said(left, replace(MOVED, locations=8), of=9, today=AHEAD) == (
        "Joe's Pizza: 1 of 9 locations has not migrated: "
        "due in the week of Mon 10 Jan 2022, not marked since."
    )


visible = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)
runs = st.lists(
    st.builds(
        Run,
        st.just(WEEK),
        st.sampled_from(WaveState),
        st.sampled_from(State),
        st.integers(1, 10**6),
        st.none() | st.just(ON),
        visible | st.just("&" * 300) | st.just("W" * 300),
        visible | st.just(""),
        st.none() | st.just(AHEAD),
        st.sampled_from([Became.failed, Became.rolled_back, Became.held]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=25, deadline=None)
@given(
    runs, visible.filter(str.strip), st.sampled_from([[], [AHEAD]]), st.sampled_from([TODAY, AHEAD])
)
def test_whatever_is_said_the_first_line_is_short_and_one_line(
    found: list[Run], name: str, ahead: list[date], today: date
) -> None:
    told = account(found, 10**7, ahead, today)
    assert told is not None
    words = line(told, name)["line"]
    assert 0 < len(unescape(words)) <= 120
    assert "\n" not in words
    assert all("\n" not in each for each in told_below(told))
