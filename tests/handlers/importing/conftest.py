"""A folder for sheets."""

from pathlib import Path

import pytest

from store.session import Store
from tests.handlers.importing.desk import Desk


@pytest.fixture
def desk(tmp_path: Path, store: Store) -> Desk:
    return Desk(tmp_path, store)
