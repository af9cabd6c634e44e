"""Escalations in words: every hindrance, every step, whatever people typed, within Slack's limits."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from handlers.blocks import MOST_IN_SECTION, Words, who
from handlers.escalation_form import form
from handlers.escalation_known import Known
from handlers.escalation_turn import Turn
from handlers.escalation_typed import MOST_CHOSEN, MOST_EXPLAINED, Kept, Typed
from handlers.requester_news import SILENT, news
from rules.calendar import Blackout
from rules.escalation import Category, State, Step, Taken, Who
from rules.requests import Hindrance, Verdict
from store.escalation_lines import Line
from store.escalation_rows import EscalationRow
from tests.typography import glued

NOW = datetime(2022, 1, 15, 9, tzinfo=UTC)
MONDAY, LATER = date(2022, 1, 31), date(2022, 2, 21)
FAIR = Blackout("north", date(2022, 2, 7), date(2022, 2, 18), "Winter fair")
RIGHT = Typed(
    what=(("customer|C-1", "Joe's Pizza (C-1)"),),
    category=Category.launch,
    explanation="They open",
    wished_on=LATER,
)
ROUGH = "<!channel> & \n" * 150


def line(**given: object) -> Line:
    values = {"id": 7, "sent_at": NOW, "sent_by": "U1ANA", "category": Category.launch}
    values |= {"explanation": "They open", "wished_on": LATER, "due_on": LATER} | given
    row = EscalationRow.model_validate(values)
    return Line(row, "Joe's Pizza", 2, 2, 0, whole=False, location=None, joiners=0)


def said(verdict: Verdict, *, number: int = 2, asked: int = 3) -> str:
    words = Words(
        "escalation_possible",
        verdict=verdict,
        number=number,
        asked=asked,
        features=list(verdict.features),
        release=LATER,
    )
    return words.plain("hindrance")


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (Verdict(Hindrance.unknown), "2 of 3 locations are not known any more."),
        (
            Verdict(Hindrance.begun, begun_on=MONDAY),
            "2 of 3 locations are in a wave that has begun or is over (week of Mon 31 Jan 2022)",
        ),
        (Verdict(Hindrance.churned), "2 of 3 locations count as gone and do not move"),
        (
            Verdict(Hindrance.feature_without_date, features=("Kiosk", "Loyalty")),
            "2 of 3 locations wait for Kiosk and Loyalty, which have no date yet.",
        ),
        (
            Verdict(Hindrance.past, later=LATER),
            "The next possible week is that of Mon 21 Feb 2022.",
        ),
        (Verdict(Hindrance.too_soon, later=LATER), "The wave of this week has begun."),
        (
            Verdict(Hindrance.too_far, earlier=MONDAY),
            "The last possible week is that of Mon 31 Jan 2022.",
        ),
        (
            Verdict(Hindrance.before_release, later=LATER, features=("Loyalty",)),
            "2 of 3 locations wait for Loyalty, planned for Mon 21 Feb 2022.",
        ),
        (Verdict(Hindrance.pilot), "No other week is possible."),
        (
            Verdict(Hindrance.blackout, earlier=MONDAY, later=LATER, blackouts=(FAIR,)),
            "Possible are the weeks of Mon 31 Jan 2022 and Mon 21 Feb 2022.",
        ),
    ],
)
def test_what_is_in_the_way_says_what_is_possible_instead(verdict: Verdict, words: str) -> None:
    assert glued(words) in glued(said(verdict))


def test_one_and_all_of_them_are_told_as_such() -> None:
    assert said(Verdict(Hindrance.churned), number=1, asked=1).startswith("It counts as gone")
    assert said(Verdict(Hindrance.churned), number=3).startswith("All 3 locations count as gone")
    assert said(Verdict(Hindrance.churned), number=1).startswith("1 of 3 locations counts as gone")


@pytest.mark.parametrize("step", [step for step in Step if step not in SILENT])
def test_every_step_is_told_within_slacks_limits_whatever_was_typed(step: Step) -> None:
    taken = Taken(step, "U2LEA", Who.triage, 2, NOW, ROUGH)
    turn = Turn(line().row, State.in_triage, taken)
    for person in ("U1ANA", "U3LEO"):
        message = news(line(), turn, to=person)
        assert "Joe's Pizza" in message.fallback
        texts = [block["text"]["text"] for block in message.blocks if "text" in block]
        assert all(len(text) <= MOST_IN_SECTION for text in texts)
        assert "<!channel>" not in "".join(texts)


def test_only_slacks_ids_are_shown_as_people() -> None:
    assert who("U0AB12") == "<@U0AB12>"
    assert [who(each) for each in ("Wavepost", "Ursula@northwind.example")] == [
        "Wavepost",
        "Ursula@northwind.example",
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (replace(RIGHT, what=()), "what"),
        (replace(RIGHT, what=RIGHT.what * (MOST_CHOSEN + 1)), "what"),
        (replace(RIGHT, category="a forged one"), "category"),
        (replace(RIGHT, explanation=""), "explanation"),
        (replace(RIGHT, explanation="x" * (MOST_EXPLAINED + 1)), "explanation"),
        (replace(RIGHT, wished_on=None), "wished"),
        (replace(RIGHT, is_urgent=True), "because"),
        (replace(RIGHT, urgent_because="They leave"), "because"),
        (replace(RIGHT, link="crm.example/1"), "link"),
        (replace(RIGHT, link="https://crm.example/?" + "&" * 250), "link"),
    ],
)
def test_what_is_missing_or_too_much_is_said_under_its_field(typed: Typed, field: str) -> None:
    assert list(typed.mistakes()) == [field]


def test_what_is_right_has_no_mistakes_and_survives_being_kept() -> None:
    assert RIGHT.mistakes() == {}
    assert Typed.from_json(RIGHT.to_json()) == RIGHT


def test_a_form_full_of_what_people_can_choose_and_type_is_taken_by_slack() -> None:
    many = tuple((f"location|{'L' * 60}-{n}", "N" * 75) for n in range(MOST_CHOSEN))
    typed = replace(RIGHT, what=many, explanation="&" * MOST_EXPLAINED)
    repeated = [line(id=number) for number in range(1, 80)]
    view = form(typed, Kept.new(), Known(repeated=repeated, customer="C" * 60), person="U1ANA")
    assert len(str(view["private_metadata"])) <= 3_000
    assert view["submit"] == {"type": "plain_text", "text": "Send it anyway"}
    assert "and 76 more" in str(view["blocks"])
