"""Spaces, recipients and files for tests of the store, in a line each."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from rules.clearance import Classification
from rules.file_life import LIFE, Standing, State, Step, Taken, Who
from store.delivery_rows import DeliveryRow
from store.session import Transaction
from store.shared_file_rows import SharedFileRow
from store.space_rows import RecipientRow, SpaceRow

NOW = datetime(2022, 1, 15, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
SENDER = "U0SENDER"
WAY_OUT = (
    (Step.submit, Who.sender),
    (Step.clear, Who.wavepost),
    (Step.release, Who.second),
)


async def space(tx: Transaction, name: str = "reports", organisation: str = "Acme") -> SpaceRow:
    """A space, of an organisation that is made where it is not known."""
    known = await tx.spaces.organisation_named(organisation)
    of = known or await tx.spaces.make_organisation(organisation, SENDER)
    return await tx.spaces.make_space(of.id, name, SENDER)


async def member(tx: Transaction, of: SpaceRow, email: str) -> RecipientRow:
    """A recipient with an address who is a member of a space."""
    kept = await tx.spaces.keep_recipient(
        of.organisation_id, email=email, name=email.split("@", maxsplit=1)[0]
    )
    await tx.spaces.add(of.id, kept.id, SENDER)
    return kept


async def file(tx: Transaction, *spaces: SpaceRow, **columns: Any) -> SharedFileRow:
    """A draft that is to go to these spaces."""
    values: dict[str, Any] = {
        "parcel_id": await tx.shared_files.keep_parcel(SENDER, "test", NOW),
        "title": "Menus",
        "file_name": "menus.csv",
        "author": SENDER,
        "uploaded_by": SENDER,
        "uploaded_at": NOW,
        "classification": Classification.customer,
        "expires_at": NOW + MONTH,
        "state_since": NOW,
        "key": str(uuid4()),
    }
    return await tx.shared_files.keep(
        SharedFileRow(**values | columns), [each.id for each in spaces]
    )


async def step(
    tx: Transaction, file_id: UUID, what: Step, who: Who, *, at: datetime = NOW, words: str = "so"
) -> Standing:
    """Take a step with a file."""
    held = await tx.shared_files.get(file_id, for_change=True)
    assert held
    taken = Taken(what, f"as {who}", who, held.row.version, at, words)
    standing = LIFE.take(held.standing, taken)
    await tx.shared_files.take(file_id, standing)
    return standing


async def released(tx: Transaction, *spaces: SpaceRow, **columns: Any) -> SharedFileRow:
    """A file that went all its way."""
    row = await file(tx, *spaces, **columns)
    for what, who in WAY_OUT:
        await step(tx, row.id, what, who)
    found = await tx.shared_files.get(row.id)
    assert found
    assert found.state is State.released
    return found.row


async def delivered(
    tx: Transaction, row: SharedFileRow, of: SpaceRow, *to: RecipientRow
) -> list[DeliveryRow]:
    """A file delivered to recipients, in their order."""
    await tx.deliveries.make(row.id, {each.id: of.id for each in to}, NOW)
    made = {each.recipient_id: each for each in await tx.deliveries.of_file(row.id)}
    return [made[each.id] for each in to]
