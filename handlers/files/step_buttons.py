"""What can be done with a file by who sent it, or a lead: the buttons, and who may press them."""

from collections.abc import Collection

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import button
from handlers.button_values import id_in
from handlers.files.taking import held, worded
from handlers.interaction import Interaction
from rules.file_life import LIFE, OUT, State, Step, Who
from rules.roles import Role
from store.people import Person
from store.session import Transaction
from store.shared_files import SharedFile

TAKE_BACK, DROP, SEND_AGAIN = "file_take_back", "file_drop", "file_send_again"
REVOKE, RENEW, LINKS = "file_revoke", "file_renew", "file_links"
HOLD, LET_GO = "file_hold", "file_let_go"
CHANGE = "file_change"
"""The action that opens the form to change what is said of the draft whose number is its value."""
LABELS = {
    Step.take_back: ("Take it back", TAKE_BACK),
    Step.submit: ("Send it", SEND_AGAIN),
    Step.renew: ("Change the day", RENEW),
}
"""The steps of senders and leads, in the order of their buttons."""
ENDS = {
    Step.drop: ("Drop it", DROP),
    Step.revoke: ("Revoke it", REVOKE),
}
"""Those after which there is no way back: their buttons come last."""


def part_of(file: SharedFile, person: Person) -> Who | None:
    """In which part somebody acts on a file; None for neither its sender nor a lead."""
    if person.id == file.row.uploaded_by and person.may(Role.sender):
        return Who.sender
    return Who.lead if person.may(Role.lead) else None


def step_buttons(file: SharedFile, person: Person) -> list[ButtonElement]:
    """The buttons for what this person can do with a file as it stands now, but those that end it."""
    who, possible = part_of(file, person), _possible(file, person)
    row = [button(*LABELS[step], str(file.id)) for step in LABELS if step in possible]
    if who and file.state is State.released:
        row.append(button("Links to copy", LINKS, str(file.row.parcel_id)))
    if who and file.row.removed_at is None and (file.state in OUT or file.state.is_final):
        row += _holding(file, person)
    return row


def end_buttons(file: SharedFile, person: Person) -> list[ButtonElement]:
    """The buttons with which this person ends a file."""
    possible = _possible(file, person)
    ends = [ENDS[step] for step in ENDS if step in possible]
    return [button(*each, str(file.id), style="danger") for each in ends]


def change_buttons(file: SharedFile) -> list[ButtonElement]:
    """What the sender of a draft does with it, where they are told that it is one again."""
    return [button("Change it", CHANGE, str(file.number)), button(*ENDS[Step.drop], str(file.id))]


def _possible(file: SharedFile, person: Person) -> Collection[Step]:
    who = part_of(file, person)
    return LIFE.possible(file.state, who) if who else ()


def _holding(file: SharedFile, person: Person) -> list[ButtonElement]:
    """The wish is in the button: it stays the same, whatever others pressed meanwhile."""
    if not file.row.is_held:
        return [button("Hold it", HOLD, str(file.id))]
    if may_let_go(file, person):
        return [button("Let go of it", LET_GO, str(file.id))]
    return []


def may_let_go(file: SharedFile, person: Person) -> bool:
    """Whether somebody ends that a file is held: who held it, or a lead."""
    return person.may(Role.lead) or person.id == file.row.held_by


async def acted_on(tx: Transaction, ask: Interaction, value: str) -> tuple[SharedFile, Who]:
    """The file that a button is about, held, and in which part who pressed acts on it.

    Raises:
        NotThere: there is no such file.
        Refused: it is somebody else's.
    """
    file = await held(tx, id_in(value))
    who = part_of(file, ask.person)
    if who is None:
        raise worded(file, "not_yours")
    return file, who
