"""The audit's seals: what is changed, removed or slipped in shows, in the database and against S3."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import boto3
import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.embedded_s3 import REGION, EmbeddedS3
from bot.sealer import broken_seals, seal
from store.audit import Change
from store.files import FileMissing, Files
from store.seals import Seals, head_key
from store.session import Store


@pytest.fixture
async def owner(store: Store) -> AsyncIterator[AsyncEngine]:
    """The tables' owner, whom nothing in the database stops."""
    engine = create_async_engine(make_url(store.url).set(username="wavepost_owner"))
    yield engine
    await engine.dispose()


async def change(store: Store, *subjects: str) -> None:
    async with store.transaction(actor="U1") as tx:
        for subject in subjects:
            tx.audit(
                Change("moved", subject, {"week": "2022-01-17"}, {"week": "2022-01-24"}, "ill")
            )


async def tamper(owner: AsyncEngine, *statements: str) -> None:
    async with owner.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))


async def age(owner: AsyncEngine) -> None:
    """Let two hours go by."""
    await tamper(
        owner,
        "UPDATE audit_seals SET sealed_at = sealed_at - interval '2 hours'",
        "UPDATE audit SET at = at - interval '2 hours'",
    )


async def three_seals(store: Store) -> None:
    for subjects in (("a", "b"), ("c", "d", "e"), ("f",)):
        await change(store, *subjects)
        await seal(store, None)


async def count_of(store: Store, what: str) -> int:
    async with store.reading() as reading:
        return int((await reading.connection.execute(text(f"SELECT count(*) {what}"))).scalar_one())


async def test_an_untouched_audit_has_nothing_broken(store: Store) -> None:
    await three_seals(store)
    assert await broken_seals(store, None) == []
    assert await count_of(store, "FROM audit_seals") == 3
    assert await count_of(store, "FROM audit_sealed") == 6


async def test_nothing_new_makes_no_seal(store: Store) -> None:
    await three_seals(store)
    await seal(store, None)
    assert await count_of(store, "FROM audit_seals") == 3


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET reason = 'well' WHERE subject = 'c'",
        "UPDATE audit SET reason = NULL WHERE subject = 'c'",
        "UPDATE audit SET actor = 'U2' WHERE subject = 'c'",
        "UPDATE audit SET at = at + interval '1 microsecond' WHERE subject = 'c'",
        """UPDATE audit SET after = '{"week": "2022-01-31"}' WHERE subject = 'c'""",
        "UPDATE audit SET before = after, after = before WHERE subject = 'c'",
    ],
)
async def test_any_changed_row_is_found(store: Store, owner: AsyncEngine, statement: str) -> None:
    await three_seals(store)
    await tamper(owner, statement)
    assert await broken_seals(store, None) == ["A row of seal 2 was changed."]


async def test_a_removed_row_is_found(store: Store, owner: AsyncEngine) -> None:
    await three_seals(store)
    gone = "(SELECT id FROM audit WHERE subject = 'd')"
    await tamper(
        owner,
        f"DELETE FROM audit_sealed WHERE audit_id = {gone}",
        "DELETE FROM audit WHERE subject = 'd'",
    )
    assert await broken_seals(store, None) == ["Seal 2 held 3 rows; 2 are left."]


FORGED = """
    INSERT INTO audit (id, at, actor, action, subject) OVERRIDING SYSTEM VALUE
    VALUES (-1, now() - interval '3 hours', 'U9', 'approved', 'z')
"""


async def test_a_row_put_into_a_seal_is_found(store: Store, owner: AsyncEngine) -> None:
    await three_seals(store)
    await tamper(owner, FORGED, "INSERT INTO audit_sealed (audit_id, seal) VALUES (-1, 2)")
    assert await broken_seals(store, None) == ["Seal 2 held 3 rows; 4 are left."]


async def test_a_row_slipped_in_behind_the_seals_is_found(store: Store, owner: AsyncEngine) -> None:
    await three_seals(store)
    await age(owner)
    await change(store, "g")
    await tamper(owner, FORGED)
    await seal(store, None)
    assert "Older than an hour and in no seal: 1 rows." in await broken_seals(store, None)


async def test_a_changed_seal_breaks_the_link_to_the_next(store: Store, owner: AsyncEngine) -> None:
    await three_seals(store)
    await tamper(owner, "UPDATE audit_seals SET hash = previous WHERE number = 2")
    assert await broken_seals(store, None) == [
        "A row of seal 2 was changed.",
        "Seal 3 does not follow the seal before it.",
    ]


async def test_a_removed_seal_is_found(store: Store, owner: AsyncEngine) -> None:
    await three_seals(store)
    await tamper(
        owner,
        "DELETE FROM audit_sealed WHERE seal = 2",
        "DELETE FROM audit_seals WHERE number = 2",
    )
    assert await broken_seals(store, None) == ["Seal 3 does not follow the seal before it."]


@pytest.mark.parametrize("table", ["audit", "audit_seals", "audit_sealed"])
@pytest.mark.parametrize("deed", ["DELETE FROM {}", "TRUNCATE {} CASCADE", "DROP TABLE {} CASCADE"])
async def test_the_application_cannot_touch_the_past(store: Store, table: str, deed: str) -> None:
    await three_seals(store)
    with pytest.raises(DBAPIError):
        async with store.transaction(actor="U1") as tx:
            await tx.connection.execute(text(deed.format(table)))
    assert await broken_seals(store, None) == []


async def test_sealers_at_once_make_one_chain(store: Store) -> None:
    other = Store(store.url.render_as_string(hide_password=False))
    for n in range(5):
        await change(store, f"{n}")
        await asyncio.gather(*(seal(each, None) for each in (store, other, store, other)))
    await seal(store, None)
    await other.close()
    assert await broken_seals(store, None) == []
    assert await count_of(store, "FROM audit_sealed") == 5


async def test_a_row_that_commits_late_with_a_lower_id_is_sealed_later(store: Store) -> None:
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow() -> None:
        async with store.transaction(actor="U1") as tx:
            await tx.connection.execute(
                text("INSERT INTO audit (actor, action, subject) VALUES ('U1', 'moved', 'late')")
            )
            started.set()
            await go_on.wait()

    late = asyncio.create_task(slow())
    await started.wait()
    await change(store, "early")
    await seal(store, None)
    assert await count_of(store, "FROM audit_sealed") == 1
    go_on.set()
    await late
    await seal(store, None)

    async with store.reading() as reading:
        query = text("SELECT subject FROM audit JOIN audit_sealed ON audit_id = id ORDER BY seal")
        assert list((await reading.connection.execute(query)).scalars()) == ["early", "late"]
    assert await broken_seals(store, None) == []


async def test_many_rows_are_sealed_a_part_at_a_time(store: Store) -> None:
    await change(store, *(f"{n}" for n in range(25)))
    async with store.transaction(actor="sealer") as tx:
        seals = Seals(tx.connection)
        sizes = [head.rows for _ in range(3) if (head := await seals.seal(most=10))]
    assert sizes == [10, 10, 5]
    assert await broken_seals(store, None) == []


@pytest.fixture
def bucket(s3_server: EmbeddedS3) -> str:
    """A bucket of this test's own, with Object Lock."""
    name = f"seals-{uuid4().hex}"
    s3_server.create_bucket(name, object_lock=True)
    return name


@pytest.fixture
def files(s3_server: EmbeddedS3, bucket: str) -> Files:
    return opened(s3_server, bucket)


def opened(server: EmbeddedS3, bucket: str, *, secret: str | None = None) -> Files:
    return Files(
        endpoint=server.endpoint,
        region=REGION,
        bucket=bucket,
        access_key=server.access_key,
        secret_key=secret or server.secret_key,
    )


async def test_each_head_is_written_to_s3_and_locked(
    store: Store, files: Files, s3_server: EmbeddedS3, bucket: str
) -> None:
    for subject in ("a", "b"):
        await change(store, subject)
        await seal(store, files)
    assert await broken_seals(store, files) == []

    client = boto3.client(
        "s3",
        endpoint_url=s3_server.endpoint,
        region_name=REGION,
        aws_access_key_id=s3_server.access_key,
        aws_secret_access_key=s3_server.secret_key,
    )
    for number in (1, 2):
        answer = client.get_object_retention(Bucket=bucket, Key=head_key(number))
        assert answer["Retention"]["Mode"] == "COMPLIANCE"
        assert answer["Retention"]["RetainUntilDate"] > datetime.now(UTC) + timedelta(days=2_000)
    client.close()


async def test_while_s3_is_down_sealing_goes_on_and_the_heads_follow(
    store: Store, files: Files, s3_server: EmbeddedS3, bucket: str
) -> None:
    down = opened(s3_server, bucket, secret="wrong")
    await change(store, "a")
    await seal(store, files)
    for subject in ("b", "c"):
        await change(store, subject)
        await seal(store, down)
    assert await count_of(store, "FROM audit_seals") == 3
    with pytest.raises(FileMissing):
        await files.get(head_key(2))

    await seal(store, files)
    assert [await files.exists(head_key(n)) for n in (1, 2, 3)] == [True] * 3
    assert await broken_seals(store, files) == []


async def test_seals_made_before_there_was_a_bucket_are_written_too(
    store: Store, files: Files
) -> None:
    await three_seals(store)
    await seal(store, files)
    assert [await files.exists(head_key(n)) for n in (1, 2, 3)] == [True] * 3


async def test_a_head_that_is_long_missing_in_s3_is_told(
    store: Store, files: Files, owner: AsyncEngine
) -> None:
    await three_seals(store)
    assert await broken_seals(store, files) == [], "it may be on its way"
    await age(owner)
    assert "S3 has no head of seal 3." in await broken_seals(store, files)


CUT = (
    "DELETE FROM audit_sealed WHERE seal >= 2",
    "DELETE FROM audit WHERE subject NOT IN ('a', 'b')",
    "DELETE FROM audit_seals WHERE number >= 2",
)


async def test_a_chain_cut_short_shows_against_s3_alone(
    store: Store, files: Files, owner: AsyncEngine
) -> None:
    await three_seals(store)
    await seal(store, files)
    await tamper(owner, *CUT)
    assert await broken_seals(store, None) == []
    assert await broken_seals(store, files) == ["S3 has the head of seal 2, which is gone."]


async def test_a_chain_cut_and_grown_anew_shows_against_s3(
    store: Store, files: Files, owner: AsyncEngine
) -> None:
    await three_seals(store)
    await seal(store, files)
    before = await files.get(head_key(2))
    await tamper(owner, *CUT)
    for subject in ("new c", "new f", "new g"):
        await change(store, subject)
        await seal(store, files)

    assert await files.get(head_key(2)) == before, "what S3 has is never written again"
    assert await broken_seals(store, None) == []
    assert await broken_seals(store, files) == [
        "Seal 2 is not the one S3 has the head of.",
        "Seal 3 is not the one S3 has the head of.",
    ]
