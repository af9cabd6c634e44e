"""What an announcement says: Slack takes it whatever the names and numbers, and it says why it is empty."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from handlers.announcement_said import partner_said, said
from handlers.date_languages import OFFERED, dates_in, named
from rules.announced import Breadth, Cause, Customer, Feature, Figures, Past, Scope, Wave
from rules.announcement import MAY_BE, Announcement, Empty, Part, Section, Topic, announcement
from rules.announcement_content import Content
from rules.partner_message import LONGEST
from rules.wave_life import State
from store.outbox import Message

MONDAY = date(2022, 1, 17)
LATER = MONDAY + timedelta(weeks=1)
MARCH = date(2022, 3, 1)
EVERYBODY = Scope()
ANAS = Scope(Breadth.csa, "ana@example.com")
ROUGH = ["&" * 300, "<!channel>" * 30, "*" * 300, "`" * 300, "😀" * 300, "ﷺ" * 300, "a\nb", "Joe's"]
SCOPES = [
    EVERYBODY,
    ANAS,
    Scope(Breadth.region, "north"),
    Scope(Breadth.feature, "kiosk"),
]


def figures(name: str = "Joe's Pizza", *, many: int = 2, **also: Any) -> Figures:
    """So many of everything, all with the same name."""
    customers = tuple(
        Customer(f"C-{at}", name, 2, ANAS.of, {"north": 2}, {"kiosk": 2}) for at in range(many)
    )
    told: dict[str, Any] = {
        "week": MONDAY,
        "to_move": 10 * many,
        "moved": many,
        "waiting": many,
        "has_plan": True,
        "tried": many,
        "waves": (Wave(MONDAY, State.running, customers), Wave(LATER, State.planned, customers)),
        "features": tuple(Feature("kiosk", name, MARCH, locations=4) for _ in range(many)),
        "causes": tuple(Cause(name, 3, 1) for _ in range(many)),
        "finishes": ((0.5, MARCH), (0.8, None)),
    }
    return Figures(**told | also)


def spoken(
    told: Figures,
    topic: Topic = Topic.everything,
    scope: Scope = EVERYBODY,
    *,
    about: str = "",
    language: str = "en-GB",
    note: str | None = None,
    file: str | None = "F1",
) -> Message:
    made = announcement(topic, scope, told)
    content = Content.of(made, told, about=about, picture={"digest": "d"})
    return said(
        Content.from_json(json.loads(json.dumps(content.to_json()))),
        topic=topic,
        scope=scope,
        language=language,
        note=note,
        channel="C1",
        announcement_id=7,
        file=file if content.picture else None,
    )


def texts(message: Message) -> str:
    shown = [block["text"]["text"] for block in message.blocks if "text" in block]
    return unescape("\n".join(shown).replace("\N{NO-BREAK SPACE}", " "))


def presses(message: Message) -> list[str]:
    row = message.blocks[-1]
    return [each["text"]["text"] for each in row["elements"]] if row["type"] == "actions" else []


def takes(message: Message) -> None:
    assert message.fallback.strip()
    blocks = [dict(block) for block in message.blocks]
    check_message({"text": message.fallback, "blocks": blocks})
    assert len(json.dumps(blocks, ensure_ascii=False)) < 13_000
    marked_up = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    assert "<!channel>" not in " ".join([message.fallback, *marked_up])


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("name", ROUGH)
def test_slack_takes_every_topic_with_any_names_of_thousands(
    topic: Topic, scope: Scope, name: str
) -> None:
    told = figures(name, many=200)
    takes(spoken(told, topic, scope, about=name, note=name * 10, language="he-IL"))


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(Topic),
    st.sampled_from(SCOPES),
    st.sampled_from(State),
    st.sampled_from(OFFERED),
    st.integers(0, 40),
)
def test_slack_takes_every_state_of_a_wave_in_every_language(
    topic: Topic, scope: Scope, state: State, language: str, many: int
) -> None:
    told = figures(many=many)
    told = replace(told, waves=tuple(replace(wave, state=state) for wave in told.waves))
    takes(spoken(told, topic, scope, about="Ana Reyes" if scope.of else "", language=language))


EMPTY = [(section, empty) for section, some in MAY_BE.items() for empty in some]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize(("section", "empty"), EMPTY)
def test_a_section_without_anything_to_list_says_why_in_one_sentence(
    section: Section, empty: Empty, scope: Scope
) -> None:
    made = Announcement((Part(section, empty, week=MONDAY),))
    told = figures(closed={MONDAY: "Spring break"})
    message = said(
        Content.of(made, told, about="Ana Reyes" if scope.of else ""),
        topic=Topic.waves,
        scope=scope,
        language="en-GB",
        note=None,
        channel="C1",
        announcement_id=None,
    )
    takes(message)
    _, sentence = message.blocks
    words = sentence["text"]["text"]
    assert words.endswith(".")
    assert "because" in words or empty is Empty.none_failed
    assert len(words) <= 160


def test_the_week_is_told_with_who_moves_how_far_it_is_what_failed_and_what_comes() -> None:
    words = texts(spoken(figures()))
    assert words.splitlines()[0] == "Migration, week of Mon 17 Jan 2022"
    assert "*4 locations* of 2 customers are moving this week." in words
    assert "*Next, in the week of Mon 24 Jan 2022:* 4 locations of 2 customers." in words
    assert "*2 of 20 locations* have moved; 18 are left, and 2 of these wait for features." in words
    assert "*As likely as not all done* by the week of Tue 1 Mar 2022; it may also take" in words
    assert "• Joe's Pizza: 3 tries, 1 still unsolved" in words
    assert "• *Joe's Pizza* · Tue 1 Mar 2022 · 4 locations wait" in words


def test_it_begins_with_how_last_week_went_and_what_is_open_from_before() -> None:
    before = Past(MONDAY - timedelta(weeks=2), 40, moved=38, to_move=1, returned=1)
    last = Past(MONDAY - timedelta(weeks=1), 91, moved=75, failed=1, to_move=15)
    _, past, this_wave, *_ = spoken(figures(past=(before, last)), Topic.waves).blocks
    assert past["text"]["text"].replace("\N{NO-BREAK SPACE}", " ").splitlines() == [
        "*Week of Mon 3 Jan 2022:* 38 of 40 moved, 1 went back into the plan, 1 is still to move.",
        "*Last week:* 75 of 91 moved, 1 failed, 15 are still to move.",
    ]
    assert "moving this week" in this_wave["text"]["text"]
    idle = replace(last, moved=0, failed=0, was_started=False)
    words = texts(spoken(figures(waves=(), past=(idle,)), Topic.waves, ANAS, about="Ana Reyes"))
    assert (
        "*Last week:* none of 91 locations of Ana Reyes moved, because the wave was not started."
    ) in words
    assert "Last week" not in texts(spoken(figures(past=(last,)), Topic.roadmap))


@pytest.mark.parametrize(
    ("finishes", "sentence"),
    [
        (
            ((0.5, LATER), (0.8, MARCH)),
            "*Probably all done* by the week of Tue 1 Mar 2022 (8 in 10); as likely as not by Mon 24 Jan",
        ),
        (
            ((0.5, MARCH), (0.8, MARCH)),
            "*Probably all done* by the week of Tue 1 Mar 2022 (8 in 10).",
        ),
        (((0.5, None), (0.8, None)), "*Probably not all done* within ten years."),
    ],
)
def test_a_forecast_says_how_sure_it_is_in_plain_words(
    finishes: tuple[tuple[float, date | None], ...], sentence: str
) -> None:
    assert sentence in texts(spoken(figures(finishes=finishes), Topic.progress))


@pytest.mark.parametrize(
    ("cause", "line"),
    [
        (Cause("No network", 1, 0), "• No network: 1 try, remedy known"),
        (Cause("No network", 2, 1), "• No network: 2 tries, 1 still unsolved"),
        (Cause("No network", 2, 2), "• No network: 2 tries, no remedy yet"),
    ],
)
def test_a_cause_says_whether_a_remedy_is_known(cause: Cause, line: str) -> None:
    assert line in texts(spoken(figures(causes=(cause,)), Topic.failures)).splitlines()


def test_the_first_line_answers_also_in_a_notification() -> None:
    fallback = spoken(figures(), Topic.waves).fallback.replace("\N{NO-BREAK SPACE}", " ")
    assert fallback == (
        "Waves, week of Mon 17 Jan 2022: 4 locations of 2 customers are moving this week."
    )


def test_a_scope_is_named_where_it_is_spoken_of() -> None:
    words = texts(spoken(figures(), Topic.waves, ANAS, about="Ana Reyes"))
    assert "week of Mon 17 Jan 2022 · Ana Reyes" in words
    assert "4 locations* of 2 customers of Ana Reyes are moving" in words


def test_why_nothing_moves_is_said_once() -> None:
    nothing = figures(many=0, waves=(), features=(), causes=(), finishes=(), has_plan=False)
    words = texts(spoken(nothing))
    assert words.count("because") == 1
    no_plan = replace(nothing, to_move=10)
    assert texts(spoken(no_plan)).count("there is no plan") == 1


@pytest.mark.parametrize(
    ("many", "pressed"), [(2, ["Got it", "Why?"]), (40, ["Got it", "See all", "Why?"])]
)
def test_see_all_is_offered_where_not_all_is_said(many: int, pressed: Sequence[str]) -> None:
    message = spoken(figures(many=many))
    assert presses(message) == pressed
    assert ("• and 33 more" in texts(message)) == (many == 40)


def test_a_note_of_a_lead_stands_above_all_line_by_line() -> None:
    _, note, *_ = spoken(figures(), note="Read *this*.\nThanks <!here>").blocks
    assert note["text"]["text"] == "> Read *this*.\n> Thanks &lt;!here&gt;"


def test_the_picture_is_told_in_words_too() -> None:
    message = spoken(figures())
    (image,) = [block for block in message.blocks if block["type"] == "image"]
    assert image["slack_file"] == {"id": "F1"}
    alt = image["alt_text"].replace("\N{NO-BREAK SPACE}", " ")
    assert alt.startswith("Chart of how many of 20 locations should have moved and have")
    assert "As likely as not all done by the week of Tue 1 Mar 2022" in alt


def test_a_feature_whose_day_moved_names_both_days() -> None:
    moved = Feature("kiosk", "Kiosk", MARCH, slipped_from=LATER)
    gone = Feature("loyalty", "Loyalty", None, slipped_from=LATER)
    there = Feature("menu", "Menu", LATER, released_on=MONDAY, is_new=True)
    late = Feature("late", "Late one", date(2022, 1, 3))
    words = texts(spoken(figures(features=(moved, gone, there, late)), Topic.roadmap))
    assert "• *Kiosk* · Tue 1 Mar 2022 (was Mon 24 Jan 2022)" in words
    assert "• *Loyalty* · no date (was Mon 24 Jan 2022)" in words
    assert "• *Menu* · released on Mon 17 Jan 2022" in words
    assert "• *Late one* · was planned for Mon 3 Jan 2022, no new date yet" in words


def test_dates_are_written_as_the_channel_reads_them() -> None:
    words = texts(spoken(figures(), Topic.waves, language="de-DE"))
    assert "week of Mo., 17. Jan. 2022" in words
    assert texts(spoken(figures(), language="xx-XX")) == texts(spoken(figures()))


@pytest.mark.parametrize("language", OFFERED)
def test_every_language_that_is_offered_has_a_name_and_writes_a_date_on_one_line(
    language: str,
) -> None:
    assert named(language).isprintable()
    written = dates_in(language)(MONDAY)
    assert "17" in written
    assert " " not in written
    assert len(written) < 40


@pytest.mark.parametrize("text", ["&" * LONGEST, "& " * (LONGEST // 2), "<>" * 700 + "\nAsk *us*."])
def test_approved_words_are_said_whole_however_long_they_are_escaped(text: str) -> None:
    message = partner_said(text, MONDAY, channel="C1")
    takes(message)
    read = unescape("".join(block["text"]["text"] for block in message.blocks))
    assert "".join(read.split()) == "".join(text.split())


def test_a_shared_channel_reads_the_approved_words_and_nothing_else() -> None:
    message = partner_said("We move you <soon>.\n\nAsk *us*.", MONDAY, channel="C1")
    takes(message)
    assert [block["type"] for block in message.blocks] == ["section"]
    assert message.blocks[0]["text"]["text"] == "We move you &lt;soon&gt;.\n\nAsk *us*."
