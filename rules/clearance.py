"""What stands between a file and its release, fail closed: what is not known to be well is not well."""

from dataclasses import dataclass
from enum import StrEnum

from rules.seal import Seal


class Classification(StrEnum):
    """What a file may hold."""

    public = "public"
    customer = "customer"
    personal = "personal data"


class Scan(StrEnum):
    """What the scanner says; `off` where there is none, which people are told."""

    off = "off"
    waiting = "waiting"  # not asked yet, or it does not answer
    clean = "clean"
    infected = "infected"
    unreadable = "unreadable"  # encrypted: it looked and could not see
    too_large = "too large"  # more than it takes


class Need(StrEnum):
    """What is missing, in a closed list that has words for people, in the order in which to mend it."""

    space = "space"
    bytes = "bytes"  # their SHA-256 is not known yet, or is another than was promised
    scan = "scan"
    infected = "infected"
    encryption_facts = "encryption facts"
    expiry = "expiry"
    second_person = "second person"
    privacy_approver = "privacy approver"


@dataclass(frozen=True)
class Encryption:
    """How a file was encrypted outside, and who holds the key: Wavepost never encrypts or decrypts."""

    method: str = ""
    key_holder: str = ""
    reach_them: str = ""

    @property
    def is_told(self) -> bool:
        """Whether a recipient can find out how to read the file."""
        return all(each.strip() for each in (self.method, self.key_holder, self.reach_them))


@dataclass(frozen=True)
class Approval:
    """Somebody's word that a file may go out, and whether they may say it of personal data."""

    person: str
    is_of_privacy: bool = False


@dataclass(frozen=True)
class Case:
    """What is known of a file that is to be released.

    `encryption` is None for what nobody says is encrypted; `seal` is what its bytes say of that.
    `involved` are its uploader and whoever was ever named as author of it or an earlier edition, who
    are no second person to it. `was_reviewed` says that it stood before a second person once, and
    `was_personal` that it was said to hold data of persons. What its sender says later takes none of
    these back.
    """

    classification: Classification
    scan: Scan
    encryption: Encryption | None
    involved: frozenset[str]
    approvals: tuple[Approval, ...] = ()
    has_space: bool = True
    is_whole: bool = True
    has_expiry: bool = True
    was_reviewed: bool = False
    was_personal: bool = False
    seal: Seal = Seal.unknown

    @property
    def is_sealed(self) -> bool:
        """Whether it is encrypted: as somebody says, or its bytes, or the scanner."""
        is_seen = self.seal.is_shut or self.scan is Scan.unreadable
        return is_seen or self.encryption is not None

    @property
    def is_doubted(self) -> bool:
        """Whether somebody says that it is encrypted whose bytes anybody can read."""
        return self.encryption is not None and self.seal is Seal.open

    @property
    def needs_second_person(self) -> bool:
        """Whether somebody else must look: at what no scanner can, nor we, and at personal data."""
        is_unseen = self.is_sealed or self.scan is Scan.too_large
        return is_unseen or self.seal is Seal.unclear or self.was_reviewed or self.is_personal

    @property
    def is_personal(self) -> bool:
        """Whether it holds data of persons, or once did: only a privacy approver may let it out."""
        return self.classification is Classification.personal or self.was_personal

    def counts(self, approval: Approval) -> bool:
        """Whether this word lets the file out: of who has no part in it, and may say it."""
        return approval.person not in self.involved and (
            approval.is_of_privacy or not self.is_personal
        )


def missing(case: Case) -> tuple[Need, ...]:
    """All that stands between a file and its release, the first to be mended first; empty for none."""
    is_approved = any(map(case.counts, case.approvals))
    stands = {
        Need.space: not case.has_space,
        Need.bytes: not case.is_whole,
        Need.scan: case.scan is Scan.waiting,
        Need.infected: case.scan is Scan.infected,
        Need.encryption_facts: case.is_sealed and not (case.encryption and case.encryption.is_told),
        Need.expiry: not case.has_expiry,
        Need.second_person: case.needs_second_person and not case.is_personal and not is_approved,
        Need.privacy_approver: case.is_personal and not is_approved,
    }
    return tuple(need for need in Need if stands[need])
