"""What the list of announcements says of each, and of the last time."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers.announce import head_words
from handlers.announce_now import asked
from handlers.announce_schedule import view
from handlers.announce_standing import Standing, outcome
from handlers.announcement_schedules import Terms
from handlers.blocks import built, section
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.carrying import Carries
from rules.catching_up import Why
from rules.roles import Kind
from store.announcement_lines import Line
from store.announcement_rows import Kind as Cause
from store.announcements import HELD_BACK
from store.channels import ChannelRow
from store.outbox import State
from tests.handlers.announce_words.said import (
    EPOCH,
    MIGRATION,
    SATURDAY,
    SENT,
    names,
    plain,
    read,
    row,
    standing,
    zones,
)

times = st.integers(0, 10**9).map(lambda seconds: EPOCH + timedelta(seconds=seconds))
lines = st.builds(
    Line,
    id=st.just(1),
    schedule_id=st.just(1),
    kind=st.sampled_from(Cause),
    week=st.just(date(2022, 1, 10)),
    channel=st.just("C1"),
    due_at=times,
    decided_at=times,
    why=st.sampled_from(Why) | st.none(),
    carries=st.sampled_from(Carries),
    members=st.integers(0, 10**6),
    pressed=st.integers(0, 10**6),
    state=st.sampled_from(State) | st.none(),
    problem=names,
)


@pytest.mark.parametrize(
    ("minutes", "said"), [(-2, "less than a minute ago"), (12, "12 minutes ago")]
)
def test_who_sends_again_what_was_just_sent_reads_when_even_where_it_was_sent_after_they_pressed(
    minutes: int, said: str
) -> None:
    last = replace(SENT, decided_at=SATURDAY - timedelta(minutes=minutes))
    question = asked(standing(last=last), 3, SATURDAY)
    assert f"It was announced there just now: {said}" in read(question)
    assert "Send it again" in str(question["submit"])


@pytest.mark.parametrize("hours", [-2, 2])
def test_what_was_sent_long_ago_or_before_the_clock_went_back_is_not_told(hours: int) -> None:
    last = replace(SENT, decided_at=SATURDAY - timedelta(hours=hours))
    assert "just now" not in read(asked(standing(last=last), 3, SATURDAY))


def test_a_row_says_what_goes_where_and_when_next() -> None:
    assert row().startswith(
        "<#C1> · This wave and the next · All customers\nMondays at 09:00, New York, next on Mon 17 Jan 2022"
    )


def test_a_paused_one_says_by_whom_and_no_time() -> None:
    said = row(is_paused=True)
    assert "paused by <@U1>" in said
    assert "next" not in said.partition("\n")[2]


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        (None, "<#C1> does not exist any more, or nobody told me of it. Choose another"),
        (MIGRATION.model_copy(update={"archived": True}), "<#C1> is archived. Bring it back"),
        (MIGRATION.model_copy(update={"joined": False}), "I am not in <#C1>. Invite me there"),
    ],
)
def test_what_would_be_skipped_says_why_and_what_to_do(
    channel: ChannelRow | None, said: str
) -> None:
    shown = standing(channel=channel)
    assert shown.needs_a_lead
    assert said in row(channel=channel)
    assert "next on" not in row(channel=channel)
    assert not standing(channel=channel, is_paused=True).needs_a_lead


def line(**known: Any) -> Line:
    usual = Line(
        id=1,
        schedule_id=1,
        kind=Cause.weekly,
        week=date(2022, 1, 10),
        channel="C1",
        due_at=datetime(2022, 1, 10, 14, tzinfo=UTC),
        decided_at=datetime(2022, 1, 10, 14, tzinfo=UTC),
        why=None,
        carries=Carries.announcement,
        members=21,
        pressed=0,
        state=State.delivered,
        problem="",
    )
    return replace(usual, **known)


@pytest.mark.parametrize(
    ("last", "said"),
    [
        (line(), "Said on Mon 10 Jan 2022 to 21 people."),
        (line(state=None, members=1, pressed=2), "to 1 person; 2 pressed Got it."),
        (line(carries=Carries.partner_message), "(the message for partners) to 21 people"),
        (
            line(state=State.failed, problem="is_archived"),
            "Not delivered on Mon 10 Jan 2022: Slack says is_archived.",
        ),
        (
            line(state=State.failed, problem=HELD_BACK),
            "Not delivered on Mon 10 Jan 2022: another organisation reads the channel by now.",
        ),
        (line(state=State.uncertain), "may not have arrived"),
        (line(state=State.waiting), "On its way since Mon 10 Jan 2022."),
        (line(why=Why.too_late), "Skipped on Mon 10 Jan 2022: I was away when it was due"),
        (line(why=Why.overtaken), "the next one was due as well"),
        (line(why=Why.no_partner_message), "no message to partners is approved"),
        (line(why=Why.said_already), "was said in <#C1> already, in the same words"),
    ],
)
def test_what_became_of_the_last_one_is_said_in_plain_words(last: Line, said: str) -> None:
    assert said in row(last=last)


@given(lines)
def test_every_outcome_has_words(last: Line) -> None:
    assert outcome(last, last.due_at.date()).strip()


def heads(*every: Standing, is_lead: bool = True) -> str:
    return plain(head_words(list(every), is_lead=is_lead)["head"])


def test_the_first_line_says_what_matters_most() -> None:
    gone = standing(channel=None)
    assert heads().startswith("Nothing is announced yet. Choose a channel")
    assert (
        heads(is_lead=False)
        == "Nothing is announced yet. Leads choose which channel hears what every week."
    )
    assert heads(standing()).startswith("1 announcement goes out every week, the next one <!date")
    assert heads(standing(), gone).startswith("1 of 2 announcements would be skipped unless")
    assert heads(standing(), gone, is_lead=False).startswith("2 announcements go out every week")
    assert heads(standing(is_paused=True)) == "1 announcement, and nothing is due: it is paused."
    assert heads(gone, is_lead=False).endswith("none of their channels can be written to.")


def test_home_has_a_line_of_them_for_leads() -> None:
    def line(*every: Standing) -> str:
        return plain(head_words(list(every), is_lead=True)["on_home"])

    assert line() == "Nothing is announced every week yet: `/wavepost announce`"
    assert line(standing()).startswith("1 announcement goes out every week, the next <!date")
    assert line(standing(is_paused=True)).startswith("All announcements are paused")


def buttons(modal: dict[str, Any]) -> list[str]:
    return [
        element["text"]["text"]
        for block in modal["blocks"]
        if block["type"] == "actions"
        for element in block["elements"]
    ]


def test_leads_can_change_it_and_others_read_it() -> None:
    shown = view(standing(note="Bring snacks"), None, is_lead=True)
    said = read(shown)
    assert "Mondays at 09:00, New York (America/New_York)" in said
    assert "> Bring snacks" in said
    assert {"Change the note", "Change", "Pause", "History", "Remove"} <= set(buttons(shown))
    assert buttons(view(standing(), None, is_lead=False)) == ["History"]
    assert "Go on" in buttons(view(standing(is_paused=True), None, is_lead=True))


def test_it_says_who_reads_along() -> None:
    shared = standing(readers=frozenset({Kind.stranger, Kind.guest}))
    assert "Another company reads <#C1>" in read(view(shared, None, is_lead=True))
    row = plain(shared.words()["row"])
    assert "The approved message for partners" in row
    assert "This wave and the next" not in row
    assert "All customers" not in row
    guests = standing(readers=frozenset({Kind.guest}))
    assert "Guests read <#C1>" in read(view(guests, None, is_lead=True))


@settings(max_examples=40, deadline=None)
@given(
    st.sampled_from(Topic),
    st.builds(Scope, st.sampled_from(Breadth), names),
    zones,
    names | st.none(),
    lines | st.none(),
    st.booleans(),
    st.none() | st.just(MIGRATION),
)
def test_slack_takes_the_list_and_the_view_of_any(
    topic: Topic,
    scope: Scope,
    zone: str,
    note: str | None,
    last: Line | None,
    is_paused: bool,
    channel: ChannelRow | None,
) -> None:
    terms = Terms("C1", topic, scope, 2, time(7, 30), zone)
    shown = standing(terms, channel=channel, is_paused=is_paused, note=note, last=last)
    words = shown.words()
    check_message({"text": words["row"][:100], "blocks": built(section(words["row"]))})
    check_view(view(shown, words["saved"], is_lead=True), kind="modal")
