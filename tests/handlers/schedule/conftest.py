"""People who ask for the schedule."""

import pytest

from bot.assembly import Wavepost
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox


@pytest.fixture
async def vic(sandbox: Sandbox, wavepost: Wavepost) -> Person:
    """A member who owns no customers."""
    return await sandbox.person("vic")
