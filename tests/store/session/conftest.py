"""Another process of Wavepost on the same database."""

from collections.abc import AsyncIterator

import pytest

from store.session import Store


@pytest.fixture
async def other(database_url: str) -> AsyncIterator[Store]:
    """A second replica over the same database."""
    store = Store(database_url)
    yield store
    await store.close()
