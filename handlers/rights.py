"""Who decides what: each thing that is decided, with the press that decides it, which names the role."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers import (
    announce_changing,
    announce_now,
    approving,
    check_deciding,
    deciding,
    feature_date,
    going_on,
    import_conversation,
    parameter_preview,
    partner_deciding,
    partner_writing,
    plans,
    remedy_form,
    rollback_form,
    rota_form,
    triage_form,
    wave_turns,
)
from handlers.doors import Listener
from handlers.files import reviewing
from rules import escalation, file_life, partner_message, wave_life
from rules.roles import GIVABLE, Role

Step = wave_life.Step | escalation.Step | partner_message.Step | file_life.Step


@dataclass(frozen=True, slots=True)
class Right:
    """Something that is decided by what answers at a door; `step` is what it does in a life."""

    name: str
    door: Listener
    step: Step | None = None

    @property
    def role(self) -> Role:
        """The role that decides it."""
        return Role(self.door.role)

    @property
    def also(self) -> Role | None:
        """Another role that decides it as well."""
        return self.door.also

    @property
    def says_why(self) -> bool:
        """Whether the one who decides has to say why.

        A step is looked for in its own life alone: as words, steps of several lives are equal.
        """
        match self.step:
            case wave_life.Step():
                return self.step in wave_life.NEED_WORDS
            case escalation.Step():
                return self.step in escalation.NEED_WORDS
            case partner_message.Step():
                return self.step in partner_message.NEED_WORDS
            case file_life.Step():
                return self.step in file_life.LIFE.need_words
        return False

    @property
    def is_of_a_second_person(self) -> bool:
        """Whether nobody decides so about words of their own."""
        match self.step:
            case partner_message.Step():
                return partner_message.Who.writer not in partner_message.takers(self.step)
            case file_life.Step():
                return file_life.Who.second in file_life.LIFE.takers(self.step)
        return False

    @property
    def is_automatic_too(self) -> bool:
        """Whether Wavepost does the same by itself where its rules say so.

        No file that takes a second person is released so.
        """
        return isinstance(self.step, wave_life.Step) and wave_life.Who.wavepost in wave_life.takers(
            self.step
        )


RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "plan": (
        Right("import", import_conversation.agree),
        Right("draft", plans.draft_anew),
        Right("publish", plans.publish_one),
        Right("numbers", parameter_preview.agree),
    ),
    "waves": (
        Right("start", wave_turns.start, wave_life.Step.start),
        Right("pause", wave_turns.pause, wave_life.Step.pause),
        Right("go_on", going_on.submit, wave_life.Step.go_on),
        Right("roll_back", rollback_form.submit, wave_life.Step.roll_back),
        Right("check", check_deciding.submit_decision),
        Right("remedy", remedy_form.keep_remedy),
    ),
    "escalations": (
        Right("approve", approving.submit_approval, escalation.Step.approve),
        Right("decline", deciding.submit_decline, escalation.Step.decline),
        Right("hand_over", deciding.submit_hand_over, escalation.Step.hand_over),
        Right("triage", triage_form.submit),
        Right("rota", rota_form.submit),
    ),
    "roadmap": (Right("feature_date", feature_date.submit),),
    "told": (
        Right("announce", announce_changing.submit),
        Right("announce_now", announce_now.submit),
        Right("write", partner_writing.submit),
        Right("approve_words", partner_deciding.approve, partner_message.Step.approve),
        Right("decline_words", partner_deciding.submit_decline, partner_message.Step.decline),
    ),
    "files": (
        Right("release_file", reviewing.release_files, file_life.Step.release),
        Right("release_personal", reviewing.release_personal, file_life.Step.release),
        Right("decline_file", reviewing.decline_files, file_life.Step.decline),
        Right("decline_personal", reviewing.decline_personal, file_life.Step.decline),
    ),
}
"""By what they are about. The words for each are those of the page that shows them."""


def givers() -> dict[Role, tuple[Role, ...]]:
    """Which roles are given by whom: each by the lowest role that may."""
    lowest = {
        given: next(role for role in reversed(Role) if given in GIVABLE.get(role, ()))
        for given in Role
        if any(given in givable for givable in GIVABLE.values())
    }
    return {
        giver: tuple(given for given, by in lowest.items() if by is giver)
        for giver in dict.fromkeys(lowest.values())
    }
