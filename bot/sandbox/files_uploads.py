"""Upload URLs: the app's leave to send the bytes of one file, once.

Source: https://docs.slack.dev/reference/methods/files.getUploadURLExternal
"""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.clock import Clock

LIFE = 15 * 60.0  # unsourced


@dataclass
class Upload:
    """A file that the app announced; `length` is the number of bytes it promised."""

    file_id: str
    name: str
    length: int
    expires: float
    alt_txt: str | None = None
    snippet_type: str | None = None
    is_uploaded: bool = False


class Uploads:
    """The announced files that are not completed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._by_ticket: dict[str, Upload] = {}

    def announce(
        self, file_id: str, name: str, length: int, alt_txt: str | None, snippet_type: str | None
    ) -> str:
        """Give a ticket for the bytes of a file."""
        ticket = secrets.token_urlsafe(24)
        expires = self._clock.now() + LIFE
        self._by_ticket[ticket] = Upload(file_id, name, length, expires, alt_txt, snippet_type)
        return ticket

    def of_ticket(self, ticket: str) -> Upload | None:
        """What a ticket is for; None when it is unknown or expired."""
        upload = self._by_ticket.get(ticket)
        return upload if upload and self._clock.now() <= upload.expires else None

    def of_file(self, file_id: str) -> Upload | None:
        """The upload of this file, if its bytes came and it is not completed."""
        return next((u for u in self.unfinished() if u.file_id == file_id and u.is_uploaded), None)

    def unfinished(self) -> Iterator[Upload]:
        """Everything announced and not completed."""
        return iter(self._by_ticket.values())

    def drop_expired(self) -> list[Upload]:
        """Forget what was not completed in time; returns it."""
        now = self._clock.now()
        expired = [upload for upload in self.unfinished() if now > upload.expires]
        for upload in expired:
            self.complete(upload)
        return expired

    def complete(self, upload: Upload) -> None:
        """An upload becomes a file; its ticket is gone."""
        self._by_ticket = {k: each for k, each in self._by_ticket.items() if each is not upload}
