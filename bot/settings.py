"""Everything that differs between one installation and another, from the environment (WAVEPOST_…)."""

from typing import Self

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class CourierSettings(BaseSettings):
    """How messages leave. Seconds, unless said otherwise."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_COURIER_", extra="ignore")

    lanes_at_once: int = 20
    look_every: float = 0.5
    http_timeout: float = 8.0
    lease: float = 30.0
    pause_between_messages: float = 1.0
    workspace_messages_a_minute: int = 600
    wait_before_looking: float = 30.0
    most_failed_looks: int = 3
    repeat_when_unknowable: bool = Field(
        default=True,
        description="Where the channel's history cannot be read: send again (True) or stop and ask.",
    )

    @model_validator(mode="after")
    def _leases_outlast_what_they_cover(self) -> Self:
        """A lane taken over from a courier that died is looked at only when its last try is settled."""
        if self.http_timeout * 3 > self.lease or self.wait_before_looking > self.lease:
            raise ValueError(
                "the lease must be at least three HTTP time-outs and the wait before looking"
            )
        return self


class DatabaseSettings(BaseSettings):
    """What a command needs that only reads and changes what is kept."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    database_url: str = Field(
        description="the PostgreSQL database, as the application's lesser role: "
        "postgresql+asyncpg://wavepost_app:…@host/wavepost"
    )


class OwnerSettings(BaseSettings):
    """What `wavepost migrate` needs."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    owner_url: str = Field(
        description="the same database as WAVEPOST_DATABASE_URL, as its owner, "
        "because migrations make tables: postgresql+asyncpg://wavepost_owner:…@host/wavepost"
    )
    database_url: str | None = Field(
        default=None, description="names the application's role, where no option does"
    )


class BucketSettings(BaseSettings):
    """Where files and the audit's heads are kept."""

    model_config = SettingsConfigDict(env_prefix="WAVEPOST_", extra="ignore")

    s3_endpoint: str | None = Field(default=None, description="None: AWS")
    s3_region: str = "us-east-1"
    s3_bucket: str = "wavepost"
    s3_access_key: str | None = None
    s3_secret_key: SecretStr | None = None


class AuditSettings(DatabaseSettings, BucketSettings):
    """What `wavepost audit` compares."""


class Settings(DatabaseSettings, BucketSettings):
    """What Wavepost needs to run; nothing else is read from the environment."""

    slack_token: SecretStr = Field(
        description="the app's bot token, xoxb-…, from api.slack.com/apps, "
        "your app, OAuth & Permissions"
    )
    slack_signing_secret: SecretStr | None = Field(
        default=None,
        description="for HTTP; from api.slack.com/apps, your app, Basic Information",
    )
    slack_app_token: SecretStr | None = Field(
        default=None, description="xapp-…; where set, Socket Mode is used instead of HTTP"
    )
    slack_address: str = "https://slack.com/api/"
    leads_channel: str = Field(
        default="migration-triage", description="where leads hear what went wrong"
    )
    commands: dict[str, str] = Field(
        default_factory=lambda: {"/schedule": "/schedule"},
        description="what each command is called in this workspace",
    )

    host: str = "127.0.0.1"
    port: int = 8000
    metrics_token: SecretStr | None = Field(
        default=None, description="needed for /metrics from anywhere but this machine"
    )
    log_level: str = "INFO"
    deadline: float = Field(default=2.0, description="seconds a handler may take; Slack waits 3")
    courier: CourierSettings = Field(default_factory=CourierSettings)
