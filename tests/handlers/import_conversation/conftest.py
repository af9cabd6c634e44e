"""A lead, and a store for files."""

import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give as give_role
from rules.roles import Role
from store.session import Store
from tests.handlers.import_conversation.leads import patient
from tests.sheets_given import with_bucket


@pytest.fixture
def has_bucket() -> bool:
    return True


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, *, has_bucket: bool) -> Settings:
    return with_bucket(settings, s3_server) if has_bucket else settings


@pytest.fixture
async def lea(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Person:
    """A lead, who waits as long as reading may take on a busy machine."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "lea@northwind.example", Role.lead)
        await give_role(tx, "ada@northwind.example", Role.lead)
    return await patient(sandbox, "lea")
