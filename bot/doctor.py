"""`wavepost doctor`: look at everything Wavepost stands on, and say what to do about what is not well."""

from email.utils import parsedate_to_datetime
from pathlib import Path

import aiohttp
import yaml
from rich.markup import escape
from rich.table import Table
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.doctor_bucket import bucket_findings
from bot.doctor_clock import clock_finding
from bot.doctor_database import database_findings
from bot.doctor_outside import mail_findings, scanner_findings
from bot.doctor_triage import triage_findings
from bot.doctor_web import web_findings
from bot.settings import Settings
from store.files import Finding

MANIFEST = Path(__file__).parent.parent / "manifest.yml"
SECRET_LENGTH = 32


class Doctor:
    """Looks at one part after another; none depends on another being well."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._session = session
        self._client = AsyncWebClient(
            token=settings.slack_token.get_secret_value(),
            base_url=settings.slack_address,
            session=session,
        )

    async def findings(self) -> dict[str, list[Finding]]:
        """What was found, by part."""
        return {
            "Slack": await self._slack(),
            "Signing": self._signing(),
            "Channels": await self._channels(),
            "Database": await database_findings(self._settings.database_url),
            "Triage": await triage_findings(self._settings.database_url, self._client),
            "Web": await web_findings(self._settings, self._session),
            "Files": await bucket_findings(self._settings, self._session),
            "Mail": await mail_findings(self._settings),
            "Scanner": await scanner_findings(self._settings),
        }

    async def _slack(self) -> list[Finding]:
        try:
            answer = await self._client.auth_test()
        except SlackApiError as error:
            reason = error.response["error"]
            return [
                Finding(
                    f"Slack refuses the token ({reason}).",
                    "Copy the Bot User OAuth Token (xoxb-…) from the app's page, under OAuth & "
                    "Permissions, into WAVEPOST_SLACK_TOKEN.",
                )
            ]
        except (aiohttp.ClientError, OSError) as error:
            return [
                Finding(
                    f"Slack cannot be reached at {self._settings.slack_address} "
                    f"({type(error).__name__}).",
                    "Let this machine make HTTPS connections to slack.com.",
                )
            ]
        found = Finding(f"The token is that of {answer['user']} in {answer['team']}.")
        return [found, _scopes(dict(answer.headers)), _skew(dict(answer.headers))]

    def _signing(self) -> list[Finding]:
        if self._settings.slack_app_token:
            return [Finding("Socket Mode is on: nothing is received over HTTP.")]
        secret = self._settings.slack_signing_secret
        if secret is None:
            return [
                Finding(
                    "There is no signing secret, so nothing that Slack sends could be trusted.",
                    "Copy the Signing Secret from the app's page, under Basic Information, into "
                    "WAVEPOST_SLACK_SIGNING_SECRET.",
                )
            ]
        if len(secret.get_secret_value()) != SECRET_LENGTH:
            return [
                Finding(
                    "The signing secret does not look like one (32 letters and digits).",
                    "Copy it again: it is neither the client secret nor the verification token.",
                )
            ]
        return [
            Finding(
                "A signing secret is set. Only a command from Slack proves that it is the right one."
            )
        ]

    async def _channels(self) -> list[Finding]:
        name = self._settings.leads_channel
        try:
            cursor = ""
            while True:
                page = await self._client.conversations_list(
                    types="public_channel,private_channel",
                    exclude_archived=True,
                    limit=200,
                    cursor=cursor,
                )
                for channel in page["channels"]:
                    if channel["name"] == name:
                        return [_membership(name, is_member=channel["is_member"])]
                cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
                if not cursor:
                    break
        except (SlackApiError, aiohttp.ClientError, OSError) as error:
            return [
                Finding(
                    f"Channels cannot be listed ({error}).", "Mend what is said of Slack above."
                )
            ]
        return [
            Finding(
                f"Wavepost sees no channel #{name}, where leads hear what went wrong.",
                f"Create #{name} and invite Wavepost (also to a private one), or name another in "
                "WAVEPOST_LEADS_CHANNEL.",
            )
        ]


def table(findings: dict[str, list[Finding]]) -> Table:
    """What was found, for a terminal."""
    shown = Table("", "Part", "What was found", "What to do")
    for part, found in findings.items():
        for finding in found:
            mark = "[green]✓[/]" if finding.well else "[red]✗[/]"
            # What others said, a bucket's name, say, may hold brackets: these are not Rich's.
            shown.add_row(mark, part, escape(finding.what), escape(finding.remedy))
    return shown


def _scopes(headers: dict[str, str]) -> Finding:
    wanted = set(yaml.safe_load(MANIFEST.read_text())["oauth_config"]["scopes"]["bot"])
    lowered = {name.lower(): value for name, value in headers.items()}
    given = {scope.strip() for scope in lowered.get("x-oauth-scopes", "").split(",")}
    missing = sorted(wanted - given)
    if missing:
        return Finding(
            f"The token lacks {', '.join(missing)}.",
            "Update the app from manifest.yml and install it again.",
        )
    return Finding("The token has all scopes of the manifest.")


def _skew(headers: dict[str, str]) -> Finding:
    lowered = {name.lower(): value for name, value in headers.items()}
    if "date" not in lowered:
        return Finding("Slack did not say what time it is.")
    return clock_finding(parsedate_to_datetime(lowered["date"]), "Slack's")


def _membership(name: str, *, is_member: bool) -> Finding:
    if is_member:
        return Finding(f"Wavepost is in #{name}.")
    return Finding(f"Wavepost is not in #{name}.", f"Type /invite @Wavepost in #{name}.")
