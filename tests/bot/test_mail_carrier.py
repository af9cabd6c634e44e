"""Mails that wait: each arrives, or somebody hears that it did not; killed carriers lose none."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import text

from bot.mail_carrier import MailCarrier
from bot.mailer import mailer
from bot.metrics import Metrics
from bot.settings import Settings, SmtpSettings
from rules.roles import Kind, Role
from store.mails import Mail, MailRow
from store.people import PersonRow
from store.session import Store
from tests.courier_process import mailing
from tests.mail_server import MailServer, mail_server
from tests.post_office import until

LEAD = "ULEAD"
IVY = "ivy@hopandvine.example"
TURN = 2
"""Seconds; a lease is six of them."""


@pytest.fixture
async def server() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


HANG_UP = text("""
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()
""")


AGE = text("""
    UPDATE mails SET made_at = made_at - cast(:age AS interval), next_try_at = now() WHERE id = :id
""")


async def say(store: Store, *addresses: str) -> list[UUID]:
    async with store.transaction(actor="test") as tx:
        return [
            await tx.mails.say(Mail(to, "A file for you", f"Open it: {to}", "test"))
            for to in addresses
        ]


async def mail(store: Store, id_: UUID) -> MailRow:
    async with store.reading() as reading:
        row = await reading.mails.get(id_)
    assert row
    return row


async def until_all_ended(store: Store) -> None:
    async def ended() -> bool:
        async with store.reading() as reading:
            return not await reading.mails.waiting()

    await until(ended)


async def until_tried(store: Store, id_: UUID) -> MailRow:
    """The mail once a try of it has come to nothing."""

    async def tried() -> bool:
        row = await mail(store, id_)
        return bool(row.tries) and row.leased_until is None

    await until(tried)
    return await mail(store, id_)


@contextlib.asynccontextmanager
async def carried(store: Store, smtp: SmtpSettings) -> AsyncIterator[None]:
    """A carrier at work."""
    post = mailer(smtp)
    assert post
    carrier = MailCarrier(
        store,
        post,
        Metrics(),
        longest_turn=smtp.timeout,
        look_every=0.02,
        leads_channel="migration-triage",
    )
    running = asyncio.create_task(carrier.run())
    yield
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def grow_old(store: Store, id_: UUID, age: timedelta) -> None:
    """Let time go by since a mail was said, and until it is tried again."""
    async with store.transaction(actor="test") as tx:
        await tx.connection.execute(
            AGE,
            {"age": age, "id": id_},
        )


async def test_each_mail_arrives_once_and_its_text_is_forgotten(
    store: Store, server: MailServer
) -> None:
    people = [f"{name}@hopandvine.example" for name in "abcdefghij"]
    said = await say(store, *people)
    async with carried(store, server.settings()), carried(store, server.settings()):
        await until_all_ended(store)
    assert sorted(server.recipients) == people
    assert {each["Message-ID"] for each in server.mails} == {
        f"<{id_}@wavepost.example>" for id_ in said
    }
    row = await mail(store, said[0])
    assert row.sent_at
    assert not row.text, "a link in it is nowhere any more"


async def test_a_mail_is_not_sent_where_what_it_tells_of_was_not_kept(
    store: Store, server: MailServer
) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with store.transaction(actor="test") as tx:
            await tx.mails.say(Mail(IVY, "A file", "Open it", "test"))
            raise ZeroDivisionError
    await say(store, "bob@hopandvine.example")
    async with carried(store, server.settings()):
        await until_all_ended(store)
    assert server.recipients == ["bob@hopandvine.example"]


async def test_a_server_that_is_busy_or_away_is_asked_again_later(
    store: Store, server: MailServer
) -> None:
    server.to[IVY] = "450 4.2.1 Mailbox busy"
    (id_,) = await say(store, IVY)
    async with carried(store, server.settings()):
        row = await until_tried(store, id_)
        assert row.next_try_at - row.made_at >= timedelta(seconds=30)
        server.to.clear()
        await grow_old(store, id_, timedelta(minutes=1))
        await until_all_ended(store)
    assert server.recipients == [IVY]
    assert (await mail(store, id_)).tries == 2

    (away,) = await say(store, IVY)
    async with carried(store, server.settings(port=9)):
        row = await until_tried(store, away)
    assert row.failed_why is None
    assert row.text, "it will be needed"


async def given_a_lead(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id=LEAD, name="Lea", kind=Kind.member)])
        await tx.roles.give(LEAD, Role.lead, by="test")


async def said_to(store: Store, lane: str) -> list[str]:
    async with store.reading() as reading:
        query = text("SELECT blocks::text FROM outbox WHERE lane = :lane ORDER BY number")
        return list((await reading.connection.execute(query, {"lane": lane})).scalars())


async def test_an_address_that_does_not_exist_ends_it_at_once_and_is_told(
    store: Store, server: MailServer
) -> None:
    await given_a_lead(store)
    server.to[IVY] = "550 5.1.1 No such user here"
    (id_,) = await say(store, IVY)
    async with carried(store, server.settings()):
        await until_all_ended(store)
    row = await mail(store, id_)
    assert row.failed_why == "the mail server says: 550 5.1.1 No such user here"
    assert row.failed_at
    assert row.tries == 1
    (said,) = await said_to(store, LEAD)
    assert "No such user here" in said
    assert IVY in said


async def test_a_mail_that_nobody_takes_for_a_day_is_given_up_and_told(
    store: Store, server: MailServer
) -> None:
    await given_a_lead(store)
    server.data = "451 4.3.0 Try again later"
    (id_,) = await say(store, IVY)
    async with carried(store, server.settings()):
        await until_tried(store, id_)
        await grow_old(store, id_, timedelta(days=1))
        await until_all_ended(store)
    row = await mail(store, id_)
    assert "451 4.3.0 Try again later" in (row.failed_why or "")
    assert len(await said_to(store, LEAD)) == 1


async def test_a_database_that_goes_away_for_a_while_ends_nothing(
    store: Store, server: MailServer
) -> None:
    other = Store(store.url.render_as_string(hide_password=False))
    said = await say(store, *(f"{name}@hopandvine.example" for name in "abcdefgh"))
    async with carried(other, server.settings(timeout=TURN)):
        for _ in range(3):
            async with store.transaction(actor="test") as tx:
                await tx.connection.execute(HANG_UP)
            await asyncio.sleep(0.05)
        await until_all_ended(store)
    await other.close()
    assert [(await mail(store, id_)).failed_why for id_ in said] == [None] * 8
    assert len(set(server.recipients)) == 8


async def took(server: MailServer, mails: int) -> bool:
    return len(server.taken) >= mails


async def test_carriers_killed_at_any_moment_lose_no_mail(
    store: Store, settings: Settings, server: MailServer, chance: random.Random
) -> None:
    people = [f"r{number}@hopandvine.example" for number in range(60)]
    said = await say(store, *people)
    hurried = settings.model_copy(update={"smtp": server.settings(timeout=TURN)})
    running = [mailing(hurried) for _ in range(2)]
    try:
        for _ in range(4):
            taken = len(server.taken)
            await until(partial(took, server, min(taken + 5, len(people))))
            await asyncio.sleep(chance.uniform(0, 0.02))
            killed = running.pop(0)
            killed.kill()
            await asyncio.to_thread(killed.join)
            running.append(mailing(hurried))
        await until_all_ended(store)
    finally:
        for process in running:
            process.kill()
            process.join()
    assert set(server.recipients) == set(people)
    ids = [each["Message-ID"] for each in server.mails]
    assert set(ids) == {f"<{id_}@wavepost.example>" for id_ in said}
    assert len(ids) - len(people) <= 4 * 4, (
        "sent twice at most what was in hand when one was killed"
    )
    for id_ in said:
        assert (await mail(store, id_)).sent_at


async def test_what_a_killed_carrier_sent_is_sent_again_with_the_same_message_id(
    store: Store, settings: Settings, server: MailServer
) -> None:
    (id_,) = await say(store, IVY)
    hurried = settings.model_copy(update={"smtp": server.settings(timeout=TURN)})
    server.answers.clear()
    first = mailing(hurried)
    await server.came.wait()
    first.kill()
    await asyncio.to_thread(first.join)
    assert (await mail(store, id_)).sent_at is None
    server.answers.set()
    second = mailing(hurried)
    await until_all_ended(store)
    second.kill()
    await asyncio.to_thread(second.join)
    assert len(server.mails) == 2
    assert {each["Message-ID"] for each in server.mails} == {f"<{id_}@wavepost.example>"}
    assert server.taken[0] == server.taken[1]
