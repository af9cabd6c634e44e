"""What a browser keeps while a code is on its way to somebody's mail."""

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from hashlib import sha256
from hmac import new as hmac

from pydantic import TypeAdapter, ValidationError

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

    @classmethod
    def read(cls, kept: str) -> "Asked | None":
        """What a cookie held; None where it is not one of ours."""
        try:
            return _ASKED.validate_json(urlsafe_b64decode(kept))
        except (ValidationError, ValueError):
            return None

    def kept(self) -> str:
        """As a cookie holds it."""
        return urlsafe_b64encode(_ASKED.dump_json(self)).decode()

    def digest(self, digits: str) -> bytes:
        """What is kept of a code: of use in this browser only, and telling nothing of its digits."""
        return hmac(self.secret.encode(), digits.encode(), sha256).digest()


_ASKED = TypeAdapter(Asked)
