"""A member of the workspace at Slack's door."""

import pytest

from rules.roles import Kind as PersonKind
from store.people import PersonRow
from store.session import Store
from tests.bot.front_door import Press
from tests.bot.slack_door.listeners import MEMBER


@pytest.fixture
async def member(store: Store) -> Press:
    """A member of the workspace whom the directory knows."""
    async with store.transaction(actor="test") as tx:
        person = PersonRow(id=MEMBER.person, name="Mem", kind=PersonKind.member)
        await tx.people.keep([person])
    return MEMBER
