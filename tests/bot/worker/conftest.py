"""What people hear of jobs."""

import pytest

from bot.sandbox.server import Sandbox
from store.session import Store
from tests.post_office import PostOffice


@pytest.fixture
def office(store: Store, sandbox: Sandbox) -> PostOffice:
    return PostOffice(store, sandbox)
