"""What the bytes of a file say of its encryption, whatever anybody says of it."""

from dataclasses import dataclass
from enum import StrEnum


class Seal(StrEnum):
    """How bytes are encrypted; the words for people are in the template `file_seals`."""

    unknown = ""  # they do not say: what is encrypted well looks like any noise
    open = "open"  # anybody can read them
    zip = "zip"
    seven_zip = "7z"
    rar = "rar"
    pdf = "pdf"
    office = "office"
    open_document = "open document"
    openpgp = "openpgp"
    age = "age"
    cms = "cms"
    openssl = "openssl"
    disk = "disk"

    @property
    def is_shut(self) -> bool:
        """Whether nobody can look into it without a key."""
        return self not in {Seal.unknown, Seal.open}


@dataclass(frozen=True, slots=True)
class Inside:
    """What was seen in a file: how it is sealed, and whether it brings macros or installs something."""

    seal: Seal = Seal.unknown
    has_macros: bool = False
    is_installer: bool = False
