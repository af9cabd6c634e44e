"""What a browser keeps while a code is on its way to somebody's mail."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import new as hmac

from pydantic import TypeAdapter, ValidationError

from handlers.files.portal_pages import LINKS, PORTAL
from rules.addresses import is_mail_address, own_path

SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for: the browser's secret, the address it goes to, and where it leads."""

    secret: str = field(repr=False)
    address: str
    path: str

    @classmethod
    def anew(cls, address: str, path: str) -> "Asked":
        """With a secret that no other browser has."""
        return cls(secrets.token_urlsafe(SECRET_BYTES), address, path)

    def again(self, address: str, path: str) -> "Asked":
        """The same browser asks again: where it is for the same address, a code that came still holds."""
        return replace(self, path=path) if self.address == address else Asked.anew(address, path)

    @classmethod
    def read(cls, kept: str) -> "Asked | None":
        """What a cookie held; None where it is none that we could have given.

        Nobody signed it, so what it holds is worth no more than what is typed into a form.
        """
        try:
            asked = _ASKED.validate_json(urlsafe_b64decode(kept))
        except (ValidationError, ValueError):
            return None
        return (
            asked
            if is_mail_address(asked.address) and within_portal(asked.path) == asked.path
            else None
        )

    def kept(self) -> str:
        """As a cookie holds it."""
        return urlsafe_b64encode(_ASKED.dump_json(self)).decode()

    def digest(self, digits: str) -> bytes:
        """What is kept of a code: of use in this browser only, and telling nothing of its digits."""
        return hmac(self.secret.encode(), digits.encode(), sha256).digest()


def within_portal(path: str) -> str:
    """A page of the portal to go on to: its first one where it is anything else."""
    own = own_path(path)
    return own if own.startswith((f"{PORTAL}/files/", LINKS)) else PORTAL


_ASKED = TypeAdapter(Asked)
