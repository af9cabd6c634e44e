"""Owners of customers, in Slack."""

import pytest

from rules.roles import Kind as PersonKind
from store.people import PersonRow
from store.session import Store
from tests.handlers.news.tidings import ANA, OMAR, U_ANA, U_OMAR, U_VIC


@pytest.fixture(autouse=True)
async def _people(store: Store) -> None:
    """Ana and Omar, who own customers, and Vic, who does not; all at home in UTC."""
    async with store.transaction(actor="test") as tx:
        for id_, email in ((U_ANA, ANA), (U_OMAR, OMAR), (U_VIC, None)):
            row = PersonRow(id=id_, name=id_, email=email, kind=PersonKind.member)
            await tx.people.keep([row])
