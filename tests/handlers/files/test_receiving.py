"""What comes in is refused in words where it cannot be sent, and then nothing of it is kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from handlers.errors import Expected, NotThere, Refused
from handlers.files.receiving import NewFile, Via, draft, receive, submit
from handlers.interaction import GivenFile
from handlers.roles import give
from rules.clearance import Encryption
from rules.file_days import usual_end
from rules.file_life import State
from rules.roles import Kind, Role
from store.people import PersonRow
from store.session import Store
from tests.handlers.files.files_given import spaces_given
from tests.world import counted

TEN_MB = 10 * 1024 * 1024
SUE, OTTO = "U0SUE", "U0OTTO"
MENUS = GivenFile("F1", "menus.csv", 18)


@pytest.fixture
async def spaces(store: Store) -> dict[str, UUID]:
    given = await spaces_given(store, "Acme Foods", "Menus", "Tills")
    return given.spaces | (await spaces_given(store, "Acme2 Foods", "Recipes")).spaces


@pytest.fixture
def new(spaces: dict[str, UUID]) -> NewFile:
    return NewFile(space_ids=(spaces["Menus"],))


async def received(
    store: Store, *facts: tuple[GivenFile, NewFile], via: Via = Via.form, by: str = SUE
) -> UUID:
    async with store.transaction(actor=by) as tx:
        return await receive(tx, facts, by=by, via=via, now=await tx.clock.now())


async def refused(
    store: Store, *facts: tuple[GivenFile, NewFile], via: Via = Via.form, by: str = SUE
) -> str:
    with pytest.raises(Expected) as raised:
        await received(store, *facts, via=via, by=by)
    assert await counted(store, "jobs") == 0
    return raised.value.plain


async def test_files_are_kept_and_submitted_with_one_message_about_them(
    store: Store, new: NewFile
) -> None:
    said = replace(new, title="Menus 2022", tags=("menus",), facts={"dishes": "12"})
    parcel = await received(store, (MENUS, said), (GivenFile("F2", "b.csv", 3), new))
    async with store.reading() as reading:
        first, second = await reading.shared_files.of_parcel(parcel)
    assert (first.row.title, second.row.title) == ("Menus 2022", "b.csv")
    assert {first.state, second.state} == {State.scanning}
    assert first.row.expires_at == usual_end(first.row.uploaded_at, "UTC")
    assert (await counted(store, "jobs"), await counted(store, "outbox")) == (1, 1)


@pytest.mark.parametrize(("size", "via"), [(TEN_MB, Via.form), (TEN_MB + 1, Via.message)])
async def test_a_form_takes_ten_megabytes_and_a_message_more(
    store: Store, new: NewFile, size: int, via: Via
) -> None:
    await received(store, (GivenFile("F1", "survey.bin", size), new), via=via)


async def test_one_byte_more_than_a_form_takes_is_sent_another_way(
    store: Store, new: NewFile
) -> None:
    words = await refused(store, (GivenFile("F1", "survey.bin", TEN_MB + 1), new))
    assert words.startswith("survey.bin is larger than 10 MB")
    assert "Deliver this file" in words


async def test_eleven_files_none_and_an_empty_one_are_refused(store: Store, new: NewFile) -> None:
    eleven = [(GivenFile(f"F{each}", f"{each}.csv", 1), new) for each in range(11)]
    assert "These are 11 files. Send at most 10" in await refused(store, *eleven)
    assert await refused(store) == "There is no file here to send."
    assert "<b>.csv has 0 bytes" in await refused(store, (GivenFile("F1", "<b>.csv", 0), new))
    assert await counted(store, "shared_files") == 0


async def test_a_name_marks_nothing_up(store: Store, new: NewFile) -> None:
    with pytest.raises(Refused) as raised:
        await received(store, (GivenFile("F1", "<!channel>", 0), new))
    assert "<!channel>" not in raised.value.words


async def test_a_file_goes_to_open_spaces_of_one_organisation(
    store: Store, new: NewFile, spaces: dict[str, UUID]
) -> None:
    both = replace(new, space_ids=(spaces["Menus"], spaces["Recipes"]))
    assert "belong to Acme Foods and Acme2 Foods" in await refused(store, (MENUS, both))
    assert "Choose the space" in await refused(store, (MENUS, replace(new, space_ids=())))
    unknown = replace(new, space_ids=(spaces["Menus"], uuid4()))
    assert "does not exist" in await refused(store, (MENUS, unknown))
    async with store.transaction(actor="test") as tx:
        await tx.spaces.close(spaces["Menus"])
    assert "Menus: closed meanwhile" in await refused(store, (MENUS, new))


@pytest.mark.parametrize(
    ("days", "retained", "words"),
    [
        (0, None, "expired already"),
        (3_000, None, "at most 5 years"),
        (10, -2, "is over"),
        (10, 30_000, "at most 50 years"),
    ],
)
async def test_days_that_are_over_or_too_far_are_refused(
    store: Store, new: NewFile, days: int, retained: int | None, words: str
) -> None:
    async with store.reading() as reading:
        now: datetime = await reading.clock.now()
    until = None if retained is None else now.date() + timedelta(days=retained)
    odd = replace(new, expires_at=now + timedelta(days=days), retained_until=until)
    assert words in await refused(store, (MENUS, odd))


async def test_an_encrypted_file_says_how_to_read_it(store: Store, new: NewFile) -> None:
    sealed = replace(new, encryption=Encryption("PGP", "", "+44 20 7946 0000"))
    assert "who has the key" in await refused(store, (MENUS, sealed))


async def test_nobody_replaces_what_is_not_there_or_what_another_sent(
    store: Store, new: NewFile
) -> None:
    async with store.transaction(actor="test") as tx:
        rows = [PersonRow(id=each, name=each, kind=Kind.member) for each in (SUE, OTTO)]
        await tx.people.keep(rows)
    parcel = await received(store, (MENUS, new))
    async with store.reading() as reading:
        [first] = await reading.shared_files.of_parcel(parcel)
    with pytest.raises(NotThere):
        await received(store, (MENUS, replace(new, supersedes=uuid4())))
    newer = replace(new, supersedes=first.id)
    with pytest.raises(Refused, match="somebody else's"):
        await received(store, (MENUS, newer), by=OTTO)


async def test_what_is_not_out_is_not_replaced_and_its_state_is_said_in_words(
    store: Store, new: NewFile
) -> None:
    async with store.transaction(actor="test") as tx:
        email = "sue@northwind.example"
        await tx.people.keep([PersonRow(id=SUE, name=SUE, email=email, kind=Kind.member)])
        await give(tx, email, Role.sender)
    parcel = await received(store, (MENUS, new))
    async with store.reading() as reading:
        [first] = await reading.shared_files.of_parcel(parcel)
    with pytest.raises(Refused, match="is being checked, so a new edition cannot take its place"):
        await received(store, (MENUS, replace(new, supersedes=first.id)))


async def test_what_is_sent_without_a_day_ends_with_one_where_its_sender_lives(
    store: Store, new: NewFile
) -> None:
    async with store.transaction(actor="test") as tx:
        there = PersonRow(id=SUE, name=SUE, kind=Kind.member, timezone="Pacific/Auckland")
        await tx.people.keep([there])
        await tx.clock.set_now(datetime(2022, 1, 18, 9, 30, tzinfo=UTC))
    parcel = await received(store, (MENUS, replace(new, expires_at=None)))
    async with store.reading() as reading:
        [file] = await reading.shared_files.of_parcel(parcel)
    assert file.row.expires_at == datetime(2022, 2, 17, 10, 59, tzinfo=UTC)


async def test_nobody_submits_what_another_drafted(store: Store, new: NewFile) -> None:
    async with store.transaction(actor=SUE) as tx:
        now = await tx.clock.now()
        [row] = await draft(tx, [(MENUS, new)], by=SUE, via=Via.page, now=now)
    for by, wanted in ((OTTO, row.id), (SUE, uuid4())):
        with pytest.raises(NotThere):
            async with store.transaction(actor=by) as tx:
                await submit(tx, [wanted], by=by, now=now)
    async with store.reading() as reading:
        kept = await reading.shared_files.get(row.id)
    assert kept
    assert kept.state is State.draft
