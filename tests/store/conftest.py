"""What tests of the store may ask for besides: an empty bucket of a real S3 server."""

from uuid import uuid4

import pytest

from bot.embedded_s3 import EmbeddedS3
from store.files import Files


@pytest.fixture
def files(s3_server: EmbeddedS3) -> Files:
    """A bucket that nobody else uses."""
    name = f"files-{uuid4().hex}"
    s3_server.create_bucket(name)
    return Files(
        endpoint=s3_server.endpoint,
        region="us-east-1",
        bucket=name,
        access_key=s3_server.access_key,
        secret_key=s3_server.secret_key,
    )
