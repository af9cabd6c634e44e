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
from operator import methodcaller
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.embedded_s3 import EmbeddedS3
from bot.sandbox.person import Person
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from handlers.files.receiving import NewFile
from handlers.roles import give as give_role
from rules.file_life import LIFE, State, Step
from rules.roles import Role
from store.files import Files
from store.session import Store
from store.shared_files import SharedFile
from tests.handlers.files.files_given import spaces_given
from tests.handlers.files.sending import keys_in
from tests.mail_server import MailServer, mail_server
from tests.parcels_sent import Sending, Sent, Sort
from tests.post_office import PostOffice, until
from tests.replica import Replicas
from tests.sheets_given import with_bucket
from tests.world import counted, run

KILLS = int(os.environ.get("WAVEPOST_FILE_KILLS", "4"))
AT_ONCE = 4
"""So many files are on their way at any time, so that a kill meets work."""
MOST_BETWEEN = 12
"""Signs of work from one kill to the next, at most: a parcel gives about 20 of them."""
WHILE_IT_WORKS = 0.3
"""Seconds from such a sign to a kill, at most: a file is checked in a part of that."""
RECOVERY = 240.0
"""Seconds that all may take on a busy machine once nobody is killed any more."""

OUTSIDE = ("ivy@acme.example", "kim@acme.example")
IN_SLACK = ("gus", "sam")
DECIDES = {Sort.sealed: "ben", Sort.personal: "ada"}
BUTTONS = {"ben": "file_release", "ada": "file_release_personal"}
"""Who presses which button for as long as there is one."""
POST = "chat.postMessage"
FAULTS = [
    methodcaller("server_error", accepted=True, method=POST),
    methodcaller("drop_connection", accepted=True, method=POST),
    methodcaller("drop_connection", method=POST),
    methodcaller("deliver_twice", kind="interaction", together=True),
]


UNDER_WAY = "shared_files WHERE state IN ('scanning', 'in review')"
DONE = text("""
    SELECT (SELECT coalesce(sum(tries), 0) FROM jobs) + (SELECT count(*) FROM file_steps)
        + (SELECT coalesce(sum(tries), 0) FROM outbox) + (SELECT coalesce(sum(tries), 0) FROM mails)
""")
UNSENT = "mails WHERE sent_at IS NULL AND failed_why IS NULL"


@pytest.fixture
async def mails() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


@pytest.fixture
def settings(settings: Settings, s3_server: EmbeddedS3, mails: MailServer) -> Settings:
    """A Wavepost in a hurry, which takes up again what somebody left who was killed."""
    hurry = {"lease": 1.5, "most_tries": 1_000}
    # Whoever stops looking for what may have arrived has to say it anew: told twice, if it had.
    patience = {"http_timeout": 3, "lease": 9, "wait_before_looking": 1, "most_failed_looks": 1_000}
    hurried = {
        "worker": settings.worker.model_copy(update=hurry),
        "courier": settings.courier.model_copy(update=patience),
        "smtp": mails.settings(timeout=4),
        "address": "https://wavepost.example",
    }
    return with_bucket(settings.model_copy(update=hurried), s3_server)


@pytest.fixture
async def people(sandbox: Sandbox, replicas: Replicas, store: Store) -> dict[str, Person]:
    """Who sends, decides and receives, once somebody answers."""
    people = {name: await sandbox.person(name) for name in ("sue", *BUTTONS, *IN_SLACK)}

    async def answers() -> bool:
        return (await people["sue"].command("/schedule help")).ok

    await until(answers)
    async with store.transaction(actor="test") as tx:
        await give_role(tx, "sue@northwind.example", Role.sender)
        await give_role(tx, "ben@northwind.example", Role.approver)
        await give_role(tx, "ada@northwind.example", Role.privacy)
    return people


@pytest.mark.timeout(300 + 20 * KILLS)
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
    bucket = _bucket(settings)
    sending = Sending(store, sandbox, bucket, people["sue"], new, chance)
    sent: list[Sent] = []
    deciding = [
        asyncio.create_task(_decide(people[name], button)) for name, button in BUTTONS.items()
    ]
    killing = asyncio.create_task(_kill(store, replicas, sandbox, chance))
    while not killing.done() or len(sent) < len(Sort):
        if await counted(store, UNDER_WAY) < AT_ONCE:
            sent.append(await sending.send(len(sent)))
        await asyncio.sleep(0.05)
    await killing
    office = PostOffice(store, sandbox)
    await until(lambda: _is_over(store), patience=RECOVERY)
    await office.all_ended(patience=RECOVERY)
    for each in deciding:
        each.cancel()
    await asyncio.gather(*deciding, return_exceptions=True)

    await _files_are_whole_or_absent(store, bucket, sent)
    await _each_is_delivered_to_each(store, sent, given.recipients.values())
    _everybody_in_slack_is_told_once(office, sent)
    again = _everybody_outside_is_told_once(mails, sent)
    print(
        f"{KILLS} kills; {len(sent)} parcels with {sum(len(each.files) for each in sent)} files; "
        f"{len(mails.taken)} mails, {again} of them handed over again"
    )


async def _kill(store: Store, replicas: Replicas, sandbox: Sandbox, chance: random.Random) -> None:
    for _ in range(KILLS):
        enough = await _done(store) + chance.randint(1, MOST_BETWEEN)

        async def has_gone_on(wanted: int = enough) -> bool:
            return await _done(store) >= wanted

        # Who is always killed as it begins to live has nothing in hand that could be lost.
        await until(has_gone_on, patience=RECOVERY)
        # Any moment is one at which a process may die.
        await asyncio.sleep(chance.uniform(0, WHILE_IT_WORKS))
        chance.choice(FAULTS)(sandbox.faults)
        await replicas.kill_one(chance)


async def _done(store: Store) -> int:
    """How much was done, and begun, by anybody."""
    async with store.reading() as reading:
        return int((await reading.connection.execute(DONE)).scalar_one())


async def _decide(person: Person, button: str) -> None:
    """Let go out whatever is asked about; whoever hears nothing presses again."""
    person.patience = 1
    while True:
        with contextlib.suppress(AssertionError):
            await person.press(button, in_="DM")
        await asyncio.sleep(0.1)


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
    """What went out has its bytes, what never arrived has none; nothing else lies in the store."""
    content = {id_: bytes_ for each in sent for id_, bytes_ in each.files.items()}
    out = {id_ for each in sent if each.sort.arrives for id_ in each.files}
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


def _everybody_in_slack_is_told_once(office: PostOffice, sent: Sequence[Sent]) -> None:
    """One message for each parcel that is somebody's business, and none besides.

    Who sends hears once what came of it, and once more where somebody else had to decide.
    """
    out = Counter(each.title for each in sent if each.sort.arrives)
    asked = {sort: Counter(each.title for each in sent if each.sort is sort) for sort in DECIDES}
    heard_of = dict.fromkeys(IN_SLACK, out) | {DECIDES[sort]: asked[sort] for sort in DECIDES}
    heard_of["sue"] = Counter(each.title for each in sent) + sum(asked.values(), Counter())
    for name, titles in heard_of.items():
        shown = [str(each.blocks) for each in office.messages_to(name)]
        told = Counter(title for title in titles for each in shown if title in each)
        assert told == titles, name
        assert len(shown) == titles.total(), name


def _everybody_outside_is_told_once(mails: MailServer, sent: Sequence[Sent]) -> int:
    """Each has one mail for each parcel, by its Message-ID; returns how many came a second time.

    Whoever is killed between the server's yes and the commit hands the same mail over again.
    """
    out = [each.title for each in sent if each.sort.arrives]
    known = {str(each["Message-ID"]): each for each in mails.mails}
    told = Counter(
        (str(each["To"]), title)
        for each in known.values()
        for title in out
        if title in each.get_content()
    )
    assert told == Counter((address, title) for address in OUTSIDE for title in out)
    return len(mails.mails) - len(known)
