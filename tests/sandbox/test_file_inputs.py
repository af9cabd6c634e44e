"""Fields that take files, in modals."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.clock import Clock
from bot.sandbox.json_types import Json
from bot.sandbox.limits.views import problems_of_view
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import RefusedError

from .apps import BoltApp
from .filing import PDF, fetched, filing_manifest, png, refused
from .forms import form, opened, plain, text_field
from .workspaces import workspace


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    stand_in = Sandbox(manifest=filing_manifest(), workspace=workspace(), clock=Clock())
    async with stand_in.running():
        yield stand_in


def file_field(*, optional: bool = False, **more: object) -> Json:
    return {
        "type": "input",
        "block_id": "documents",
        "label": plain("Which documents?"),
        "optional": optional,
        "element": {"type": "file_input", "action_id": "files"} | more,
    }


@pytest.mark.proves("files.info")
@pytest.mark.proves("files.info", "file_not_found")
async def test_a_form_brings_files_that_the_app_can_read(
    sandbox: Sandbox, app: BoltApp, client: AsyncWebClient, ana: Person, tmp_path: Path
) -> None:
    path = tmp_path / "plan.pdf"
    path.write_bytes(PDF)
    kept = await opened(app, ana, file_field())
    await ana.modal.attach("Which documents?", path, ("b.png", png()))
    (before, _) = ana.modal.state["documents"]["files"]["files"]
    assert (await refused(client.files_info(file=before["id"])))["error"] == "file_not_found"
    assert await ana.modal.submit() is None

    held = kept[0]["documents"]["files"]
    assert held["type"] == "file_input"
    plan, photo = held["files"]
    assert (plan["name"], plan["filetype"], plan["size"]) == ("plan.pdf", "pdf", len(PDF))
    assert (plan["user"], plan["channels"], plan["is_public"]) == (ana.id, [], False)
    assert photo["mimetype"] == "image/png"
    assert (await fetched(plan["url_private_download"], sandbox.bot_token))[1] == PDF
    assert (await client.files_info(file=plan["id"]))["file"]["name"] == "plan.pdf"


async def test_files_of_a_form_are_for_nobody_else(app: BoltApp, ana: Person, bo: Person) -> None:
    kept = await opened(app, ana, file_field())
    await ana.modal.attach("documents", b"secret")
    await ana.modal.submit()
    (file,) = kept[0]["documents"]["files"]["files"]
    assert await ana.downloads(file) == b"secret"
    with pytest.raises(RefusedError, match="Bo Li sees no such file"):
        await bo.downloads(file)


async def test_files_are_added_one_after_another_and_taken_away(app: BoltApp, ana: Person) -> None:
    kept = await opened(app, ana, file_field(optional=True))
    await ana.modal.attach("documents", ("a.csv", b"a"))
    await ana.modal.attach("documents", ("b.csv", b"b"))
    assert len(ana.modal.state["documents"]["files"]["files"]) == 2
    await ana.modal.fill(documents=None)
    assert await ana.modal.submit() is None
    assert kept[0]["documents"]["files"] == {"type": "file_input", "files": []}


TEN_MEGABYTES = 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("asked", "names", "size", "words"),
    [
        ({}, [], 1, "Please complete this required field."),
        ({"max_files": 1}, ["a.csv", "b.csv"], 1, "Add at most 1 file; these are 2."),
        ({}, [f"{n}.csv" for n in range(11)], 1, "Add at most 10 files; these are 11."),
        ({}, ["a.csv"], TEN_MEGABYTES + 1, "a.csv is larger than 10 MB."),
        (
            {"filetypes": ["pdf", "csv"]},
            ["a.CSV", "b.exe"],
            1,
            "b.exe is not of a kind that is asked for here: pdf, csv.",
        ),
    ],
)
async def test_wrong_files_are_said_under_the_field_and_not_sent(
    app: BoltApp, ana: Person, asked: Json, names: list[str], size: int, words: str
) -> None:
    kept = await opened(app, ana, file_field(**asked))
    await ana.modal.attach("documents", *((name, b"x" * size) for name in names))
    assert await ana.modal.submit() == {"Which documents?": words}
    assert kept == []


async def test_the_largest_file_of_an_asked_kind_is_taken(app: BoltApp, ana: Person) -> None:
    kept = await opened(app, ana, file_field(filetypes=["PDF"], max_files=1))
    await ana.modal.attach("documents", ("Plan.pdf", b"x" * TEN_MEGABYTES))
    assert await ana.modal.submit() is None
    assert kept[0]["documents"]["files"]["files"][0]["size"] == TEN_MEGABYTES


@pytest.mark.proves("views.open", "missing_scope")
async def test_a_form_for_files_needs_the_scope_to_read_them() -> None:
    raw = filing_manifest(without=("files:read",))
    async with (
        Sandbox(manifest=raw, workspace=workspace()).running() as sandbox,
        BoltApp(sandbox).running() as app,
    ):
        errors: list[Json] = []

        @app.command("/form")
        async def open_form(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
            view = form(file_field())
            call = client.views_open(trigger_id=body["trigger_id"], view=view)
            errors.append(await refused(call))
            await ack()

        ana = await sandbox.person("ana")
        await ana.command("/form", in_="#general")
        assert (errors[0]["error"], errors[0]["needed"]) == ("missing_scope", "files:read")


async def test_nobody_fills_in_somebody_elses_file(app: BoltApp, ana: Person, bo: Person) -> None:
    theirs = (await bo.says("", in_="#leads", files=[b"secret"]))["files"][0]
    kept = await opened(app, ana, file_field())
    held = {"type": "file_input", "files": [{"id": theirs["id"]}]}
    ana.modal.state["documents"] = {"files": held}
    with pytest.raises(RefusedError, match="A file is no longer there"):
        await ana.modal.submit()
    assert kept == []


async def test_the_driver_says_which_field_takes_files(app: BoltApp, ana: Person) -> None:
    await opened(app, ana, text_field(), file_field())
    with pytest.raises(AssertionError, match=r"'Why\?' takes no files"):
        await ana.modal.attach("Why?", b"x")
    with pytest.raises(AssertionError, match=r"add them with `modal\.attach`"):
        await ana.modal.fill(documents="a.pdf")
    with pytest.raises(AssertionError, match="No field is called 'letters'"):
        await ana.modal.attach("letters", b"x")


@pytest.mark.parametrize("most", [0, 11, "3"])
def test_a_field_takes_one_to_ten_files(most: object) -> None:
    (problem,) = problems_of_view(form(file_field(max_files=most)))
    assert problem.pointer == "/blocks/0/element/max_files"


async def test_an_action_beside_the_files_tells_of_them(app: BoltApp, ana: Person) -> None:
    states: list[Json] = []

    @app.action("go")
    async def go(ack: AsyncAck, body: Json) -> None:
        states.append(body["view"]["state"]["values"])
        await ack()

    button = {"type": "button", "action_id": "go", "text": plain("Check")}
    await opened(app, ana, file_field(), {"type": "actions", "elements": [button]})
    await ana.modal.attach("documents", ("a.csv", b"a"))
    assert (await ana.press("Check", in_="modal")).ok
    assert states[0]["documents"]["files"]["files"][0]["name"] == "a.csv"
