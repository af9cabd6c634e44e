"""What is known of a file, in the words of its page: what it holds, where it came from, how it is kept."""

from collections.abc import Mapping, Sequence

from handlers.blocks import day
from handlers.pages import moment
from handlers.visit import Visit
from rules.clearance import Classification
from rules.file_names import safe_name
from rules.file_sizes import said_size
from rules.media_kinds import said_kind
from rules.programs import said_runs
from rules.seal import said_seal
from store.shared_files import SharedFile

EXACT_FROM = 1_000
"""Bytes; a smaller size is said to the byte anyway."""
HOLDS = {
    Classification.public: "nothing secret: anybody may read it",
    Classification.customer: "the customer's own matters",
    Classification.personal: "data of persons: a privacy approver releases it",
}
SCANS = {
    "off": "not scanned: no scanner is set up",
    "waiting": "not scanned yet",
    "clean": "scanned, nothing found",
    "infected": "the scanner found something in it",
    "unreadable": "encrypted, so no scanner can look into it",
    "too large": "larger than the scanner takes",
}


def about(file: SharedFile, names: Mapping[str, str], visit: Visit) -> Sequence[tuple[str, str]]:
    """What there is to say of a file, each with its name; `names` are those of people by their ids."""
    row = file.row
    told, seen = row.encryption, (said_seal(row.seal), said_runs(row.runs))
    known = [
        ("File", safe_name(row.file_name)),
        ("Size", _size(row.size)),
        ("Kind", said_kind(row.media_type)),
        ("SHA-256", row.sha256 or ""),
        ("Virus scanner", SCANS[row.scan] + (f": {row.scan_found}" if row.scan_found else "")),
        ("Seen in it", "\n".join(f"It {said}." for said in seen if said)),
        ("What it holds", HOLDS[Classification(row.classification)]),
        ("Sent to", "\n".join(f"{each.organisation}: {each.name}" for each in file.spaces)),
        ("Sent by", f"{names[row.uploaded_by]}, {moment(row.uploaded_at, visit.zone)}"),
        ("Author", names[row.author] if row.author != row.uploaded_by else ""),
        ("Available until", moment(row.expires_at, visit.zone)),
        ("Fetches for each recipient", f"at most {row.most_fetches}" if row.most_fetches else ""),
        ("Its bytes are kept", _retention(file)),
        ("Encrypted", f"{told.method}\nKey: {told.key_holder}, {told.reach_them}" if told else ""),
        ("Tags", ", ".join(row.tags)),
        ("Note to recipients", row.note),
        *row.facts.items(),
    ]
    return [(name, said) for name, said in known if said]


def _size(size: int | None) -> str:
    if size is None:
        return ""
    return said_size(size) + (f" ({size:,} bytes)" if size >= EXACT_FROM else "")


def _retention(file: SharedFile) -> str:
    row = file.row
    if row.removed_at is not None:
        return "not any more: they were removed"
    if row.is_held:
        return "on hold: until somebody ends that"
    return f"at least until {day(row.retained_until)}" if row.retained_until else ""
