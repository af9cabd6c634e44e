"""What people ask of a forecast: rates, locations per week, days, and what is none of these."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules.outlook import MOST_PER_WEEK, NotUnderstood, Outlook, outlook

TODAY = date(2022, 1, 15)
few = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("", Outlook()),
        ("forecast", Outlook()),
        ("85%", Outlook(0.85)),
        ("85", Outlook(0.85)),
        ("0.85", Outlook(0.85)),
        ("0,85", Outlook(0.85)),
        ("85,5 percent", Outlook(0.855)),
        ("1.0", Outlook(1.0)),
        ("100 %", Outlook(1.0)),
        ("0", Outlook(0.0)),
        ("85 % 400", Outlook(0.85, 400)),
        ("85 400", Outlook(0.85, 400)),
        ("400 85", Outlook(0.85, 400)),
        ("85 %, 1,200 a week.", Outlook(0.85, 1_200)),
        ("1\N{NO-BREAK SPACE}200 per week", Outlook(per_week=1_200)),
        ("400 locations a week", Outlook(per_week=400)),
        ("per week 400", Outlook(per_week=400)),
        ("400/week at 90 %", Outlook(0.9, 400)),
        ("success 85 per week 400", Outlook(0.85, 400)),
        ("a success rate of 85 at 400 weekly", Outlook(0.85, 400)),
        ("400", Outlook(per_week=400)),
        ("85 % 0", Outlook(0.85, 0)),
        ("by 1 December", Outlook(by=date(2022, 12, 1))),
        ("by Dec 1st", Outlook(by=date(2022, 12, 1))),
        ("by 10 January", Outlook(by=date(2023, 1, 10))),
        ("by 2022-12-01 85 %", Outlook(0.85, by=date(2022, 12, 1))),
        ("2022-12-01", Outlook(by=date(2022, 12, 1))),
        ("1 December", Outlook(by=date(2022, 12, 1))),
        ("2022", Outlook(per_week=2022)),
        ("85 % by 1 Dec 2023 400", Outlook(0.85, 400, date(2023, 12, 1))),
        ("will we be done by March?", Outlook(by=date(2022, 3, 1))),
        ("by the end of February", Outlook(by=date(2022, 2, 28))),
        ("by end of December", Outlook(by=date(2022, 12, 31))),
        ("by the end of the year", Outlook(by=date(2022, 12, 31))),
        ("by January", Outlook(by=date(2023, 1, 1))),
        ("by the end of January", Outlook(by=date(2022, 1, 31))),
        ("by 2024", Outlook(by=date(2024, 1, 1))),
        ("Chance to be done by 15 January", Outlook(by=TODAY)),
    ],
)
def test_it_is_read_in_the_ways_people_write_it(typed: str, meant: Outlook) -> None:
    assert outlook(typed, TODAY) == meant


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("most", "I do not understand “most”."),
        ("NaN", "I do not understand “NaN”."),
        ("101 %", "A success rate is from 0 % to 100 %, not 101 %."),
        ("-3", "A success rate is from 0 % to 100 %, not -3 %."),
        ("−3 %", "not -3 %."),
        ("50-60 %", "I do not understand “-”."),
        ("1", "1 could be 1 % or 100 %. Write it with its sign."),
        ("9" * 150, "Locations per week are a whole number from 0 to 1,000,000, not 999"),
        ("9" * 500, "That is too long for a forecast."),
        ("9" * 150 + " %", "A success rate is from 0 % to 100 %"),
        ("2,000,000 a week", "from 0 to 1,000,000, not 2,000,000."),
        ("400.5 a week", "a whole number from 0 to 1,000,000, not 400.5."),
        ("1.2.3", "I cannot read “1.2.3” as a number."),
        ("85 % 90 %", "I read two success rates, 85 % and 90 %. Write one of them."),
        ("300 400", "I read two numbers per week, 300 and 400. Write one of them."),
        ("by", "By when? Write it like by 1 December"),
        ("by Christmas", "I know no day “Christmas”."),
        ("by 31 February", "I know no day “31 February”."),
        ("by 1 December 2021", "“1 December 2021” is past. Name a day to come."),
        ("by 2020", "“2020” is past."),
    ],
)
def test_what_has_no_meaning_is_refused_with_what_to_write(typed: str, told: str) -> None:
    with pytest.raises(NotUnderstood) as refused:
        outlook(typed, TODAY)
    assert told in str(refused.value)
    assert len(str(refused.value)) < 220


@few
@given(st.text(max_size=250) | st.text("0123456789.,-% by weksuc/", max_size=40), st.dates())
@example("by 31 December 9999", date(9999, 12, 31))
@example("by end of december", date(1, 1, 1))
def test_any_text_is_read_as_what_can_be_or_refused(typed: str, today: date) -> None:
    try:
        read = outlook(typed, today)
    except NotUnderstood:
        return
    assert read.success is None or 0 <= read.success <= 1
    assert read.per_week is None or 0 <= read.per_week <= MOST_PER_WEEK
    assert read.by is None or read.by >= today


@few
@given(
    st.integers(0, 10_000),
    st.integers(0, MOST_PER_WEEK),
    st.dates(TODAY, date(2090, 1, 1)),
    st.permutations([0, 1, 2]),
)
def test_its_parts_are_read_in_any_order(
    share: int, per_week: int, by: date, order: list[int]
) -> None:
    parts = [f"{share / 100:.10g} %", f"{per_week:,} a week", f"by {by.day} {by:%B} {by.year}"]

    read = outlook(" ".join(parts[at] for at in order), TODAY)

    assert read.success == pytest.approx(share / 10_000)
    assert (read.per_week, read.by) == (per_week, by)
