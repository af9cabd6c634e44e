"""A check that cannot be done leaves a draft that people see, and is done when its cause is gone."""

import pytest
from starlette.responses import Response

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.faults.fault import CarryOut
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.left_off import NOT_DONE
from handlers.files.receiving import NewFile
from rules.file_life import State
from store.session import Store
from tests.handlers.files.sending import Sender, new_file, sender
from tests.sheets_given import with_bucket
from tests.world import counted

MENUS = ("menus.csv", b"dish,price\nsoup,4\n")


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    with_files = with_bucket(settings, s3_server)
    worker = settings.worker.model_copy(update={"most_tries": 2, "pause_before_retry": 0.1})
    return with_files.model_copy(update={"worker": worker})


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Sender:
    return await sender(sandbox, store)


@pytest.fixture
async def new(sandbox: Sandbox, store: Store) -> NewFile:
    return await new_file(sandbox, store)


async def broken(wavepost: Wavepost) -> str:
    """Take the bucket away, as far as Wavepost knows; gives its name."""
    assert wavepost.files
    name, wavepost.files.bucket = wavepost.files.bucket, "is-not-there"
    return name


async def test_a_check_that_cannot_be_done_leaves_a_draft_and_is_done_at_a_press(
    sue: Sender, new: NewFile, wavepost: Wavepost, store: Store
) -> None:
    assert wavepost.files
    bucket = await broken(wavepost)
    [sent] = await sue.sends(MENUS, new=new)
    file = await sue.stands(sent, State.draft)
    assert file.last
    assert file.last.words == NOT_DONE
    assert await sue.person.sees("Check again", in_="DM")
    said = await sue.reads()
    assert "could not be done" in said
    assert "It goes to nobody, and is a draft again: menus.csv." in said
    assert await counted(store, "deliveries") == 0

    wavepost.files.bucket = bucket
    await sue.person.press("Check again", in_="DM")
    await sue.stands(sent, State.released)
    refused = await sue.person.press("Check again", in_="DM")
    assert "waits for that any more" in str(refused)


async def test_who_tries_it_again_in_the_list_of_jobs_has_it_checked(
    sue: Sender, new: NewFile, wavepost: Wavepost
) -> None:
    assert wavepost.files
    bucket = await broken(wavepost)
    [sent] = await sue.sends(MENUS, new=new)
    await sue.stands(sent, State.draft)
    wavepost.files.bucket = bucket
    await sue.person.command("/wavepost jobs")
    await sue.person.press("Try again")
    await sue.stands(sent, State.released)


async def test_a_check_that_was_cancelled_can_be_done_again(
    sue: Sender, new: NewFile, sandbox: Sandbox
) -> None:
    async def cancels(carry_out: CarryOut) -> Response:
        await sue.person.press("Cancel", in_="DM")
        return await carry_out()

    sandbox.faults.on_call(cancels, "Cancel", method="files.info")
    [sent] = await sue.sends(MENUS, new=new)
    await sue.stands(sent, State.draft)
    await sue.person.command("/wavepost jobs")
    await sue.person.press("Try again")
    await sue.stands(sent, State.released)
