"""Whole Waveposts, killed at random moments while files come in, are decided about and go out.

Every file ends whole or absent, and everybody who is to hear of it hears of it once. `make test` runs
a short form. The long one: `WAVEPOST_FILE_KILLS=100 make test ARGS="-s tests/bot/test_files_killed.py"`.
"""

import asyncio
import contextlib
import hashlib
import os
import random
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import methodcaller
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.files_sharing import delete
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files import parcel_told, waiting
from handlers.files.receiving import NewFile, Via, receive
from handlers.interaction import given_files
from handlers.roles import give as give_role
from rules.clearance import Classification, Encryption
from rules.file_life import LIFE, State, Step
from rules.roles import Role
from store.files import Files
from store.session import Store
from store.shared_files import SharedFile
from tests.handlers.files.files_given import spaces_given
from tests.handlers.files.sending import keys_in
from tests.mail_server import MailServer, mail_server
from tests.post_office import PostOffice, until
from tests.replica import Replicas
from tests.sheets_given import with_bucket
from tests.world import counted, run

KILLS = int(os.environ.get("WAVEPOST_FILE_KILLS", "4"))
AT_ONCE = 3
"""So many files are on their way at any time, so that a kill meets work."""
LARGE = 9 * 2**20
"""Bytes of a file that goes to the store in two parts."""
MOST_SMALL = 50_000
WHILE_IT_WORKS = 1.0
"""Seconds between kills, at most: a file is checked in a part of that."""
RECOVERY = 240.0
"""Seconds that all may take on a busy machine once nobody is killed any more."""

OUTSIDE = ("ivy@acme.example", "kim@acme.example")
IN_SLACK = ("gus", "sam")
DECIDE = {"ben": "file_release", "ada": "file_release_personal"}
"""Who presses which button for as long as there is one."""
POST = "chat.postMessage"
FAULTS = [
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("deliver_twice", kind="interaction", together=True),
]


UNDER_WAY = "shared_files WHERE state IN ('scanning', 'in review')"
UNSENT = "mails WHERE sent_at IS NULL AND failed_why IS NULL"
SAID = text("""
    SELECT state, blocks::text AS blocks FROM outbox
    WHERE lane = :lane AND cause = :cause AND updates IS NULL
""")


class Sort(StrEnum):
    """What is sent, so that each way that a file can go is gone."""

    plain = "plain"
    sealed = "sealed"  # a second person releases it
    personal = "personal"  # a privacy approver does
    gone = "gone"  # Slack has it no more when it is to be brought


@dataclass
class Sent:
    """One parcel: its files by their ids, with the bytes that they have to have."""

    sort: Sort
    title: str
    files: dict[UUID, bytes] = field(default_factory=dict)


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, mails: MailServer) -> Settings:
    """A Wavepost in a hurry, which takes up again what somebody left who was killed."""
    hurry = {"lease": 1.5, "most_tries": 1_000}
    hurried = {
        "worker": settings.worker.model_copy(update=hurry),
        "smtp": mails.settings(timeout=4),
        "address": "https://wavepost.example",
    }
    return with_bucket(settings.model_copy(update=hurried), s3_server)


@pytest.fixture
async def people(sandbox: Sandbox, replicas: Replicas, store: Store) -> dict[str, Person]:
    """Who sends, decides and receives, once somebody answers."""
    people = {name: await sandbox.person(name) for name in ("sue", *DECIDE, *IN_SLACK)}

    async def answers() -> bool:
        return (await people["sue"].command("/schedule help")).ok

    await until(answers)
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
        await give_role(tx, "ben@northwind.example", Role.approver)
        await give_role(tx, "ada@northwind.example", Role.privacy)
    return people


async def test_killed_waveposts_deliver_every_file_whole_or_not_at_all_and_tell_each_once(
    store: Store,
    replicas: Replicas,
    sandbox: Sandbox,
    people: dict[str, Person],
    settings: Settings,
    mails: MailServer,
    chance: random.Random,
) -> None:
    named = [(people[name].id, name) for name in IN_SLACK]
    given = await spaces_given(store, "Acme", "Reports", people=named, outside=OUTSIDE)
    new = NewFile(space_ids=(given.spaces["Reports"],))
    sent: list[Sent] = []
    deciding = [
        asyncio.create_task(_decide(people[name], button)) for name, button in DECIDE.items()
    ]
    killing = asyncio.create_task(_kill(replicas, sandbox, chance))
    while not killing.done() or len(sent) < len(Sort):
        if await counted(store, UNDER_WAY) < AT_ONCE:
            sort = [*Sort][len(sent) % len(Sort)]
            parcel = await _send(store, sandbox, people["sue"], sort, new, chance, len(sent))
            sent.append(parcel)
        await asyncio.sleep(0.05)
    await killing
    office = PostOffice(store, sandbox)
    await until(lambda: _is_over(store), patience=RECOVERY)
    await office.all_ended(patience=RECOVERY)
    for each in deciding:
        each.cancel()
    await asyncio.gather(*deciding, return_exceptions=True)

    bucket = _bucket(settings)
    await _files_are_whole_or_absent(store, bucket, sent)
    await _each_is_delivered_to_each(store, sent, given.recipients.values())
    await _everybody_in_slack_is_told_once(store, office, people, sent)
    again = _everybody_outside_is_told_once(mails, sent)
    print(  # noqa: T201 - the figures of a long run
        f"{KILLS} kills; {len(sent)} parcels with {sum(len(each.files) for each in sent)} files; "
        f"{len(mails.taken)} mails, {again} of them handed over again"
    )


async def _kill(replicas: Replicas, sandbox: Sandbox, chance: random.Random) -> None:
    for _ in range(KILLS):
        # Any moment is one at which a process may die.
        await asyncio.sleep(chance.uniform(0, WHILE_IT_WORKS))
        chance.choice(FAULTS)(sandbox.faults)
        await replicas.kill_one(chance)


async def _decide(person: Person, button: str) -> None:
    """Let go out whatever is asked about; whoever hears nothing presses again."""
    person.patience = 1
    while True:
        with contextlib.suppress(AssertionError):
            await person.press(button, in_="DM")
        await asyncio.sleep(0.1)


async def _send(
    store: Store,
    sandbox: Sandbox,
    sender: Person,
    sort: Sort,
    new: NewFile,
    chance: random.Random,
    number: int,
) -> Sent:
    """Give files in Slack and have them delivered; what is `gone` was deleted before."""
    parcel = Sent(sort, f"parcel {number} ({sort})")
    sizes = [chance.randrange(1, MOST_SMALL) for _ in range(chance.randrange(1, 4))]
    if not number % 3:
        sizes[-1] = LARGE
    contents = [chance.randbytes(size) for size in sizes]
    named = [(f"{number}-{at}.bin", each) for at, each in enumerate(contents)]
    said = await sender.says("here", "#general", files=named)
    if sort is Sort.gone:
        for each in said["files"]:
            file = sandbox.world.files.get(each["id"])
            assert file
            delete(sandbox.world, file)
    facts = _facts(new, parcel)
    async with store.transaction(actor=sender.id) as tx:
        pairs = [(each, facts) for each in given_files(said["files"])]
        now = await tx.clock.now()
        kept = await receive(tx, pairs, by=sender.id, via=Via.message, now=now)
        files = await tx.shared_files.of_parcel(kept)
    parcel.files = {each.id: bytes_ for each, bytes_ in zip(files, contents, strict=True)}
    return parcel


def _facts(new: NewFile, parcel: Sent) -> NewFile:
    """What is said of the files of a parcel."""
    sealed = Encryption("age", "Ana", "+49 30 1234") if parcel.sort is Sort.sealed else None
    is_personal = parcel.sort is Sort.personal
    kind = Classification.personal if is_personal else Classification.customer
    return replace(new, title=parcel.title, classification=kind, encryption=sealed)


async def _is_over(store: Store) -> bool:
    """Whether nothing is under way: no work, no file that waits for anybody, no mail."""
    # A mail that a busy machine took too long for waits for minutes; nobody here needs to.
    await run(store, "UPDATE mails SET next_try_at = now() WHERE next_try_at > now()")
    waiting = ("jobs WHERE state IN ('waiting', 'running')", UNDER_WAY, UNSENT)
    return not any([await counted(store, each) for each in waiting])


def _bucket(settings: Settings) -> Files:
    secret = settings.s3_secret_key
    return Files(
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        bucket=settings.s3_bucket,
        access_key=settings.s3_access_key,
        secret_key=secret.get_secret_value() if secret else None,
    )


async def _all(store: Store, sent: Sequence[Sent]) -> list[SharedFile]:
    async with store.reading() as reading:
        return await reading.shared_files.all_of([id_ for each in sent for id_ in each.files])


async def _files_are_whole_or_absent(store: Store, bucket: Files, sent: Sequence[Sent]) -> None:
    """What went out has its bytes, what was gone has none; nothing else lies in the store."""
    content = {id_: bytes_ for each in sent for id_, bytes_ in each.files.items()}
    out = {id_ for each in sent if each.sort is not Sort.gone for id_ in each.files}
    files = await _all(store, sent)
    assert {file.id for file in files} == set(content)
    for file in files:
        if file.id in out:
            assert file.state is State.released
            assert file.row.sha256 == hashlib.sha256(content[file.id]).hexdigest()
            assert file.row.size == len(content[file.id])
            assert await bucket.get(file.row.key) == content[file.id]
        else:
            assert file.state is State.refused
        async with store.reading() as reading:
            steps = await reading.shared_files.steps(file.id)
        assert LIFE.replay(State.draft, steps) == file.standing
        assert [each.step for each in steps].count(Step.release) == (file.id in out)
    keys = [key for key in await keys_in(bucket) if key.startswith("files/")]
    assert sorted(keys) == sorted(file.row.key for file in files if file.id in out)


async def _each_is_delivered_to_each(
    store: Store, sent: Sequence[Sent], recipients: Iterable[UUID]
) -> None:
    to = set(recipients)
    for file in await _all(store, sent):
        async with store.reading() as reading:
            deliveries = await reading.deliveries.of_file(file.id)
        expected = to if file.state is State.released else set()
        assert {each.recipient_id for each in deliveries} == expected
        assert all(each.message_id or each.mail_id for each in deliveries)


async def _everybody_in_slack_is_told_once(
    store: Store, office: PostOffice, people: dict[str, Person], sent: Sequence[Sent]
) -> None:
    """Recipients and second persons have one message for each parcel that is their business."""
    out = [each.title for each in sent if each.sort is not Sort.gone]
    business = dict.fromkeys(IN_SLACK, (parcel_told.CAUSE, out))
    for name, sort in (("ben", Sort.sealed), ("ada", Sort.personal)):
        asked = [each.title for each in sent if each.sort is sort]
        business[name] = (waiting.CAUSE, asked)
    for name, (cause, titles) in business.items():
        person = people[name]
        async with store.reading() as reading:
            rows = await reading.connection.execute(SAID, {"lane": person.id, "cause": cause})
        said = [row.blocks for row in rows if row.state == "delivered"]
        assert Counter(title for title in titles for each in said if title in each) == Counter(
            titles
        ), name
        assert len(said) == len(titles), name
        heard = [str(each) for each in await person.messages("DM") if "bot_id" in each]
        for title in titles:
            assert sum(title in each for each in heard) <= 1, (name, title)
        assert len(office.heard_by(name)) == len(titles), name


def _everybody_outside_is_told_once(mails: MailServer, sent: Sequence[Sent]) -> int:
    """Each has one mail for each parcel, by its Message-ID; returns how many came a second time.

    Whoever is killed between the server's yes and the commit hands the same mail over again.
    """
    out = [each.title for each in sent if each.sort is not Sort.gone]
    known = {str(each["Message-ID"]): each for each in mails.mails}
    told = Counter(
        (str(each["To"]), title)
        for each in known.values()
        for title in out
        if title in each.get_content()
    )
    assert told == Counter((address, title) for address in OUTSIDE for title in out)
    return len(mails.mails) - len(known)
