"""How a mail leaves at once, for what its reader waits for: a code to sign in with.

What may wait goes to `tx.mails.say`, in the transaction that made it true.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4


class MailUnavailable(Exception):
    """The mail server did not take a mail; it may take it later. The words say why."""


class MailRefused(MailUnavailable):
    """The mail server will never take this mail: the address does not exist, say."""


class MailUnclear(MailUnavailable):
    """The mail was on its way when the line broke, or no answer came: nobody knows whether it was taken."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail of plain text to one address.

    Its Message-ID is made from its id: sent twice, it is known as the same one. `at` is when it was
    written (aware).
    """

    to: str
    subject: str
    text: str = field(repr=False)
    id: UUID = field(default_factory=uuid4)
    at: datetime = field(default_factory=lambda: datetime.now(UTC))


class Mailer(Protocol):
    """What sends mails; there is none where no server is set."""

    async def send(self, letter: Letter) -> None:
        """Hand a mail to the server.

        Raises:
            MailRefused: it will never take this one.
            MailUnclear: nobody knows whether it took it.
            MailUnavailable: it did not take it.
        """
