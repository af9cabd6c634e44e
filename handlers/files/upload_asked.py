"""What a form of the upload page asks for: the files, who would get them, and what is wrong with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.errors import Refused
from handlers.files.authors import unclear_author
from handlers.files.file_refusals import refused_file
from handlers.files.new_edition import Replaced, replaced_by
from handlers.files.receiving_refusals import check_number, check_sizes
from handlers.files.share_known import Known, known_of
from handlers.files.share_mistakes import ONE_FILE, mistakes
from handlers.files.share_typed import Kept, Typed
from handlers.files.upload_typed import Chosen, all_chosen, typed_in
from handlers.pages import Json
from handlers.visit import Visit
from store.session import Reading

MOST_DIGITS = 9
NO_FILE = "Choose the file."
WRONG = (
    "Something is missing or not right yet. Nothing you typed is lost: see below, then press again."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A form as it was filled in; `wrong` are sentences by field, empty where all is well."""

    files: Sequence[Chosen]
    typed: Typed
    known: Known
    replaced: Replaced | None
    wrong: Mapping[str, str]

    @property
    def refusal(self) -> Json:
        """What is wrong, for the script of the page."""
        return Json({"problem": WRONG, "problems": dict(self.wrong)}, status=400)


async def asked(reading: Reading, visit: Visit) -> Asked:
    """What the form of a visit holds, and what is known of it now.

    Raises:
        Refused: the file of which it is a new edition is not theirs, or not out any more.
    """
    files, typed = all_chosen(visit.form), typed_in(visit.form)
    replaced = await replaced_in(reading, visit, visit.form.get("replaces", ""))
    known = await known_of(reading, typed.spaces)
    unclear = await unclear_author(reading, typed.author_name)
    of_files = _wrong_files(files, replaced)
    found = mistakes(typed, known, now=visit.now, zone=visit.person.timezone)
    if unclear:
        found.setdefault("author_name", unclear)
    if replaced and "spaces" not in found and (foreign := replaced.wrong_spaces(known)):
        found["spaces"] = foreign
    wrong = ({"file": of_files} if of_files else {}) | found
    return Asked(files, typed, known, replaced, wrong)


async def replaced_in(reading: Reading, visit: Visit, number: str) -> Replaced | None:
    """The file whose next edition is uploaded; None where it is a file of its own.

    Raises:
        Refused: there is none of this number, it is not theirs, or not out any more.
    """
    if not number:
        return None
    if not number.isdecimal() or len(number) > MOST_DIGITS:
        raise refused_file("not_yours_to_replace", number[:MOST_DIGITS])
    return await replaced_by(reading, visit.person, Kept.new(replaces=int(number)))


def _wrong_files(files: Sequence[Chosen], replaced: Replaced | None) -> str:
    """Why files cannot be uploaded; empty where they can."""
    if not files:
        return NO_FILE
    if replaced and len(files) > 1:
        return ONE_FILE.format(files=len(files))
    try:
        check_number(len(files))
        check_sizes([each.given for each in files], in_form=False)
    except Refused as refused:
        return refused.plain
    return ""
