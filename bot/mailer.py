"""The mailer: hands mails to an SMTP server, one connection for each, and says what became of it."""

import asyncio
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.utils import parseaddr
from smtplib import (
    SMTP,
    SMTP_SSL,
    SMTPDataError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
)

from bot.mail_message import NoAddress, domain_of, mailbox, message_of
from bot.settings import SmtpSettings
from handlers.files.mailing import Letter, MailRefused, MailUnavailable, MailUnclear
from rules.mail_words import one_line

NEVER = range(500, 600)
SAID = range(200, 600)
"""Answers that a server gave; smtplib has another number for what was none."""
NOT_LOGGED_IN = frozenset({530, 534, 535, 538})
"""Said of us, not of the address (RFC 4954)."""
LONGEST_ANSWER = 200


class SmtpMailer:
    """Sends mails by one server. Of what it was told, it logs and raises neither text nor password."""

    def __init__(self, settings: SmtpSettings, host: str, sender: str) -> None:
        self._settings = settings
        self._host = host
        self._sender = sender

    @property
    def server(self) -> str:
        """Where it sends mails to, for people."""
        return f"{self._host}:{self._settings.port}"

    async def send(self, letter: Letter) -> None:
        """Hand a mail to the server.

        Raises:
            MailRefused: it will never take this one.
            MailUnclear: nobody knows whether it took it.
            MailUnavailable: it did not take it.
        """
        await asyncio.to_thread(self._send, letter)

    async def check(self) -> None:
        """Say good day to the server, and who we are. Raises MailUnavailable."""
        await asyncio.to_thread(self._greet)

    def _send(self, letter: Letter) -> None:
        try:
            message = message_of(letter, self._sender)
            to = mailbox(letter.to)
        except NoAddress as error:
            raise MailRefused(str(error)) from error
        own = parseaddr(self._sender)[1]
        with self._connected() as server:
            try:
                server.send_message(message, from_addr=own, to_addrs=[to])
            except OSError as error:
                raise _untaken(error) from error

    def _greet(self) -> None:
        with self._connected() as server:
            code, answer = server.noop()
        if code in NEVER:
            raise MailUnavailable(_told(code, answer))

    @contextmanager
    def _connected(self) -> Iterator[SMTP]:
        """A server that knows who we are. What it says when we leave changes nothing any more."""
        try:
            server = self._opened()
        except OSError as error:
            raise MailUnavailable(_reason(error)) from error
        try:
            self._introduce(server)
            yield server
        finally:
            with suppress(OSError):
                server.quit()
            server.close()

    def _opened(self) -> SMTP:
        # Who we are is said in the name of the sender: the machine's own needs a look-up, and tells.
        own = domain_of(self._sender)
        place = (self._host, self._settings.port, own, self._settings.timeout)
        if self._settings.security == "tls":
            host, port, name, timeout = place
            context = ssl.create_default_context()
            return SMTP_SSL(host, port, name, timeout=timeout, context=context)
        return SMTP(*place)

    def _introduce(self, server: SMTP) -> None:
        user, password = self._settings.user, self._settings.password
        try:
            if self._settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if user and password:
                server.login(user, password.get_secret_value())
        except OSError as error:
            raise MailUnavailable(_reason(error)) from error


def _untaken(error: OSError) -> MailUnavailable:
    """What it means that no server said it took a mail.

    Where the server says no it is known; never, where it says so of the mail or its address.
    """
    match error:
        case SMTPRecipientsRefused():
            ((code, answer),) = error.recipients.values()
            is_final = code in NEVER and code not in NOT_LOGGED_IN
            return (MailRefused if is_final else MailUnavailable)(_told(code, answer))
        case SMTPDataError() if error.smtp_code in NEVER:
            return MailRefused(_reason(error))
        case SMTPNotSupportedError():
            return MailRefused("the mail server cannot write to an address with such letters")
        case SMTPResponseException() if error.smtp_code in SAID:
            return MailUnavailable(_reason(error))
    return MailUnclear(_reason(error))


def _reason(error: OSError) -> str:
    match error:
        case SMTPResponseException():
            return _told(error.smtp_code, error.smtp_error)
        case SMTPServerDisconnected():
            return "the mail server does not answer, or hung up"
        case TimeoutError():
            return "the mail server does not answer"
    words = error.strerror or str(error)
    return one_line(f"the mail server cannot be used: {words}", LONGEST_ANSWER)


def _told(code: int, answer: bytes | str) -> str:
    words = answer if isinstance(answer, str) else answer.decode(errors="replace")
    return one_line(f"the mail server says: {code} {words}", LONGEST_ANSWER)


def mailer(settings: SmtpSettings) -> SmtpMailer | None:
    """What sends mails by these settings; None where they name no server."""
    if settings.host is None or settings.sender is None:
        return None
    return SmtpMailer(settings, settings.host, settings.sender)
