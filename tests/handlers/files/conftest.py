"""What tests of files for customers may ask for besides."""

from collections.abc import AsyncIterator

import pytest

from store.files import Files
from store.session import Store
from tests.handlers.files.portal_world import PortalWorld
from tests.mail_server import mail_server
from tests.store.conftest import files

__all__ = ["files"]


@pytest.fixture
async def world(store: Store, files: Files) -> AsyncIterator[PortalWorld]:
    """The portal of this test's store."""
    async with mail_server() as mails:
        yield PortalWorld(store, files, mails)
