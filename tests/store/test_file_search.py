"""Looking for files: what is found is what a reader of every file would say."""

from datetime import timedelta

import pytest

from rules.file_life import State
from rules.roles import Kind
from rules.share_search import search
from store.file_search import Order, Viewer
from store.people import PersonRow
from store.session import Store
from tests.many_files import ASKED, VIEWERS, furnish
from tests.store.parcels_given import NOW, SENDER, delivered, file, member, released, space

LEAD = Viewer("U0LEAD", reviews=True)


async def looked_for(store: Store, line: str, viewer: Viewer = LEAD) -> list[str]:
    async with store.reading() as reading:
        files, _ = await reading.shared_files.find(search(line), viewer, most=10)
    return [each.row.title for each in files]


async def test_among_many_each_finds_what_a_reader_of_all_would_say(store: Store) -> None:
    kept = await furnish(store, 600, spaces=20)
    for line in ASKED:
        for viewer in VIEWERS:
            wanted = [each.id for each in reversed(kept) if each.is_found(line, viewer)]
            async with store.reading() as reading:
                find = reading.shared_files.find
                page, total = await find(search(line), viewer, most=7)
                rest, _ = await find(search(line), viewer, most=7, skip=7)
            assert [each.id for each in page + rest] == wanted[:14], (line, viewer)
            assert total == len(wanted), (line, viewer)


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        (Order.newest, ["draft", "Bread", "old", "apples"]),
        (Order.titled, ["apples", "Bread", "draft", "old"]),
        (Order.released, ["apples", "Bread", "old", "draft"]),
        (Order.expires, ["Bread", "apples", "old", "draft"]),
    ],
)
async def test_they_are_listed_in_the_order_asked_for(
    store: Store, order: Order, wanted: list[str]
) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        for title, state, released, expires in (
            ("apples", State.released, 3, 9),
            ("old", State.expired, 1, 4),
            ("Bread", State.released, 2, 8),
            ("draft", State.draft, None, 7),
        ):
            said = {
                "state": state,
                "released_at": released and NOW + timedelta(days=released),
                "expires_at": NOW + timedelta(days=expires),
            }
            await file(tx, at, title=title, **said)
    async with store.reading() as reading:
        files = reading.shared_files
        sought, _ = await files.find(search(""), LEAD, most=10, order=order)
        sent, _ = await files.sent_by(SENDER, most=10, order=order)
    assert [each.row.title for each in sought] == [each.row.title for each in sent] == wanted


@pytest.mark.parametrize(
    "line",
    [
        "o'brien",
        r"back\slash",
        "🎉",
        "a:*|b",
        "x" * 500,
        "menü",
        "tag:Ünder",
        'space:"joe\'s pizza"',
    ],
)
async def test_whatever_signs_a_name_has_it_is_found_by_them(store: Store, line: str) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx, organisation="Joe's Pizza")
        said = ("O'Brien", r"back\slash", "a:*|b", "Menü", "x" * 500)
        await file(tx, at, title="first", note=" ".join(said), tags=["ünder"], facts={"": "🎉"})
        await file(tx, at, title="🎉", note=" ".join(said), tags=["ünder"])
        await file(tx, await space(tx), title="other", file_name="other.csv")
    assert "first" in await looked_for(store, line)
    assert "other" not in await looked_for(store, line)


@pytest.mark.parametrize("line", ["'", "\\", "!", "(", "<->", ":*", "''", "tag:", "from:"])
async def test_signs_alone_break_nothing(store: Store, line: str) -> None:
    assert await looked_for(store, line) == []


async def test_what_is_said_anew_is_found_anew(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        kept = await file(tx, await space(tx), title="menus", tags=["pilot"])
        await tx.shared_files.change(kept.id, title="prices", tags=["final"])
    assert await looked_for(store, "price tag:final") == ["prices"]
    assert await looked_for(store, "menus") == ["prices"], "its file is called so still"
    assert await looked_for(store, "tag:pilot") == []


async def test_people_are_found_by_what_they_are_called(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep([PersonRow(id=SENDER, name="Sam Lee", kind=Kind.member)])
        await file(tx, await space(tx), title="his")
        await file(tx, await space(tx, "2"), title="hers", uploaded_by="U1", author="Dr. Kay")
    for line in (f"from:<@{SENDER}>", f"from:<@{SENDER}|sam>", "from:@sam", 'from:"sam lee"'):
        assert await looked_for(store, line) == ["his"]
    assert await looked_for(store, 'from:"dr. kay"') == ["hers"]
    assert await looked_for(store, "from:sa") == []


async def test_a_recipient_finds_what_they_got_as_long_as_they_are_a_member(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await tx.spaces.keep_recipient(at.organisation_id, person_id="U0DANA", name="Dana")
        await tx.spaces.add(at.id, dana.id, SENDER)
        await member(tx, at, "emil@acme.example")
        await delivered(tx, await released(tx, at, title="theirs"), at, dana)
        await file(tx, at, title="not out")
        await released(tx, at, title="not delivered")
    assert await looked_for(store, "", Viewer("U0DANA")) == ["theirs"]
    async with store.transaction(actor="test") as tx:
        await tx.spaces.remove(at.id, dana.id, SENDER)
    assert await looked_for(store, "", Viewer("U0DANA")) == []
