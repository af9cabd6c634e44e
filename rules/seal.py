"""What the bytes of a file say of its encryption, whatever anybody says of it."""

from dataclasses import dataclass
from enum import StrEnum


class Seal(StrEnum):
    """How bytes are encrypted; `said_seal` has the words for people."""

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
    vault = "vault"
    key = "key"
    values = "values"
    jwe = "jwe"
    fernet = "fernet"

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


SAID = {
    Seal.zip: "is a ZIP archive that is protected with a password",
    Seal.seven_zip: "is a 7z archive that is protected with a password",
    Seal.rar: "is a RAR archive that is protected with a password",
    Seal.pdf: "is an encrypted PDF, which asks for a password or forbids printing or copying",
    Seal.office: "is an Office document that is protected with a password",
    Seal.open_document: "is an OpenDocument file that is protected with a password",
    Seal.openpgp: "is encrypted with OpenPGP",
    Seal.age: "is encrypted with age",
    Seal.cms: "is encrypted as S/MIME does it",
    Seal.openssl: "is encrypted with OpenSSL",
    Seal.disk: "is an encrypted disk",
    Seal.vault: "is encrypted with Ansible Vault",
    Seal.key: "holds a private key that is protected with a password",
    Seal.values: "holds values that are encrypted, as SOPS does it",
    Seal.jwe: "is encrypted as JWE",
    Seal.fernet: "is encrypted with Fernet",
}


def said_seal(seal: str) -> str:
    """What was seen of a file, after its name; empty where it is not seen to be encrypted.

    >>> said_seal("age"), said_seal("open")
    ('is encrypted with age', '')
    """
    return SAID.get(Seal(seal), "")
