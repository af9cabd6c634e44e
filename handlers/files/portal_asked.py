"""What a browser keeps while a code is on its way to somebody's mail."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from handlers.files.portal_pages import LINKS, PORTAL
from rules.addresses import is_mail_address, own_path


@dataclass(frozen=True, slots=True)
class Asked:
    """A code that was asked for: the address it goes to, and where it leads."""

    address: str
    path: str

    @classmethod
    def read(cls, kept: str) -> "Asked | None":
        """What a cookie held; None where it is none that we could have given.

        Nobody signed it, so what it holds is worth no more than what is typed into a form.
        """
        try:
            asked = _ASKED.validate_json(urlsafe_b64decode(kept))
        except (ValidationError, ValueError):
            return None
        is_ours = is_mail_address(asked.address) and within_portal(asked.path) == asked.path
        return asked if is_ours else None

    def kept(self) -> str:
        """As a cookie holds it."""
        return urlsafe_b64encode(_ASKED.dump_json(self)).decode()


def within_portal(path: str) -> str:
    """A page of the portal to go on to: its first one where it is anything else."""
    own = own_path(path)
    return own if own.startswith((f"{PORTAL}/files/", LINKS)) else PORTAL


_ASKED = TypeAdapter(Asked)
