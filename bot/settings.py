"""Everything that differs between one installation and another, from the environment (WAVEPOST_…)."""

import json
from dataclasses import replace
from email.utils import parseaddr
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    FiniteFloat,
    NonNegativeInt,
    PositiveInt,
    SecretStr,
    model_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.database_url import DatabaseUrl
from store.outside import Outside

COMMANDS = {
    name: name
    for name in (
        "/schedule",
        "/migration",
        "/forecast",
        "/roadmap",
        "/escalate",
        "/share",
        "/wavepost",
    )
}
"""Every command, and what it is called where no setting says otherwise."""

OWN_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})

Seconds = Annotated[FiniteFloat, Field(gt=0)]
Pause = Annotated[FiniteFloat, Field(ge=0)]
LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"]


def _unset_where_empty(value: object) -> object:
    """What a file of settings leaves empty is not set."""
    return None if value == "" else value


def _given(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().strip():
        raise _wrong("it is empty")
    return secret


def _in_capitals(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


def _from_json(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise _wrong('it is no JSON. Write it like {"/schedule": "/when"}') from None


def _parted(value: object) -> object:
    """Names with commas between them, as small letters."""
    if not isinstance(value, str):
        return value
    return tuple(name.strip(" .").lower() for name in value.split(",") if name.strip(" ."))


def _known(commands: dict[str, str]) -> dict[str, str]:
    if strange := sorted(commands.keys() - COMMANDS.keys()):
        raise _wrong(f"there is no command {strange[0]}. There is {', '.join(COMMANDS)}")
    if bare := [called for called in commands.values() if not called.startswith("/")]:
        raise _wrong(f"what a command is called begins with /, and {bare[0]!r} does not")
    return COMMANDS | commands


def _public(address: str | None) -> str | None:
    """An address that browsers can be sent to, without a slash at its end."""
    if address is None:
        return None
    parts = urlsplit(address)
    here = parts.hostname in OWN_HOSTS
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise _wrong("it must begin with https:// (http:// only for this machine)")
    if not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong("it is a host only, with nothing behind it: https://wavepost.example.com")
    return f"{parts.scheme}://{parts.netloc}".lower()


def _scanned_at(address: str | None) -> str | None:
    """An address of clamd: a socket's path, or a host and a port."""
    if address is None:
        return None
    parts = urlsplit(address)
    if parts.scheme == "unix" and parts.path:
        return address
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return address
    raise _wrong("it is like unix:///run/clamav/clamd.ctl, or like tcp://clamav:3310")


def _encrypting(how: str | None) -> str | None:
    """How a store is asked to encrypt: by its own key, or by one that it keeps for us."""
    if how in {None, "AES256", "aws:kms"} or (how.startswith("aws:kms:") and how != "aws:kms:"):
        return how
    raise _wrong("it is AES256, aws:kms, or aws:kms: with the id of a key behind it")


def _written_by(sender: str | None) -> str | None:
    """An address, alone or with a name before it: Wavepost <files@wavepost.example.com>."""
    if sender is not None and not parseaddr(sender)[1].partition("@")[2]:
        raise _wrong("it is an address, like files@wavepost.example.com")
    return sender


def _wrong(words: str) -> PydanticCustomError:
    return PydanticCustomError("setting", "{words}", {"words": words})


Maybe = BeforeValidator(_unset_where_empty)


class CourierSettings(BaseSettings):
    """How messages leave. Seconds, unless said otherwise."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_COURIER_", extra="ignore")

    lanes_at_once: PositiveInt = 20
    look_every: Seconds = 0.5
    http_timeout: Seconds = 8.0
    lease: Seconds = 30.0
    pause_between_messages: Pause = 1.0
    workspace_messages_a_minute: PositiveInt = 600
    wait_before_looking: Pause = 30.0
    most_failed_looks: NonNegativeInt = 3
    repeat_when_unknowable: bool = Field(
        default=True,
        description="Where the channel's history cannot be read: send again (True) or stop and ask.",
    )

    @model_validator(mode="after")
    def _leases_outlast_what_they_cover(self) -> Self:
        """A lane taken over from a courier that died is looked at only when its last try is settled."""
        if self.http_timeout * 3 > self.lease or self.wait_before_looking > self.lease:
            raise _wrong(
                "WAVEPOST_COURIER_LEASE must be at least three times WAVEPOST_COURIER_HTTP_TIMEOUT, "
                "and at least WAVEPOST_COURIER_WAIT_BEFORE_LOOKING"
            )
        return self


class WorkerSettings(BaseSettings):
    """How long work is done. Seconds, unless said otherwise."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_WORKER_", extra="ignore")

    jobs_at_once: PositiveInt = Field(default=2, description="in each replica")
    look_every: Seconds = 2.0
    tell_every: Seconds = Field(default=3.0, description="progress, and that the worker lives")
    lease: Seconds = Field(default=60.0, description="after which a silent worker counts as dead")
    pause_before_retry: Pause = 10.0
    most_tries: PositiveInt = 3

    @model_validator(mode="after")
    def _a_lease_outlasts_its_renewals(self) -> Self:
        if self.tell_every * 3 > self.lease:
            raise _wrong(
                "WAVEPOST_WORKER_LEASE must be at least three times WAVEPOST_WORKER_TELL_EVERY"
            )
        return self


class PublishedSheetSettings(BaseSettings):
    """Where a list of escalated stores is published as CSV, to be looked at every few minutes."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_ESCALATED_STORES_", extra="ignore")

    address: Annotated[SecretStr | None, Maybe] = Field(
        default=None, description="https://…; whoever has it can read the sheet, so it is a secret"
    )
    hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parted)] = Field(
        default=(),
        description="other hosts that it may send on to, and all below them: googleusercontent.com "
        "for a sheet of Google's",
    )
    within: bool = Field(
        default=False,
        description="whether it may lie on this machine or in a network of one's own, without https",
    )
    minutes: PositiveInt = Field(default=5, description="between two looks")

    @model_validator(mode="after")
    def _the_address_can_be_asked(self) -> Self:
        """Only for trials and networks of one's own may it be http://."""
        if self.address is None:
            return self
        parts = urlsplit(self.address.get_secret_value())
        if parts.scheme != "https" and not (self.within and parts.scheme == "http"):
            raise _wrong(
                "WAVEPOST_ESCALATED_STORES_ADDRESS must begin with https:// (http:// only where "
                "WAVEPOST_ESCALATED_STORES_WITHIN is true)"
            )
        if not parts.hostname or parts.username or parts.password:
            raise _wrong("WAVEPOST_ESCALATED_STORES_ADDRESS names a host, and nobody's password")
        return self


class SmtpSettings(BaseSettings):
    """How mails leave, to recipients of files who are not in Slack."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_SMTP_", extra="ignore")

    host: Annotated[str | None, Maybe] = Field(default=None, description="None: no mail is sent")
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="none only for a server on this machine"
    )
    user: Annotated[str | None, Maybe] = None
    password: Annotated[SecretStr | None, Maybe] = None
    sender: Annotated[str | None, Maybe, AfterValidator(_written_by)] = Field(
        default=None, description="the address that mails come from: files@wavepost.example.com"
    )
    timeout: Seconds = 10.0

    @model_validator(mode="after")
    def _can_be_answered(self) -> Self:
        """A mail says whom it is from, and no password leaves in the clear but on this machine."""
        if self.host is None:
            return self
        if self.sender is None:
            raise _wrong("WAVEPOST_SMTP_SENDER is missing: the address that mails come from")
        if self.security == "none" and self.host not in OWN_HOSTS:
            raise _wrong("WAVEPOST_SMTP_SECURITY may be none only for a server on this machine")
        return self


class DatabaseSettings(BaseSettings):
    """What a command needs that only reads and changes what is kept."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    database_url: DatabaseUrl = Field(
        description="the PostgreSQL database, as the application's lesser role: "
        "postgresql+asyncpg://wavepost_app:…@host/wavepost"
    )
    address: Annotated[str | None, Maybe, AfterValidator(_public)] = Field(
        default=None,
        description="where people's browsers find the web door: https://wavepost.example.com",
    )
    smtp: Annotated[SmtpSettings, NoDecode] = Field(default_factory=SmtpSettings)

    @property
    def outside(self) -> Outside:
        """How people are reached who are not in Slack."""
        return Outside(web=self.address or "", is_mailed=self.smtp.host is not None)


class OwnerSettings(BaseSettings):
    """What `wavepost migrate` needs."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    owner_url: DatabaseUrl = Field(
        description="the same database as WAVEPOST_DATABASE_URL, as its owner, "
        "because migrations make tables: postgresql+asyncpg://wavepost_owner:…@host/wavepost"
    )
    database_url: Annotated[DatabaseUrl | None, Maybe] = Field(
        default=None, description="names the application's role, where no option does"
    )


class BucketSettings(BaseSettings):
    """Where files and the audit's heads are kept."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    s3_endpoint: Annotated[str | None, Maybe] = Field(default=None, description="None: AWS")
    s3_region: str = "us-east-1"
    s3_bucket: str = "wavepost"
    s3_access_key: Annotated[str | None, Maybe] = None
    s3_secret_key: Annotated[SecretStr | None, Maybe] = None
    s3_public_endpoint: Annotated[str | None, Maybe] = Field(
        default=None, description="where browsers find the store, where that is another address"
    )
    s3_encryption: Annotated[str | None, Maybe, AfterValidator(_encrypting)] = Field(
        default=None, description="at rest, by the store: AES256, aws:kms, or aws:kms:KEY"
    )


class AuditSettings(DatabaseSettings, BucketSettings):
    """What `wavepost audit` compares."""


class VerifySettings(BaseSettings):
    """What `wavepost audit verify FILE` looks at where it is set."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    database_url: Annotated[DatabaseUrl | None, Maybe] = None


class Settings(DatabaseSettings, BucketSettings):
    """What Wavepost needs to run; nothing else is read from the environment."""

    slack_token: Annotated[SecretStr, AfterValidator(_given)] = Field(
        description="the app's bot token, xoxb-…, from api.slack.com/apps, "
        "your app, OAuth & Permissions"
    )
    slack_signing_secret: Annotated[SecretStr | None, Maybe] = Field(
        default=None,
        description="for HTTP; from api.slack.com/apps, your app, Basic Information",
    )
    slack_app_token: Annotated[SecretStr | None, Maybe] = Field(
        default=None, description="xapp-…; where set, Socket Mode is used instead of HTTP"
    )
    slack_address: str = "https://slack.com/api/"
    slack_client_id: Annotated[str | None, Maybe] = Field(
        default=None,
        description="for Sign in with Slack; from api.slack.com/apps, your app, Basic Information",
    )
    slack_client_secret: Annotated[SecretStr | None, Maybe] = Field(
        default=None, description="from the same place"
    )
    leads_channel: str = Field(
        default="migration-triage", description="where leads hear what went wrong"
    )
    commands: Annotated[
        dict[str, str], NoDecode, BeforeValidator(_from_json), AfterValidator(_known)
    ] = Field(
        default_factory=COMMANDS.copy,
        description="what each command is called in this workspace",
    )

    scanner: Annotated[str | None, Maybe, AfterValidator(_scanned_at)] = Field(
        default=None,
        description="clamd, which looks into files: unix:///run/clamav/clamd.ctl or tcp://host:3310",
    )
    words_folder: Annotated[Path | None, Maybe] = Field(
        default=None,
        description="a folder with announcement.j2: words of your own for announcements",
    )
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535, description="0 takes a free one")
    metrics_token: Annotated[SecretStr | None, Maybe] = Field(
        default=None, description="needed for /metrics from anywhere but this machine"
    )
    log_level: Annotated[LogLevel, BeforeValidator(_in_capitals)] = "INFO"
    deadline: Seconds = Field(default=2.0, description="seconds a handler may take; Slack waits 3")
    courier: Annotated[CourierSettings, NoDecode] = Field(default_factory=CourierSettings)
    worker: Annotated[WorkerSettings, NoDecode] = Field(default_factory=WorkerSettings)
    escalated_stores: Annotated[PublishedSheetSettings, NoDecode] = Field(
        default_factory=PublishedSheetSettings
    )

    @property
    def outside(self) -> Outside:
        """The same, and whether a scanner is set."""
        return replace(super().outside, is_scanned=self.scanner is not None)
