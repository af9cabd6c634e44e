"""What the doctor finds of those who reach files' recipients, and look into files: mail server, scanner."""

from datetime import UTC, datetime, timedelta

from bot.mailer import mailer
from bot.scanner import Scanner
from bot.settings import Settings
from handlers.files.mailing import MailUnavailable
from handlers.scanning import ScannerUnavailable
from store.files import Finding

PATIENCE = 5.0
TOO_OLD = timedelta(days=7)
"""Signatures that nobody brings up to date find nothing new."""
SIGNATURES = "Let freshclam run beside clamd: it brings the signatures up to date."


async def mail_findings(settings: Settings) -> list[Finding]:
    """Whether mails can leave. Nobody has to send any: then links are copied and given by hand."""
    post = mailer(settings.smtp)
    if post is None:
        return [
            Finding(
                "No mail server is set: senders copy the links of people outside Slack and give them "
                "to them, and nobody outside can prove who they are. To mail them, set WAVEPOST_SMTP_HOST."
            )
        ]
    try:
        await post.check()
    except MailUnavailable as trouble:
        words = str(trouble)
        return [
            Finding(
                f"Mails cannot leave by {post.server}: {words}.",
                "Look at WAVEPOST_SMTP_HOST, _PORT, _SECURITY, _USER and _PASSWORD. Mails wait "
                "for a day, codes to sign in do not.",
            )
        ]
    said = [Finding(f"Mails leave by {post.server}, which lets us in.")]
    if settings.address is None:
        said.append(
            Finding(
                "Mails hold links to our pages, which have no address: none is sent.",
                "Set WAVEPOST_ADDRESS to where people's browsers find the pages.",
            )
        )
    return said


async def scanner_findings(settings: Settings) -> list[Finding]:
    """Whether somebody looks into files. Nobody has to: then everybody who sends one reads so."""
    if settings.scanner is None:
        return [
            Finding(
                "No scanner is set: nobody looks for viruses in files before customers get them. To "
                "have it done, set WAVEPOST_SCANNER to the address of clamd (ClamAV)."
            )
        ]
    try:
        version = await Scanner(settings.scanner, PATIENCE).version()
    except ScannerUnavailable:
        return [
            Finding(
                f"The scanner at {settings.scanner} does not answer, so files wait and none gets out.",
                "Start clamd, or correct WAVEPOST_SCANNER.",
            )
        ]
    return [Finding(f"The scanner answers: {version}."), _signatures(version, datetime.now(UTC))]


def _signatures(version: str, now: datetime) -> Finding:
    """How old its knowledge is, as `ClamAV 1.4.2/27500/Fri Jan  3 08:35:28 2025` says it."""
    *_, made = version.split("/")
    try:
        at = datetime.strptime(made, "%a %b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    except ValueError:
        return Finding("It does not say how old its signatures are.", SIGNATURES)
    if now - at > TOO_OLD:
        return Finding(
            f"Its signatures are of {at:%Y-%m-%d}, {(now - at).days} days old.", SIGNATURES
        )
    return Finding(f"Its signatures are of {at:%Y-%m-%d}.")
