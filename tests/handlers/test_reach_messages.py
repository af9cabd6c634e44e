"""What leads read of whom announcements reached, and what each person reads of what concerned them."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from bot.sandbox.limits.blocks import problems_of_blocks
from handlers.errors import Refused
from handlers.missed import Told, texts
from handlers.missed_words import heard_of, line
from handlers.reach_report import Report
from handlers.reach_tables import Concern, Post, digests, posts
from handlers.reach_words import title
from handlers.reached import week_asked
from handlers.reached_shown import SHOWN, ReachAsked, Week, shown
from rules.announced import Scope
from rules.announcement import Topic
from rules.reach import Bar, Outcome, People, reached
from store.announcement_rows import Kind
from store.reach import Member, Said
from store.told_facts import ToldOf
from tests.typography import glued

WEEK = date(2022, 1, 17)
AT = datetime(2022, 1, 17, 9, tzinfo=UTC)
JOES, CASA = "wave|2022-01-17|customer|C-1", "wave|2022-01-24|customer|C-2"
ANA, BEN, CLEO = "U0000000ANA", "U0000000BEN", "cleo@northwind.example"
NOBODY = Member("Nobody", Bar.none)


def said(id_: int = 1, *members: str, outcome: Outcome = Outcome.delivered) -> Said:
    return Said(
        id=id_,
        kind=Kind.weekly,
        schedule_id=1,
        week=WEEK,
        channel="C0000000001",
        topic=Topic.waves,
        scope=Scope(),
        at=AT,
        why=None,
        content="digest",
        members=members,
        outcome=outcome,
    )


def made(
    *announced: Said,
    people: dict[str, Member],
    told: Sequence[ToldOf] = (),
    pressed: Sequence[str] = (),
    muted: Sequence[str] = (),
) -> Report:
    """Both facts concern all of these people."""
    facts = [JOES, CASA]
    every = np.ones((len(people), 2), dtype=np.bool_)
    silenced = np.array([[each in muted] * 2 for each in people], dtype=np.bool_).reshape(-1, 2)
    bars = np.array([each.bar for each in people.values()], dtype=np.int8)
    of = Concern(facts, [(), ()], people, People(every, silenced, bars), {})
    here = [Post(each.outcome, each.members, facts, pressed) for each in announced]
    reach = reached(of.who, posts(of, here), digests(of, told), ~every)
    return Report(announced, {"digest": facts}, of, reach, told)


def week(*announced: Said, pressed: dict[int, list[str]] | None = None) -> Week:
    titles = {each.id: f"Waves {each.id}" for each in announced}
    others = [date(2022, 1, 24), WEEK, date(2022, 1, 10)]
    return Week(WEEK, others, titles, announced, pressed or {})


def plain(read: str) -> str:
    return read.replace("\N{NO-BREAK SPACE}", " ")


def words(report: Report, of: Week, asked: ReachAsked) -> str:
    blocks, first = shown(report, of, asked)
    assert problems_of_blocks(blocks, surface="message", most=50) == []
    return plain(first + json.dumps(blocks, ensure_ascii=False))


def test_leads_read_how_many_were_reached_by_which_way_and_who_was_not_with_what_to_do() -> None:
    people = {
        ANA: Member("Ana", Bar.none),
        BEN: Member("Ben", Bar.deactivated),
        CLEO: Member(CLEO, Bar.absent),
    }
    one = said(1, ANA, BEN)
    read = words(made(one, people=people), week(one, pressed={1: [ANA]}), ReachAsked(week=WEEK))
    assert "*2 people* of 3 did not hear what was announced in the week of *Mon 17 Jan" in read
    assert "In a channel: *1*" in read
    assert read.index("No account in this workspace") < read.index(CLEO)
    assert read.index("Their account is deactivated") < read.index("• Ben")
    assert "2 customers" in read
    assert f"pressed Got it: <@{ANA}>" in read
    assert "Earlier week" in read
    assert "Later week" in read


def test_where_everybody_heard_it_there_is_no_list() -> None:
    one = said(1, ANA)
    read = words(made(one, people={ANA: NOBODY}), week(one), ReachAsked(announcement=1))
    assert (
        "*1 person* owns or follows something in *Waves 1*: 1 is in a channel that said it." in read
    )
    assert "Not reached" not in read
    assert "Nobody pressed Got it yet" in read
    assert "The whole week" in read


def test_what_concerns_nobody_by_name_says_so() -> None:
    one = said()
    assert "nobody by name" in words(made(one, people={}), week(one), ReachAsked(week=WEEK))


def test_a_long_list_of_the_unreached_pages() -> None:
    people = {f"U{number:010}": Member(f"N{number:03}", Bar.none) for number in range(2_000)}
    report, none = made(said(), people=people), week(said())
    assert "*2,000 people* of 2,000 did not hear" in words(report, none, ReachAsked(week=WEEK))
    assert f"1–{SHOWN} of 2,000" in words(report, none, ReachAsked(week=WEEK))
    assert "1,981–2,000 of 2,000" in words(report, none, ReachAsked(week=WEEK, page=999))


@pytest.mark.parametrize("asked", [ReachAsked(week=WEEK, page=2), ReachAsked(announcement=7)])
def test_a_button_asks_again_for_what_it_was_on(asked: ReachAsked) -> None:
    assert ReachAsked.read(asked.value) == asked


def test_without_words_the_newest_week_is_meant_and_a_day_names_its_week() -> None:
    today, weeks = date(2022, 1, 26), [date(2022, 1, 24), WEEK]
    assert week_asked(" ", today, weeks) == weeks[0]
    for typed in ("last week", "2022-01-19", "the week of 17 January"):
        assert week_asked(typed, today, weeks) == WEEK


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("blue cheese", "I do not know which week"),
        ("2022-02-31", "I do not know which week"),
        ("next", "I do not know which week"),
        ("0001-01-01", "Nothing was announced in the week of"),
        ("9999-12-31", "I do not know which week"),
        ("next week", "Nothing was announced in the week of"),
    ],
)
def test_a_week_that_is_none_or_had_nothing_is_answered_with_what_to_type(
    typed: str, said: str
) -> None:
    with pytest.raises(Refused) as refused:
        week_asked(typed, date(2022, 1, 18), [WEEK])
    assert said in plain(str(refused.value))
    assert "/wavepost reached 2022-01-17" in str(refused.value)


def test_what_may_have_been_missed_is_read_first_and_what_was_not_by_week_below() -> None:
    monday = date(2022, 1, 10)
    both = {WEEK: [Told("• heard", may_be_missed=False), Told("• missed", may_be_missed=True)]}
    read = [plain(each) for each in texts(both | {monday: []})]
    assert read[0] == "*1 announcement that you may have missed:*"
    assert read.index("• missed") < read.index("• heard")
    assert read[-1].endswith("nothing that concerned you.")
    assert texts({WEEK: both[WEEK][:1]})[0].startswith("*You missed nothing* of this week.")
    assert texts({})[0].startswith("Nothing was announced yet.")


def heard(report: Report, person: str = ANA, read: Sequence[str] = ("C0000000001",)) -> list[str]:
    return [line(each, "Waves", {"C-1": "Joe's Pizza"}) for each in heard_of(report, person, read)]


def test_each_announcement_is_one_line_with_what_concerned_one_and_how_it_came() -> None:
    both = (said(1, ANA), said(2))
    (read,) = heard(made(*both, people={ANA: NOBODY}))
    assert read.startswith("• *Waves*, about Joe's Pizza, C-2: in <#C0000000001>, <!date^")
    (read,) = heard(made(said(1, ANA), people={ANA: NOBODY}, pressed=[ANA]))
    assert "you pressed Got it" in read


def test_what_a_dm_told_says_when() -> None:
    told = [ToldOf(ANA, fact, AT, Outcome.delivered) for fact in (JOES, CASA)]
    (read,) = heard(made(said(), people={ANA: NOBODY}, told=told))
    assert f"by DM, <!date^{int(AT.timestamp())}" in read
    (read,) = heard(made(said(), people={ANA: NOBODY}, told=told[:1]))
    assert read.endswith("1\N{NO-BREAK SPACE}piece of it did not reach you.")


def test_what_did_not_reach_one_says_why() -> None:
    (read,) = heard(made(said(), people={ANA: NOBODY}, muted=[ANA]))
    assert "*it did not reach you*, because you muted it." in read
    failed = [ToldOf(ANA, fact, AT, Outcome.failed) for fact in (JOES, CASA)]
    (read,) = heard(made(said(), people={ANA: NOBODY}, told=failed))
    assert "the DM to you could not be delivered" in read


def test_a_private_channel_is_not_named_to_whom_it_is_not_open_any_more() -> None:
    (read,) = heard(made(said(1, ANA), people={ANA: NOBODY}), read=())
    assert "in a private channel, <!date^" in read
    assert "C0000000001" not in read


def test_who_reads_along_without_owning_anything_sees_what_was_said_there() -> None:
    assert len(heard(made(said(1, BEN), people={ANA: NOBODY}), BEN)) == 1
    assert heard(made(said(1, ANA), people={ANA: NOBODY}), BEN) == []


@pytest.mark.parametrize(
    ("kind", "facts", "named"),
    [
        (Kind.weekly, [JOES], "Waves · Ana Reyes"),
        (Kind.event, ["wave|2022-01-17|paused|3"], "Wave of Mon 17 Jan 2022: paused · Ana Reyes"),
        (Kind.event, [JOES], "Wave of Mon 17 Jan 2022: starts · Ana Reyes"),
        (Kind.event, ["feature|kiosk|released|2022-01-12"], "Roadmap: kiosk · Ana Reyes"),
    ],
)
def test_an_announcement_is_called_by_what_it_is_about(
    kind: Kind, facts: list[str], named: str
) -> None:
    assert title(replace(said(), kind=kind), "Ana Reyes", facts) == glued(named)
