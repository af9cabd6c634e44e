"""What was said of a file, as the form of /share has it: to say it again, or otherwise."""

from dataclasses import replace

from handlers.files.share_known import label_of
from handlers.files.share_typed import Typed
from rules.file_days import day_of
from rules.slack_ids import is_person
from store.shared_files import SharedFile


def typed_of(file: SharedFile, zone: str) -> Typed:
    """All that was said of a file but its bytes; `zone` is the sender's, in which days end."""
    row = file.row
    author = row.author if row.author != row.uploaded_by else ""
    return Typed(
        title=row.title,
        spaces=tuple((str(each.id), label_of(each)) for each in file.spaces if each.is_open),
        classification=row.classification,
        is_encrypted=row.is_encrypted,
        method=row.encryption_method,
        key_holder=row.key_holder,
        key_reach=row.key_reach,
        note=row.note,
        expires_on=day_of(row.expires_at, zone),
        author=author if is_person(author) else "",
        author_name="" if is_person(author) else author,
        tags=", ".join(row.tags),
        retained_until=row.retained_until,
        most_fetches=str(row.most_fetches or ""),
        facts="\n".join(f"{name}: {value}" for name, value in row.facts.items()),
    )


def typed_before(file: SharedFile, zone: str) -> Typed:
    """What was said of the last edition, for the next: its note was about that one, its days are over."""
    return replace(typed_of(file, zone), note="", expires_on=None, retained_until=None)
