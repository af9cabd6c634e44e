"""What becomes of files that somebody gives in Slack: they come whole and are delivered, or say why not."""

import hashlib

import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.receiving import NewFile
from handlers.roles import give as give_role
from rules.clearance import Scan
from rules.file_life import State
from rules.roles import Role
from store.files import Files
from store.session import Store
from tests.handlers.files.files_given import spaces_given
from tests.handlers.files.sending import Sender
from tests.sheets_given import with_bucket

MENUS = b"dish,price\nsoup,4\n"


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Sender:
    """Somebody who sends files."""
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
    person = await sandbox.person("sue")
    person.patience = 60
    return Sender(person, store)


@pytest.fixture
async def new(store: Store, sandbox: Sandbox) -> NewFile:
    async with await sandbox.person("gus") as gus:
        people = [(gus.id, "Gus Guest")]
    given = await spaces_given(store, "Acme Foods", "Menus", people=people)
    return NewFile(space_ids=(given.spaces["Menus"],))


@pytest.fixture
def bucket(wavepost: Wavepost) -> Files:
    assert wavepost.files
    return wavepost.files


async def test_a_file_is_brought_looked_at_and_delivered(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    assert await sue.person.sees("menus.csv", in_="DM")
    async with await sandbox.person("gus") as gus:
        gus.patience = 60
        assert await gus.sees("menus.csv", in_="DM")
    file = await sue.file(sent)
    assert (file.state, file.row.size, file.row.media_type) == (State.released, 18, "text/csv")
    assert file.row.sha256 == hashlib.sha256(MENUS).hexdigest()
    assert file.row.scan is Scan.off
    assert await bucket.get(file.row.key) == MENUS
    assert file.row.key.startswith("files/")
    assert "menus" not in file.row.key
