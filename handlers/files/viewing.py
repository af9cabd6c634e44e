"""Which files staff know of: their own; all of them for who reviews; what went out for who sends."""

from rules.roles import Role
from store.file_search import Viewer
from store.people import Person
from store.shared_files import SharedFile

REVIEWS = (Role.approver, Role.privacy, Role.lead)


def viewer_of(person: Person) -> Viewer:
    """Who looks for files, as a search takes them."""
    return Viewer(person.id, reviews=reviews(person), sends=person.may(Role.sender))


def reviews(person: Person) -> bool:
    """Whether somebody may look into files that are not released: they may be asked to release them."""
    return any(map(person.may, REVIEWS))


def knows_of(file: SharedFile, person: Person) -> bool:
    """Whether somebody of the staff sees all that is known of a file, and who has it."""
    if person.id in file.makers or reviews(person):
        return person.may(Role.viewer)
    return person.may(Role.sender) and file.row.released_at is not None
