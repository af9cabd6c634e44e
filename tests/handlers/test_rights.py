"""Who decides what, as the page of it says: nothing that a person decides is left out."""

from types import ModuleType

from handlers import register
from handlers.doors import SLACK, Door
from handlers.rights import RIGHTS, Right, givers
from rules import escalation, file_life, partner_message, wave_life
from rules.roles import GIVABLE, Role

ALL = [right for rights in RIGHTS.values() for right in rights]
ROLE_OF = {wave_life.Who.lead: Role.lead, wave_life.Who.approver: Role.approver}
EITHER = {escalation.Step.triage, escalation.Step.ask, escalation.Step.approve_partly}
"""Ways to a decision, or parts of one."""


def test_every_step_of_a_wave_that_a_person_takes_names_who_takes_it() -> None:
    said = {right.step: right.role for right in ALL}
    for step in wave_life.Step:
        people = wave_life.takers(step) - {wave_life.Who.wavepost}
        if people and step is not wave_life.Step.announce:  # publishing a plan announces its waves
            assert {ROLE_OF[who] for who in people} == {said[step]}, step


def test_every_step_that_triage_alone_takes_is_said() -> None:
    said = {right.step for right in ALL}
    decided = {
        step
        for step in escalation.Step
        if escalation.takers(step) & {escalation.Who.triage} and step not in EITHER
    }
    assert decided <= said


def test_whoever_presses_to_decide_can_be_seen_in_the_table_of_contents() -> None:
    known = {(listener.door, listener.name) for listener in register()}
    for right in ALL:
        assert (right.door.door, right.door.name) in known
        assert right.door.role != SLACK


def test_whatever_only_an_approver_may_send_is_said() -> None:
    sent = {
        listener.name
        for listener in register()
        if listener.door is Door.submission and listener.role is Role.approver
    }
    assert sent <= {right.door.name for right in ALL}


def test_wavepost_starts_and_pauses_by_itself_and_lets_nothing_go_on() -> None:
    automatic = {right.name for right in ALL if right.is_automatic_too}
    assert automatic == {"start", "pause"}
    assert {"pause", "go_on", "roll_back"} <= {right.name for right in ALL if right.says_why}


def test_each_role_is_given_by_the_lowest_that_may() -> None:
    assert givers() == {
        Role.admin: (Role.admin, Role.privacy),
        Role.lead: tuple(role for role in Role if role in GIVABLE[Role.lead]),
    }


def test_words_and_files_are_let_out_by_who_did_not_write_them() -> None:
    second = {right.name for right in ALL if right.is_of_a_second_person}
    assert second == {"approve_words", "decline_words"} | {right.name for right in RIGHTS["files"]}
    assert "decline_words" in {right.name for right in ALL if right.says_why}


def test_who_approves_need_not_say_why_though_steps_of_other_lives_are_called_the_same() -> None:
    says_why = {right.name for right in ALL if right.says_why}
    assert "approve_words" not in says_why
    for right in ALL:
        lives = [life for life in (wave_life, escalation, partner_message) if _is_of(right, life)]
        needed = [life.NEED_WORDS for life in lives]
        if _is_of(right, file_life):
            needed.append(file_life.LIFE.need_words)
        assert right.says_why == any(right.step in steps for steps in needed), right.name


def _is_of(right: Right, life: ModuleType) -> bool:
    return isinstance(right.step, life.Step)
