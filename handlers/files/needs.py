"""What a file misses before it can be released, as it stands now."""

from collections.abc import Sequence
from datetime import datetime

from rules.clearance import Approval, Case, Classification, Need, Scan, missing
from rules.file_life import State
from rules.seal import Seal
from store.shared_files import SharedFile

FOUND_OUT = frozenset({Need.bytes, Need.scan, Need.infected})
"""What the check of a file finds out; until then it is not cleared."""
OF_OTHERS = frozenset({Need.second_person, Need.privacy_approver})
"""What another person gives. All the rest is for the sender to mend."""


def case_of(file: SharedFile, now: datetime, *approvals: Approval) -> Case:
    """A file as the rules of clearance take it, with the words of those who agree."""
    row = file.row
    return Case(
        classification=Classification(row.classification),
        scan=Scan(row.scan),
        encryption=row.encryption,
        seal=Seal(row.seal),
        involved=file.involved,
        approvals=approvals,
        has_space=any(space.is_open for space in file.spaces),
        is_whole=_is_whole(file),
        has_expiry=row.expires_at > now,
        was_reviewed=row.was_reviewed,
        was_personal=row.was_personal,
    )


def needs(file: SharedFile, now: datetime, *approvals: Approval) -> tuple[Need, ...]:
    """What is missing, the first to be mended first."""
    return missing(case_of(file, now, *approvals))


def waits_for_others(file: SharedFile, now: datetime) -> bool:
    """Whether a second person is all that it waits for."""
    found = needs(file, now)
    return file.state is State.in_review and bool(found) and OF_OTHERS.issuperset(found)


def waiting(files: Sequence[SharedFile], now: datetime) -> list[SharedFile]:
    """Those of which a second person is all that they wait for."""
    return [file for file in files if waits_for_others(file, now)]


def _is_whole(file: SharedFile) -> bool:
    """Whether its bytes were read, and are those that were promised."""
    row = file.row
    return (
        row.sha256 is not None
        and row.promised_sha256 in (None, row.sha256)
        and row.promised_size in (None, row.size)
    )
