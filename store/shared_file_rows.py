"""The tables of files for customers: parcels, each file's edition, where it is sent, its steps."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, SmallInteger, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field

from rules.clearance import Classification, Encryption, Scan
from rules.file_days import Days
from rules.file_life import State, Step, Taken, Who
from rules.life import FIRST_VERSION
from rules.naming import fold
from rules.programs import Runs
from rules.seal import Seal
from store.tables import DOCUMENT, Table, instant

FOUND_BY = frozenset({"title", "file_name", "note", "tags", "facts"})
"""The columns of a file in which it is looked for."""
LONGEST_WORD = 100


def found_by(said: Iterable[str], tags: Collection[str]) -> dict[str, list[str]]:
    """The columns by which a file is found of which all this is said."""
    words = {word[:LONGEST_WORD] for each in (*said, *tags) for word in fold(each).split()}
    return {"words": sorted(words), "tag_words": sorted({fold(each) for each in tags})}


class ParcelRow(Table, table=True):
    """The files that somebody sent together; `via` says from where. `at` is business time."""

    __tablename__ = "parcels"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    by: str
    via: str
    at: datetime = instant()


class SharedFileRow(Table, table=True):
    """One edition of a file: what people said of it, what we found out, and where it stands.

    Its times are business time. `promised_*` is what a browser said of an upload; `size`, `sha256`
    and `media_type` are what we read ourselves, None before; `seal` and `runs` too, empty before.
    `key` is its name in S3, no person's.
    `authors` are all who were ever named as author of it, or of an edition that it was made of, in that
    order: the store adds to them.
    `was_personal` and `was_reviewed` outlast what its sender says later: see `rules.clearance`.
    `held_by` is who alone holds it; None where nobody does, or several do.
    From `removed_at` on its bytes are to be had by nobody; by `wiped_at` the store had removed them.
    `released_at` is when it was released, or renewed, last.
    `words` and `tag_words` are what it is found by.
    """

    __tablename__ = "shared_files"
    __table_args__ = (
        Index(None, "uploaded_by", "number"),
        Index("shared_files_author_index", text("lower(author)")),
        Index("shared_files_sha256_index", "sha256", postgresql_where=text("sha256 IS NOT NULL")),
        Index(
            "shared_files_expires_at_index",
            "expires_at",
            postgresql_where=text("state = 'released'"),
        ),
        Index(
            "shared_files_state_since_index",
            "state",
            "state_since",
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "shared_files_unwiped_index",
            "removed_at",
            postgresql_where=text("wiped_at IS NULL AND removed_at IS NOT NULL"),
        ),
        Index("shared_files_words_index", text("array_to_tsvector(words)"), postgresql_using="gin"),
        Index("shared_files_tag_words_index", "tag_words", postgresql_using="gin"),
    )

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    number: int | None = Field(
        default=None,
        nullable=False,
        unique=True,
        sa_column_args=(Identity(always=True),),
        description="what people call it by",
    )
    parcel_id: UUID = Field(foreign_key="parcels.id", index=True)
    supersedes: UUID | None = Field(default=None, foreign_key="shared_files.id", index=True)
    edition: int = Field(default=1, sa_type=SmallInteger)
    title: str
    file_name: str
    author: str = Field(description="a Slack id, or a name as somebody wrote it")
    authors: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    uploaded_by: str
    uploaded_at: datetime = instant()
    classification: Classification = Field(sa_type=Text)
    was_personal: bool = False
    was_reviewed: bool = False
    is_encrypted: bool = False
    encryption_method: str = ""
    key_holder: str = ""
    key_reach: str = ""
    note: str = ""
    tags: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    facts: dict[str, str] = Field(default_factory=dict, sa_type=DOCUMENT)
    expires_at: datetime = instant()
    retained_until: date | None = None
    is_held: bool = False
    held_by: str | None = None
    most_fetches: int | None = None
    state: State = Field(default=State.draft, sa_type=Text)
    version: int = FIRST_VERSION
    state_since: datetime = instant()
    released_at: datetime | None = instant(nullable=True)
    promised_size: int | None = Field(default=None, sa_type=BigInteger)
    promised_sha256: str | None = None
    size: int | None = Field(default=None, sa_type=BigInteger)
    media_type: str | None = None
    sha256: str | None = None
    key: str = Field(unique=True)
    object_version: str | None = None
    scan: Scan = Field(default=Scan.waiting, sa_type=Text)
    scan_found: str = ""
    seal: Seal = Field(default=Seal.unknown, sa_type=Text)
    runs: Runs = Field(default=Runs.nothing, sa_type=Text)
    checked_at: datetime | None = instant(nullable=True)
    removed_at: datetime | None = instant(nullable=True)
    wiped_at: datetime | None = instant(nullable=True)
    slack_file: str | None = None
    words: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    tag_words: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))

    @property
    def found_by(self) -> dict[str, list[str]]:
        """What it is found by: all its words, and its tags whole, folded as names are."""
        said = (self.title, self.file_name, self.note, *self.facts, *self.facts.values())
        return found_by(said, self.tags)

    @property
    def encryption(self) -> Encryption | None:
        """How it was encrypted outside; None where it was not."""
        if not self.is_encrypted:
            return None
        return Encryption(self.encryption_method, self.key_holder, self.key_reach)

    @property
    def days(self) -> Days | None:
        """Its days as the rules take them; None before its release."""
        if self.released_at is None:
            return None
        return Days(self.released_at, self.expires_at, self.retained_until, self.is_held)


class FileSpaceRow(Table, table=True):
    """A space to which a file is sent."""

    __tablename__ = "file_spaces"

    file_id: UUID = Field(primary_key=True, foreign_key="shared_files.id")
    space_id: UUID = Field(primary_key=True, foreign_key="spaces.id", index=True)


class FileStepRow(Table, table=True):
    """A step that was taken with a file at a `version`; all of them replay to where it stands."""

    __tablename__ = "file_steps"

    file_id: UUID = Field(primary_key=True, foreign_key="shared_files.id")
    version: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    step: Step = Field(sa_type=Text)
    by: str
    who: Who = Field(sa_type=Text)
    at: datetime = instant()
    words: str = ""

    @property
    def taken(self) -> Taken:
        """The step as the rules take it."""
        return Taken(Step(self.step), self.by, Who(self.who), self.version, self.at, self.words)


class FileReminderRow(Table, table=True):
    """A reminder before a file expires, by the time for which it was meant, given to all at once."""

    __tablename__ = "file_reminders"

    file_id: UUID = Field(primary_key=True, foreign_key="shared_files.id")
    due_at: datetime = Field(sa_column=Column(DateTime(timezone=True), primary_key=True))
    at: datetime = instant()
