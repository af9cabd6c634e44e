"""A new edition of a file: who may deliver one, where it may go, and the form that takes it."""

from dataclasses import dataclass

from handlers.blocks import Words
from handlers.files.file_refusals import refused_file
from handlers.files.share_known import Known
from handlers.files.share_typed import Kept
from rules.file_life import OUT
from rules.roles import Role
from rules.wording import and_listed
from store.people import Person
from store.session import Reading
from store.shared_files import SharedFile


@dataclass(frozen=True)
class Replaced:
    """The file whose place is taken."""

    file: SharedFile

    def wrong_spaces(self, known: Known) -> str:
        """Why the next edition cannot go to these spaces; empty where it can."""
        before = {space.organisation for space in self.file.spaces}
        if before.issuperset(known.organisations):
            return ""
        organisation = and_listed(sorted(before))
        words = Words("file_refused", number=self.file.number, organisation=organisation)
        return words.plain("other_organisation")


async def replaced_by(reading: Reading, person: Person, kept: Kept) -> Replaced:
    """The file whose next edition a form holds, as it stands now.

    Raises:
        Refused: it is not theirs, or not out any more.
    """
    number = kept.replaces or 0
    file = await reading.shared_files.by_number(number)
    if file is None or not may_replace(file, person):
        raise refused_file("not_yours_to_replace", number)
    if file.state not in OUT:
        raise refused_file("not_out", number, state=file.state)
    return Replaced(file)


def may_replace(file: SharedFile, person: Person) -> bool:
    """Whether somebody may deliver its next edition: who sent it, or a lead who may send."""
    is_theirs = person.id == file.row.uploaded_by
    return person.may(Role.sender) and (is_theirs or person.may(Role.lead))
