"""What tests of files for customers may ask for besides."""

from collections.abc import AsyncIterator

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from handlers.files.receiving import NewFile
from store.files import Files
from store.session import Store
from tests.handlers.files.portal_world import PortalWorld
from tests.handlers.files.release_world import House
from tests.handlers.files.sending import new_file
from tests.mail_server import mail_server
from tests.store.conftest import files

__all__ = ["files"]


@pytest.fixture
async def world(store: Store, files: Files) -> AsyncIterator[PortalWorld]:
    """The portal of this test's store."""
    async with mail_server() as mails:
        yield PortalWorld(store, files, mails)


@pytest.fixture
async def house(store: Store, sandbox: Sandbox, wavepost: Wavepost) -> House:
    """People who send files, decide about them and get them."""
    return await House.built(store, sandbox)


@pytest.fixture
async def sue(sandbox: Sandbox, house: House) -> Person:
    """Who sends files."""
    return await sandbox.person("sue")


@pytest.fixture
async def gus(sandbox: Sandbox, house: House) -> Person:
    """A guest who gets them."""
    return await sandbox.person("gus")


@pytest.fixture
async def ben(sandbox: Sandbox, house: House) -> Person:
    """Who decides about them."""
    return await sandbox.person("ben")


@pytest.fixture
async def new(sandbox: Sandbox, store: Store) -> NewFile:
    """What is said of a file for Menus of Acme Foods, in which Gus is."""
    return await new_file(sandbox, store)


@pytest.fixture
def bucket(wavepost: Wavepost) -> Files:
    """Where Wavepost itself keeps files."""
    assert wavepost.files
    return wavepost.files
