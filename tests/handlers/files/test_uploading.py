"""Uploads as a script of another's making would ask for them: theirs alone, whole or nothing."""

import base64
import hashlib
import re
from collections.abc import AsyncIterator
from html import unescape
from uuid import UUID, uuid4

import httpx
import pytest

from bot.assembly import Wavepost
from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.ids import stable_id
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.roles import give
from rules.file_life import State
from rules.roles import Role
from rules.upload_parts import SMALLEST_PART
from store.session import Store
from store.shared_files import SharedFile
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.sheets_given import with_bucket
from tests.store.parcels_given import member, released, space
from tests.world import counted

PAGE = "/files/upload"
END = f"{PAGE}/end"
CONFIRM = f"{PAGE}/confirm"
PARTS = (b"a" * SMALLEST_PART, b"the rest")
WHOLE = hashlib.sha256(b"".join(PARTS)).hexdigest()
SIZE = sum(map(len, PARTS))


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3) -> Settings:
    return with_bucket(settings, s3_server)


class Script:
    """What the script of the upload page does, for one person who is signed in."""

    def __init__(self, browser: httpx.AsyncClient, csrf: str) -> None:
        self.browser, self.csrf = browser, csrf

    async def ask(self, path: str, **fields: object) -> httpx.Response:
        form = {"csrf": self.csrf} | {name: str(value) for name, value in fields.items()}
        return await self.browser.post(path, data=form, headers=own(self.browser))

    async def begin(self, to: UUID, path: str = PAGE, /, **fields: object) -> httpx.Response:
        asked: dict[str, object] = {
            "key": uuid4().hex,
            f"space:{to}": "Menus (Acme)",
            "title": "Menus",
            "classification": "customer",
            "expires": "2022-02-01",
            "file_name": "menus.bin",
            "size": SIZE,
        }
        return await self.ask(path, **asked | fields)

    async def end(self, *uploads: str) -> httpx.Response:
        return await self.ask(END, **{f"sha256:{each.split('/')[2]}": WHOLE for each in uploads})

    async def send(self, upload: str, *numbers: int) -> None:
        for number in numbers:
            data = PARTS[number - 1]
            sha256 = digest(data)
            answer = await self.ask(f"{upload}/part", number=number, sha256=sha256)
            async with httpx.AsyncClient() as store:
                headers = {"x-amz-checksum-sha256": sha256}
                put = await store.put(answer.json()["address"], content=data, headers=headers)
                assert put.status_code == 200, put.text


@pytest.fixture
async def to(store: Store, wavepost: Wavepost) -> UUID:
    """A space with somebody in it; Sue and Omar send files."""
    async with store.transaction(actor="test") as tx:
        for name in ("sue", "omar"):
            await give(tx, f"{name}@northwind.example", Role.sender)
        at = await space(tx)
        await member(tx, at, "dana@acme.example")
        return at.id


async def script(wavepost: Wavepost, sandbox: Sandbox, name: str) -> AsyncIterator[Script]:
    async with web_browser(wavepost) as browser:
        await sign_in(browser, sandbox, name)
        yield Script(browser, csrf_in((await browser.get(PAGE)).text))


@pytest.fixture
async def sue(to: UUID, wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[Script]:
    async for each in script(wavepost, sandbox, "sue"):
        yield each


@pytest.fixture
async def omar(to: UUID, wavepost: Wavepost, sandbox: Sandbox) -> AsyncIterator[Script]:
    async for each in script(wavepost, sandbox, "omar"):
        yield each


def plain(shown: str) -> str:
    words = unescape(re.sub(r"<[^>]+>", " ", shown)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(words.split())


def digest(data: bytes) -> str:
    return base64.b64encode(hashlib.sha256(data).digest()).decode()


async def begun(sue: Script, to: UUID) -> str:
    answer = await sue.begin(to)
    assert answer.status_code == 200, answer.text
    [upload] = answer.json()["uploads"]
    return str(upload["upload"])


async def file_of(store: Store, upload: str) -> SharedFile:
    async with store.reading() as reading:
        file = await reading.shared_files.get(UUID(upload.split("/")[2]))
    assert file
    return file


async def test_somebody_else_s_upload_is_not_there_by_any_way(
    sue: Script, omar: Script, to: UUID, store: Store
) -> None:
    upload = await begun(sue, to)
    asked: dict[str, dict[str, object]] = {
        "": {"file_name": "menus.bin", "size": SIZE},
        "/part": {"number": 1, "sha256": digest(PARTS[0])},
        "/cancel": {},
    }
    ends = [{f"sha256:{each}": WHOLE} for each in (upload.split("/")[2], uuid4(), "x")]
    told = [await omar.ask(END, **each) for each in ends]
    assert {each.status_code for each in told} == {404}
    assert len({each.text for each in told}) == 1
    for way, fields in asked.items():
        theirs = await omar.ask(f"{upload}{way}", **fields)
        none = await omar.ask(f"/files/{uuid4()}/upload{way}", **fields)
        odd = await omar.ask(f"/files/x/upload{way}", **fields)
        assert theirs.status_code == none.status_code == odd.status_code == 404, way
        assert theirs.text == none.text == odd.text
    assert (await file_of(store, upload)).state is State.draft


async def test_what_is_cut_at_ninety_per_cent_counts_for_nothing(
    sue: Script, to: UUID, store: Store, wavepost: Wavepost
) -> None:
    upload = await begun(sue, to)
    await sue.send(upload, 1)
    told = await sue.end(upload)
    assert told.status_code == 400
    assert "have not arrived" in told.json()["problem"]
    file = await file_of(store, upload)
    assert file.state is State.draft
    assert wavepost.files
    assert not await wavepost.files.exists(file.row.key)
    [again] = (await sue.ask(upload, file_name="menus.bin", size=SIZE)).json()["uploads"]
    assert again["kept"] == {"1": digest(PARTS[0])}


async def test_a_part_of_another_file_is_refused(sue: Script, to: UUID) -> None:
    upload = await begun(sue, to)
    first = {"number": 2, "sha256": digest(b"the rest")}
    assert (await sue.ask(f"{upload}/part", **first)).status_code == 200
    other = await sue.ask(f"{upload}/part", number=2, sha256=digest(b"another"))
    assert "was changed since" in other.json()["problem"]


async def test_numbers_and_digests_that_are_none_are_refused(sue: Script, to: UUID) -> None:
    upload, good = await begun(sue, to), digest(b"x")
    for number, sha256 in (
        ("0", good),
        ("3", good),
        ("-1", good),
        ("1" * 9, good),
        ("²", good),
        ("", good),
        ("1", ""),
        ("1", good[:-1]),
        ("1", WHOLE),
    ):
        answer = await sue.ask(f"{upload}/part", number=number, sha256=sha256)
        assert (answer.status_code, list(answer.json())) == (400, ["problem"]), number
    assert (await sue.ask(END, **{f"sha256:{upload.split('/')[2]}": "x" * 64})).status_code == 400
    assert (await sue.ask(END)).status_code == 400


async def test_the_same_form_begins_one_upload(sue: Script, to: UUID, store: Store) -> None:
    first = (await sue.begin(to, key="same")).json()
    assert (await sue.begin(to, key="same")).json() == first
    assert await counted(store, "shared_files") == await counted(store, "uploads") == 1


@pytest.mark.parametrize(
    ("title", "file_name", "called"),
    [
        ("\u200b", "menus.bin", "menus.bin"),
        ("\u202e", "\u202e\u3164", "file"),
        ("ann\u202egpj.exe", "menus.bin", "anngpj.exe"),
    ],
)
async def test_a_title_shows_something_and_turns_nothing_around(
    sue: Script, to: UUID, store: Store, title: str, file_name: str, called: str
) -> None:
    answer = await sue.begin(to, title=title, file_name=file_name, note="a\u202eb\nc")
    [upload] = answer.json()["uploads"]
    row = (await file_of(store, upload["upload"])).row
    assert (row.title, row.note) == (called, "ab\nc")


async def test_the_note_of_the_last_edition_is_not_said_of_the_next(
    sue: Script, to: UUID, store: Store
) -> None:
    sue_id = stable_id("U", "sue")
    async with store.transaction(actor="test") as tx:
        [at] = await tx.spaces.all()
        last = await released(
            tx, at.row, uploaded_by=sue_id, author=sue_id, title="Menus", note="For June."
        )
    page = (await sue.browser.get(PAGE, params={"replaces": last.number})).text
    assert 'value="Menus"' in page
    assert "For June." not in page


async def test_an_edition_of_what_is_no_file_is_refused(
    sue: Script, to: UUID, store: Store
) -> None:
    for number in ("x", "-1", "²", "9" * 30):
        answer = await sue.begin(to, replaces=number)
        assert answer.status_code == 400
        assert "not yours to replace" in answer.text
    assert await counted(store, "shared_files") == 0


async def test_before_anything_is_kept_people_see_who_will_get_it(
    sue: Script, to: UUID, store: Store
) -> None:
    answer = await sue.begin(
        to, CONFIRM, note="<b>Look</b>", **{"file_name:1": "a\u202eb.exe", "size:1": 9}
    )
    shown = answer.json()["shown"]
    words = plain(shown)
    assert "1 person of Acme will get 2 files." in words
    assert "reports : 1 person – dana" in words
    assert "Menus: menus.bin 17 MB" in words
    assert "Menus: ab.exe 9 bytes" in words
    assert "ab.exe is a program" in words
    assert "the customer's own matters" in words
    assert "&lt;b&gt;Look" in shown
    assert "Who gets it is outside Slack" in words
    wrong = await sue.begin(to, CONFIRM, expires="")
    assert (wrong.status_code, list(wrong.json()["problems"])) == (400, ["expires"])
    assert await counted(store, "shared_files") == await counted(store, "uploads") == 0


async def test_several_files_are_sent_together_and_said_again_nothing_comes_twice(
    sue: Script, to: UUID, store: Store
) -> None:
    several = {"file_name:1": "prices.bin", "size:1": SIZE}
    uploads = [each["upload"] for each in (await sue.begin(to, **several)).json()["uploads"]]
    for each in uploads:
        await sue.send(each, 1, 2)
    ended = await sue.end(*uploads)
    assert ended.json() == {"page": "/files?arrived=2"}
    assert (await sue.end(*uploads)).json() == ended.json()
    first, second = [await file_of(store, each) for each in uploads]
    assert first.row.parcel_id == second.row.parcel_id
    assert [first.row.title, second.row.title] == ["Menus: menus.bin", "Menus: prices.bin"]
    assert await counted(store, "jobs WHERE kind = 'file_check'") == 1


async def test_of_several_none_goes_before_all_have_arrived(
    sue: Script, to: UUID, store: Store
) -> None:
    several = {"file_name:1": "prices.bin", "size:1": SIZE}
    uploads = [each["upload"] for each in (await sue.begin(to, **several)).json()["uploads"]]
    await sue.send(uploads[0], 1, 2)
    assert "have not arrived" in (await sue.end(*uploads)).json()["problem"]
    for each in uploads:
        assert (await file_of(store, each)).state is State.draft
    too_many = {f"file_name:{at}": "menus" for at in range(1, 11)}
    sizes = {f"size:{at}": 1 for at in range(1, 11)}
    told = await sue.begin(to, **too_many, **sizes)
    assert "These are 11 files." in told.json()["problems"]["file"]


async def test_what_is_wrong_is_told_by_field_and_nothing_is_kept(
    sue: Script, to: UUID, store: Store
) -> None:
    wrong: dict[str, dict[str, object]] = {
        "file": {"size": 0},
        "expires": {"expires": "2021-01-01"},
        "classification": {"classification": "secret"},
        "most_fetches": {"most_fetches": "0"},
        "author_name": {"author_name": "Ben"},
        "method": {"encrypted": "on", "key_holder": "Ana", "key_reach": "555"},
    }
    for field, fields in wrong.items():
        answer = await sue.begin(to, **fields)
        assert (answer.status_code, list(answer.json()["problems"])) == (400, [field])
    too_large = await sue.begin(to, size=5 * 2**40 + 1)
    assert "menus.bin is larger than 5 TB" in too_large.json()["problems"]["file"]
    nowhere = await sue.begin(uuid4())
    assert "spaces" in nowhere.json()["problems"]
    assert await counted(store, "shared_files") == 0


async def test_who_is_named_as_author_by_a_name_is_no_second_person(
    sue: Script, to: UUID, store: Store
) -> None:
    begun = await sue.begin(to, author_name="ben approver")
    file = await file_of(store, begun.json()["uploads"][0]["upload"])
    async with store.reading() as reading:
        assert "Ben Approver" in [(await reading.people.names())[each] for each in file.involved]


async def test_who_sends_no_files_uploads_none(
    to: UUID, sandbox: Sandbox, wavepost: Wavepost, store: Store
) -> None:
    async with web_browser(wavepost) as vic:
        await sign_in(vic, sandbox, "vic")
        assert (await vic.get(PAGE)).status_code == 403
        told = await Script(vic, csrf_in((await vic.get("/files")).text)).begin(to)
    assert told.status_code == 403
    assert await counted(store, "shared_files") == 0


async def test_the_page_may_reach_the_store_and_nothing_else(
    sue: Script, wavepost: Wavepost
) -> None:
    policy = (await sue.browser.get(PAGE)).headers["content-security-policy"]
    assert f"connect-src 'self' {wavepost.settings.s3_endpoint};" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
