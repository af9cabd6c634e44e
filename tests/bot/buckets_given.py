"""Settings with a bucket of a real S3 server."""

from pydantic import SecretStr

from bot.embedded_s3 import EmbeddedS3
from bot.settings import Settings


def with_bucket(settings: Settings, server: EmbeddedS3, name: str) -> Settings:
    """Settings with the bucket of this name, which may not exist yet."""
    return settings.model_copy(
        update={
            "s3_bucket": name,
            "s3_endpoint": server.endpoint,
            "s3_access_key": server.access_key,
            "s3_secret_key": SecretStr(server.secret_key),
        }
    )
