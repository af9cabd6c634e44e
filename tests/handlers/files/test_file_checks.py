"""What becomes of files that somebody gives in Slack: they come whole and are delivered, or say why not."""

import hashlib
import json

import pytest
from starlette.responses import JSONResponse, Response

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.faults.fault import CarryOut
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.receiving import NewFile
from rules.clearance import Scan
from rules.file_life import State
from store.files import Files
from store.session import Store
from tests.handlers.files.sending import PATIENCE, Sender, keys_in, sender
from tests.post_office import until
from tests.sheets_given import with_bucket
from tests.slack_calls import after
from tests.world import counted, run

TAKEN_OVER = """
    UPDATE jobs SET leased_by = gen_random_uuid(), leased_until = now() - interval '1 second'
    WHERE state = 'running'
"""
MENUS = b"dish,price\nsoup,4\n"
MORE_THAN_A_FORM_TAKES = bytes(range(256)) * 41_000


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


@pytest.fixture
async def sue(sandbox: Sandbox, wavepost: Wavepost, store: Store) -> Sender:
    return await sender(sandbox, store)


async def test_a_file_is_brought_looked_at_and_delivered(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    async with await sandbox.person("gus") as gus:
        gus.patience = PATIENCE
        assert await gus.sees("menus.csv", in_="DM")
    file = await sue.stands(sent, State.released)
    assert (file.row.size, file.row.media_type, file.row.scan) == (18, "text/csv", Scan.off)
    assert file.row.sha256 == hashlib.sha256(MENUS).hexdigest()
    assert await bucket.get(file.row.key) == MENUS
    assert "menus" not in file.row.key
    await sue.person.sees("No virus scanner", in_="DM")
    assert "Working on it" not in await sue.reads(), "one message, in whose place the news came"


async def test_a_file_of_a_message_may_be_larger_than_a_form_takes(
    sue: Sender, new: NewFile, bucket: Files
) -> None:
    [sent] = await sue.sends(("survey.bin", MORE_THAN_A_FORM_TAKES), new=new)
    file = await sue.stands(sent, State.released)
    assert await bucket.get(file.row.key) == MORE_THAN_A_FORM_TAKES


async def test_a_file_that_went_before_we_fetched_it_is_told_and_the_others_go_on(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    async def loses_the_first(carry_out: CarryOut) -> Response:
        [first, *_] = sandbox.world.files
        first.is_deleted = True
        return await carry_out()

    sandbox.faults.on_call(loses_the_first, "Lose it", method="files.info")
    gone, kept = await sue.sends(("gone.csv", MENUS), ("kept.csv", MENUS + b"x"), new=new)
    await sue.person.sees("goes no further", in_="DM")
    said = await sue.reads()
    assert "not in Slack any more" in said
    assert "1 other file of it is well" in said.replace("\N{NO-BREAK SPACE}", " ")
    await sue.stands_without_bytes(gone, bucket)
    file = await sue.stands(kept, State.released)
    assert await keys_in(bucket) == [file.row.key]


async def test_a_check_that_another_worker_takes_over_is_told_once(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files, store: Store
) -> None:
    asked_for = 0

    async def takes_over(carry_out: CarryOut) -> Response:
        nonlocal asked_for
        asked_for += 1
        if asked_for == 1:
            [file] = sandbox.world.files
            file.is_deleted = True
            # As of a worker that fell silent; it comes back once the other is done.
            await run(store, TAKEN_OVER)
            await until(is_over)
        return await carry_out()

    async def is_over() -> bool:
        return await counted(store, "jobs WHERE state = 'done'") == 1

    sandbox.faults.on_call(takes_over, "Take over", times=2, method="files.info")
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    await sue.person.sees("goes no further", in_="DM")
    await sue.stands_without_bytes(sent, bucket)
    assert asked_for == 2
    assert len(await sue.person.messages("DM")) == 1
    assert await counted(store, "file_steps WHERE step = 'refuse'") == 1


async def test_a_page_to_sign_in_is_delivered_to_nobody(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    async def revoke() -> None:
        sandbox.faults.revoke_token()

    sandbox.faults.on_call(after(revoke), "Revoke", method="files.info")
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    file = await sue.stands_without_bytes(sent, bucket)
    assert file.last
    assert "its page to sign in" in file.last.words
    assert await keys_in(bucket) == []


async def test_a_file_that_is_never_whole_leaves_nothing(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    async def tells_of_more(carry_out: CarryOut) -> Response:
        told = json.loads(bytes((await carry_out()).body))
        told["file"]["size"] += 1
        return JSONResponse(told)

    sandbox.faults.on_call(tells_of_more, "Tell of more", times=3, method="files.info")
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    await sue.person.sees("Slack gave 18 of 19 bytes", in_="DM")
    await sue.stands_without_bytes(sent, bucket)
    assert await keys_in(bucket) == []


async def test_a_file_that_slack_cuts_once_comes_whole_the_next_time(
    sue: Sender, new: NewFile, sandbox: Sandbox, bucket: Files
) -> None:
    async def tells_of_less(carry_out: CarryOut) -> Response:
        told = json.loads(bytes((await carry_out()).body))
        told["file"]["size"] -= 1
        return JSONResponse(told)

    sandbox.faults.on_call(tells_of_less, "Tell of less", method="files.info")
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    file = await sue.stands(sent, State.released)
    assert await bucket.get(file.row.key) == MENUS


async def test_bytes_that_are_there_already_are_asked_about_once(
    sue: Sender, new: NewFile, store: Store
) -> None:
    [first] = await sue.sends(("menus.csv", MENUS), new=new)
    number = (await sue.stands(first, State.released)).number
    [again] = await sue.sends(("other name.csv", MENUS), new=new)
    await sue.person.sees(f"the same bytes already, as file {number}", in_="DM")
    assert (await sue.file(again)).state is State.draft

    await sue.person.press("Send it all the same", in_="DM")
    await sue.stands(again, State.released)
    assert await counted(store, "deliveries") == 2


async def test_the_same_bytes_twice_in_one_sending_are_asked_about(
    sue: Sender, new: NewFile
) -> None:
    first, again = await sue.sends(("a.csv", MENUS), ("b.csv", MENUS), new=new)
    await sue.stands(first, State.released)
    await sue.person.sees("is a draft again", in_="DM")
    await sue.person.press("Drop it", in_="DM")
    await sue.stands(again, State.dropped)


async def test_who_cancels_the_check_has_drafts_again(
    sue: Sender, new: NewFile, sandbox: Sandbox, store: Store
) -> None:
    async def cancels(carry_out: CarryOut) -> Response:
        await sue.person.press("Cancel", in_="DM")
        return await carry_out()

    sandbox.faults.on_call(cancels, "Cancel", method="files.info")
    [sent] = await sue.sends(("menus.csv", MENUS), new=new)
    await sue.stands(sent, State.draft)
    await sue.person.sees("cancelled it", in_="DM")
    assert await counted(store, "deliveries") == 0
