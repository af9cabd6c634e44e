"""Many generated files for customers, and what a reader of every one would find among them."""

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from unicodedata import combining, normalize
from uuid import UUID

from rules.clearance import Classification
from rules.file_life import State
from rules.naming import fold
from rules.receipts import Kind
from rules.share_search import search
from store.driver import driver_of
from store.file_search import Viewer
from store.session import Store, Transaction
from store.shared_file_rows import FileSpaceRow, ParcelRow, SharedFileRow, found_by
from store.space_rows import OrganisationRow, RecipientRow, SpaceMemberRow, SpaceRow
from store.tables import Table

NOW = datetime(2022, 1, 15, 12, tzinfo=UTC)
SENDERS = [f"U0S{number:02}" for number in range(30)]
MEMBERS = 4
WORDS = ("menus", "prices", "route", "report", "audit", "Öffnung", "café", "rollback", "pilot")
PLAIN_WORDS = [word for word in WORDS if word.isascii()]
"""The rest are slow to fold, and the same few are folded once."""
TAGS = ("pilot", "Q1", "Q2", "legal", "final")
STATES = (State.released,) * 6 + (State.draft, State.in_review, State.superseded, State.expired)
OUT = frozenset({State.released, State.superseded, State.expired})
ASKED = (
    "",
    "menu",
    "cafe OFF",
    "report 47",
    "nothing",
    "tag:q1 audit",
    'space:"company 17"',
    'space:"Company 3 Files" tag:legal tag:pilot',
    f"from:<@{SENDERS[3]}> route tag:legal",
    "from:ana café",
)
VIEWERS = (
    Viewer("U0LEAD", reviews=True),
    Viewer(SENDERS[0], sends=True),
    Viewer("U0R17"),
    Viewer("U0NOBODY"),
)


@dataclass(frozen=True, slots=True)
class Kept:
    """One generated file, and what decides who finds it."""

    id: UUID
    uploaded_by: str
    author: str
    tags: Sequence[str]
    is_out: bool
    space: SpaceRow
    organisation: str
    recipients: frozenset[str]
    said: frozenset[str]

    def is_found(self, asked: str, viewer: Viewer) -> bool:
        """Whether somebody who reads all that is said of it would say that it is looked for."""
        wanted = search(asked)
        theirs = viewer.person in {self.uploaded_by, self.author, *self.recipients}
        whole = f"{self.organisation} {self.space.name}"
        names = {fold(each) for each in (self.organisation, self.space.name, whole)}
        people = {self.uploaded_by.lower(), self.author.lower()}
        senders = {each.strip("<@>").lower() for each in wanted.senders}
        return (
            (viewer.reviews or theirs or (viewer.sends and self.is_out))
            and all(any(word.startswith(w) for word in self.said) for w in wanted.words)
            and (not wanted.tags or bool({fold(each) for each in self.tags} & set(wanted.tags)))
            and (not wanted.spaces or bool(names & set(wanted.spaces)))
            and (not wanted.senders or bool(people & senders))
        )


async def furnish(store: Store, files: int, *, spaces: int, seed: int = 9) -> list[Kept]:
    """Keep so many files, sent to so many spaces by a few people, delivered and partly opened."""
    dice = random.Random(seed)
    places = [_place(number, dice) for number in range(spaces)]
    parcel = ParcelRow(by=SENDERS[0], via="test", at=NOW)
    same = SharedFileRow(
        parcel_id=parcel.id,
        title="",
        file_name="",
        author="",
        uploaded_by="",
        uploaded_at=NOW,
        classification=Classification.customer,
        expires_at=NOW + timedelta(days=30),
        state_since=NOW,
        key="",
    ).model_dump()
    made = [_file(number, places, dice) for number in range(files)]
    kept = [each for each, _ in made]
    members = {space.id: each for _, space, each in places}
    deliveries = [
        (_id(dice), each.id, one.id, each.space.id, NOW)
        for each in kept
        if each.recipients
        for one in members[each.space.id]
    ]
    evidence = [
        (delivery, kind, NOW, NOW, recipient, "", "")
        for delivery, _, recipient, _, _ in deliveries
        if dice.random() < 1 / 2
        for kind in (Kind.notified, Kind.opened, Kind.issued)
    ]
    async with store.transaction(actor="test") as tx:
        await _keep(tx, [of.model_dump() for of, _, _ in places], OrganisationRow)
        await _keep(tx, [space.model_dump() for _, space, _ in places], SpaceRow)
        await _keep(tx, [o.model_dump() for _, _, each in places for o in each], RecipientRow)
        await _keep(
            tx,
            [
                {"space_id": at, "recipient_id": one.id, "added_by": "U0", "added_at": NOW}
                for at, each in members.items()
                for one in each
            ],
            SpaceMemberRow,
        )
        await _keep(tx, [parcel.model_dump()], ParcelRow)
        await _keep(tx, [same | columns for _, columns in made], SharedFileRow)
        sent = [{"file_id": each.id, "space_id": each.space.id} for each in kept]
        await _keep(tx, sent, FileSpaceRow)
        driver = await driver_of(tx.connection)
        for table, columns, records in (
            ("deliveries", ("id", "file_id", "recipient_id", "space_id", "made_at"), deliveries),
            ("delivery_evidence", EVIDENCE, evidence),
        ):
            await driver.copy_records_to_table(table, records=records, columns=columns)
    return kept


EVIDENCE = ("delivery_id", "kind", "at", "last_at", "by", "via", "agent")
Columns = dict[str, object]
Place = tuple[OrganisationRow, SpaceRow, list[RecipientRow]]


def _id(dice: random.Random) -> UUID:
    return UUID(int=dice.getrandbits(128), version=4)


def _place(number: int, dice: random.Random) -> Place:
    name = f"Company {number}"
    of = OrganisationRow(id=_id(dice), name=name, folded=fold(name), made_by="U0", made_at=NOW)
    space = SpaceRow(
        id=_id(dice), organisation_id=of.id, name="Files", folded="files", made_by="U0", made_at=NOW
    )
    members = [
        RecipientRow(
            id=_id(dice),
            organisation_id=of.id,
            person_id=f"U0R{number * MEMBERS + each}",
            name=f"Reader {each}",
            made_at=NOW,
        )
        for each in range(MEMBERS)
    ]
    return of, space, members


def _file(number: int, places: Sequence[Place], dice: random.Random) -> tuple[Kept, Columns]:
    organisation, space, members = places[dice.randrange(len(places))]
    state, by = dice.choice(STATES), dice.choice(SENDERS)
    is_out = state in OUT
    title = " ".join(dice.sample(WORDS, 2))
    file_name = f"{dice.choice(PLAIN_WORDS)}-{number}.csv"
    note = " ".join(dice.sample(PLAIN_WORDS, 3))
    contract = str(dice.randrange(9999))
    tags = dice.sample(TAGS, dice.randrange(3))
    texts = (title, file_name, note, *tags, "contract", contract)
    kept = Kept(
        id=_id(dice),
        uploaded_by=by,
        author=dice.choice((by, "Ana", *SENDERS)),
        tags=tags,
        is_out=is_out,
        space=space,
        organisation=organisation.name,
        recipients=frozenset(str(each.person_id) for each in members) if is_out else frozenset(),
        said=frozenset(w for each in texts for w in re.split(r"\W+", _plain_letters(each))),
    )
    columns = {
        "id": kept.id,
        "number": number + 1,
        "title": title,
        "file_name": file_name,
        "author": kept.author,
        "uploaded_by": by,
        "note": note,
        "tags": tags,
        "facts": {"contract": contract},
        "state": state,
        "released_at": NOW if is_out else None,
        "key": str(kept.id),
    }
    return kept, columns | found_by((title, file_name, note, "contract", contract), tags)


@lru_cache
def _plain_letters(text: str) -> str:
    """Without accents and capitals, as anybody would write it who reads it."""
    return "".join(sign for sign in normalize("NFKD", text.lower()) if not combining(sign))


async def _keep(tx: Transaction, rows: Sequence[Mapping[str, object]], table: type[Table]) -> None:
    """Copy rows in, which is a hundred times faster than to insert them."""
    columns = list(rows[0])
    driver = await driver_of(tx.connection)
    records = [[_plain(row[column]) for column in columns] for row in rows]
    await driver.copy_records_to_table(table.__tablename__, records=records, columns=columns)


def _plain(value: object) -> object:
    return json.dumps(value) if isinstance(value, dict) else value
