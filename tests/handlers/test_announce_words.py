"""The words, the list, the form and the views of weekly announcements: built, and checked as Slack does."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from bot.sandbox.visible import lines_of_view
from handlers.announce import head_words
from handlers.announce_form import coming_words, form
from handlers.announce_now import asked
from handlers.announce_schedule import view
from handlers.announce_standing import Standing, outcome
from handlers.announce_typed import Typed, scope_of, scope_value
from handlers.announce_words import place_of, scope_said, weekly_said, zone_label
from handlers.announcement_schedules import Terms
from handlers.blocks import built, section
from handlers.errors import FormErrors
from handlers.interaction import Form
from rules.announced import Breadth, Scope
from rules.announcement import Topic
from rules.carrying import Carries
from rules.catching_up import Why
from rules.roles import Kind
from store.announcement_lines import Line
from store.announcement_rows import Kind as Cause
from store.announcement_schedules import AnnouncementSchedule
from store.announcements import HELD_BACK
from store.channels import ChannelRow
from store.outbox import State

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SATURDAY = datetime(2022, 1, 15, 12, tzinfo=UTC)
TERMS = Terms("C1", Topic.waves, Scope(), 0, time(9), "America/New_York")
MIGRATION = ChannelRow(id="C1", name="migration", joined=True)

visible = st.characters(exclude_categories=["Cs", "Cc"])
names = st.text(visible, min_size=1, max_size=300).filter(str.strip) | st.sampled_from(
    ["&" * 300, "<!channel>" * 30, "*" * 300, "😀" * 300]
)
zones = st.sampled_from(["UTC", "America/Argentina/ComodRivadavia", "Pacific/Apia", "Asia/Kolkata"])
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
SENT = Line(
    id=1,
    schedule_id=1,
    kind=Cause.now,
    week=None,
    channel="C1",
    due_at=SATURDAY,
    decided_at=SATURDAY,
    why=None,
    carries=Carries.announcement,
    members=3,
    pressed=0,
    state=State.delivered,
    problem="",
)


def standing(
    terms: Terms = TERMS,
    *,
    channel: ChannelRow | None = MIGRATION,
    readers: frozenset[Kind] = frozenset(),
    is_paused: bool = False,
    note: str | None = None,
    last: Line | None = None,
) -> Standing:
    says = terms.kept(by="U1", since=SATURDAY, is_paused=is_paused)
    schedule = AnnouncementSchedule(1, 1, None, note, note and "U2", (says,))
    coming = schedule.rule.coming(SATURDAY, 3)
    scope = scope_said(terms.scope)
    return Standing(schedule, scope, channel, readers, last, coming)


def row(**known: Any) -> str:
    return plain(standing(**known).words()["row"])


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


def read(modal: dict[str, Any]) -> str:
    check_view(modal, kind="modal")
    return plain("\n".join(lines_of_view(modal)))


def filled(**fields: dict[str, Any]) -> Form:
    return Form("V1", "announce", {block: {"element": held} for block, held in fields.items()})


def option(value: str, label: str = "") -> dict[str, Any]:
    return {"selected_option": {"value": value, "text": {"text": label or value}}}


# Send now


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


# What is filled in


def test_a_filled_form_is_read_as_what_it_says() -> None:
    typed = Typed.of(
        filled(
            channel=option("C1", "#migration"),
            topic=option("waves"),
            scope=option("csa|ana@northwind.example", "Customers of Ana Reyes"),
            weekday=option("4"),
            at={"selected_time": "16:45"},
            zone=option("Europe/Berlin"),
            language=option("de-DE"),
        )
    )

    assert typed.terms() == Terms(
        "C1",
        Topic.waves,
        Scope(Breadth.csa, "ana@northwind.example"),
        4,
        time(16, 45),
        "Europe/Berlin",
        "de-DE",
    )
    shown = Typed.showing(typed.terms(), channel="#migration", scope="Customers of Ana Reyes")
    assert shown == typed


def test_what_is_missing_or_no_place_is_said_under_its_field() -> None:
    with pytest.raises(FormErrors) as refused:
        Typed.of(filled(zone=option("Europe/Nowhere"), language=option("tlh"))).terms()

    assert set(refused.value.by_block) == {"channel", "scope", "at", "zone"}


@given(st.sampled_from(Breadth), names)
def test_a_scope_survives_being_an_option(breadth: Breadth, of: str) -> None:
    scope = Scope(breadth, of)
    assert scope_of(scope_value(scope)) == scope


def test_people_read_scopes_times_and_places_in_plain_words() -> None:
    assert scope_said(Scope()) == "All customers"
    assert scope_said(Scope(Breadth.csa, "ana@x"), "Ana Reyes") == "Customers of Ana Reyes"
    assert weekly_said(0, time(9), "America/New_York") == "Mondays at 09:00, New York"
    assert place_of("America/Indiana/Knox") == "Knox"
    assert (zone_label("UTC"), zone_label("Asia/Kolkata")) == ("UTC", "Kolkata (Asia/Kolkata)")


# The form


def test_the_form_says_when_it_would_come_there_and_here() -> None:
    typed = Typed(weekday=0, at=time(9), zone="America/New_York")

    there = plain(coming_words(typed, SATURDAY, "America/New_York"))
    assert there == (
        "It comes on Mon 17 Jan 2022 at 09:00, Mon 24 Jan 2022 at 09:00, "
        "Mon 31 Jan 2022 at 09:00, and so on."
    )
    assert "at 14:00 UTC> on your own clock" in plain(coming_words(typed, SATURDAY, "UTC"))
    assert "you see here when" in coming_words(replace(typed, at=None), SATURDAY, "UTC")


def test_the_form_says_what_a_clock_shows_that_skips_the_hour() -> None:
    night = Typed(weekday=6, at=time(2, 30), zone="America/New_York")
    before = datetime(2022, 3, 12, tzinfo=UTC)

    assert "Sun 13 Mar 2022 at 03:00" in plain(coming_words(night, before, night.zone))


@pytest.mark.parametrize(
    ("readers", "said", "saves"),
    [
        ([], "", "Save"),
        ([Kind.guest], "Guests read", "Save anyway"),
        ([Kind.stranger, Kind.guest], "Another company reads", "Save anyway"),
    ],
)
def test_the_form_warns_of_who_reads_along(readers: Sequence[Kind], said: str, saves: str) -> None:
    typed = Typed(channel=("C1", "#migration"), zone="UTC")
    shown: dict[str, Any] = form(typed, now=SATURDAY, own_zone="UTC", readers=readers)

    assert said in read(shown)
    assert shown["submit"]["text"] == saves


@settings(max_examples=30, deadline=None)
@given(
    names, names, zones, st.sampled_from(Topic), st.integers(0, 6), st.sets(st.sampled_from(Kind))
)
def test_slack_takes_the_form_whatever_is_chosen(
    channel: str, scope: str, zone: str, topic: Topic, weekday: int, readers: set[Kind]
) -> None:
    typed = Typed(("C1", channel), topic, ("csa|a", scope), weekday, time(9), zone)
    check_view(form(typed, now=SATURDAY, own_zone="UTC", readers=readers, kept="1|1"), kind="modal")


# A row of the list


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


# The head of the list


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


# One of them


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
