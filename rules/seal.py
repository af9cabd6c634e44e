"""What the bytes of a file say of its encryption, whatever anybody says of it."""

from dataclasses import dataclass

from rules.told_enum import Told


class Seal(Told):
    """How bytes are encrypted."""

    unknown = ""  # they do not say: what is encrypted well looks like any noise
    unclear = "unclear"  # an archive, which could be encrypted, and whose list cannot be read
    open = "open"  # anybody can read them
    zip = "zip", "is a ZIP archive that is protected with a password"
    seven_zip = "7z", "is a 7z archive that is protected with a password"
    rar = "rar", "is a RAR archive that is protected with a password"
    pdf = "pdf", "is an encrypted PDF, which asks for a password or forbids printing or copying"
    office = "office", "is an Office document that is protected with a password"
    open_document = "open document", "is an OpenDocument file that is protected with a password"
    openpgp = "openpgp", "is encrypted with OpenPGP"
    age = "age", "is encrypted with age"
    cms = "cms", "is encrypted as S/MIME does it"
    openssl = "openssl", "is encrypted with OpenSSL"
    disk = "disk", "is an encrypted disk"
    vault = "vault", "is encrypted with Ansible Vault"
    key = "key", "holds a private key that is protected with a password"
    values = "values", "holds values that are encrypted, as SOPS does it"
    jwe = "jwe", "is encrypted as JWE"
    fernet = "fernet", "is encrypted with Fernet"

    @property
    def is_shut(self) -> bool:
        """Whether nobody can look into it without a key."""
        return self not in {Seal.unknown, Seal.unclear, Seal.open}


@dataclass(frozen=True, slots=True)
class Inside:
    """What was seen in a file: how it is sealed, and whether it brings macros or installs something."""

    seal: Seal = Seal.unknown
    has_macros: bool = False
    is_installer: bool = False


def said_seal(seal: str) -> str:
    """What was seen of a file, after its name; empty where it is not seen to be encrypted.

    >>> said_seal("age"), said_seal("open")
    ('is encrypted with age', '')
    """
    return Seal(seal).words
