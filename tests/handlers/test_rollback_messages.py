"""What is said of pauses and rollbacks: Slack takes it, however many locations and whatever names."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers.brake_words import brake_words, from_json, to_json
from handlers.going_on import form as going_on_form
from handlers.rollback_form import form as rollback_form
from handlers.rollback_posts import Share, Under, digest_of, post
from handlers.rollback_view import view
from handlers.wave_causes import Met
from handlers.wave_deciders import Deciders
from handlers.wave_said import Told
from rules.brakes import Mark, brake
from rules.likeness import Likeness
from rules.location_life import State
from rules.parameters import Parameters
from rules.roles import Kind, Role
from rules.rollback import TASKS, Part, Place, begin, confirm_each
from rules.wave_life import State as WaveState
from rules.wave_life import Step, Taken, Who
from store.people import Person
from store.rollback_rows import RollbackRow
from store.wave_rows import WaveRow

MONDAY = date(2022, 1, 10)
NOW = datetime(2022, 1, 12, 14, tzinfo=UTC)
ROUGH = ("<!channel> *x* " + "&" * 180 + "\n") * 10
LEA = Person("U1LEA", "Lea", None, "UTC", Kind.member, frozenset({Role.lead, Role.viewer}))
WAVE = WaveRow(week=MONDAY, state=WaveState.paused, version=4, started_at=NOW)


def under(locations: int, *, name: str = "Shop", is_rehearsal: bool = False) -> Under:
    owners = {Part.csa: LEA.id, Part.lead: LEA.id}
    places = [Place(f"L{number:05}", MONDAY, owners) for number in range(locations)]
    row = RollbackRow(
        id=3, week=MONDAY, by="U2BEN", words=ROUGH, began_at=NOW, is_rehearsal=is_rehearsal
    )
    names = {place.location: f"{name} {place.location}" for place in places}
    return Under(row, begin(places, NOW.date()), names)


def text(blocks: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(blocks, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


def told(step: Step, *, words: str = "Words", causes: Sequence[Met] = ()) -> Told:
    taken = Taken(step, "U2BEN", Who.approver, 4, NOW, words)
    counts = {State.planned: 3, State.passed: 2, State.returned: 1}
    return Told(WAVE, taken, counts, causes, Deciders(("U2BEN",), ("U1LEA",)))


@pytest.mark.parametrize("locations", [1, 2, 5_000])
@pytest.mark.parametrize("name", ["Shop", "&" * 300])
def test_a_rollback_of_any_size_fits_into_one_message_and_one_window(
    locations: int, name: str
) -> None:
    shown = under(locations, name=name, is_rehearsal=locations == 1)
    fallback, blocks = post(shown, Share.of(shown.rollback, LEA.id))
    check_message({"text": fallback, "blocks": [block.to_dict() for block in blocks]})
    for page in (0, 400):
        check_view(view(shown, LEA, page), kind="modal")
    assert "<!channel>" not in text([block.to_dict() for block in blocks])


def test_a_button_for_all_stands_for_those_that_were_shown() -> None:
    names = ["L1", "L2"]
    assert digest_of(names) == digest_of(names[::-1])
    assert digest_of(names) != digest_of([*names, "L3"])


def test_a_share_is_what_can_be_done_now_what_comes_later_and_what_is_done() -> None:
    shown = under(2)
    tell = TASKS[0]
    after, _ = confirm_each(shown.rollback, ["L00000"], tell.key, LEA.id, NOW)
    share = Share.of(after, LEA.id)
    assert (len(share.now), share.later, share.done) == (2, 5, 1)
    assert share.at(tell) == ["L00001"]


@pytest.mark.parametrize("step", [Step.start, Step.pause, Step.go_on, Step.close])
def test_a_step_of_a_wave_is_told_whatever_was_typed(step: Step) -> None:
    causes = [Met(number, "<!here> " * 40, 3, number % 2) for number in range(30)]
    for person in ("U1LEA", "U2BEN"):
        message = told(step, words=ROUGH, causes=causes).to(person, mine=2)
        check_message({"text": message.fallback, "blocks": list(message.blocks)})
        assert "<!here>" not in text(message.blocks)
        assert ("wave_go_on" in text(message.blocks)) is (step is Step.pause and person == "U2BEN")


def test_forms_are_taken_by_slack_and_name_the_wave() -> None:
    causes = [Met(number, "Menu & sync " * 30, 3, 1) for number in range(8)]
    paused = told(Step.pause, words=ROUGH).taken
    small = brake_words(brake([], 10), Parameters())["numbers"]
    shown = going_on_form(WAVE, paused, causes, small)
    check_view(shown, kind="modal")
    assert "*How this is worked out:* the test stands at" in text([shown])
    assert "And 3 more causes without a remedy" in text([shown])
    check_view(rollback_form(WAVE, 14), kind="modal")
    assert "Mon 10 Jan 2022" in text([rollback_form(WAVE, 14)])


def test_the_brake_says_how_far_a_wave_is_from_being_stopped() -> None:
    def said(*marks: Mark, likeness: Likeness | None = None) -> str:
        reading = brake([marks], 500, likeness)
        assert from_json(to_json(reading)) == reading
        return brake_words(reading, Parameters()).plain("stands").replace("\N{NO-BREAK SPACE}", " ")

    def tries(failed: int, of: int) -> list[Mark]:
        return [Mark(str(n), str(n), failed=n < failed) for n in range(of)]

    assert "3 failures in a row, each at another customer, would stop the wave" in said()
    assert said(*tries(1, 5)).startswith("The brake is watching: 1 of 5 tries failed")
    assert said(*tries(0, 80)).startswith("It looks like a good wave: 0 of 80 tries failed.")
    stopped = said(*tries(4, 40))
    assert "4 of 40 tries failed, at 4 customers; usually 2 in 100 do." in stopped
    assert "test" not in stopped
    lost = said(Mark("L1", "joes", failed=True, lost_orders=True))
    assert "A location lost orders, and that stops a wave at once" in lost
