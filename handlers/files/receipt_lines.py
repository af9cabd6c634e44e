"""Receipts of a file, one line for each recipient: how much is proven of each, the least first."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from rules.receipts import Grade, Receipt, receipt
from store.delivery_rows import DeliveryRow
from store.session import Reading
from store.shared_files import SharedFile
from store.space_rows import RecipientRow
from store.spaces import Space


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """One recipient of a file, through which space they got it, and what is proven.

    `is_member` says whether they still are one of any space that the file is sent to: who is not
    cannot open it. `others` are proven people who came by this recipient's link, with how much is
    proven of each.
    """

    delivery: DeliveryRow
    recipient: RecipientRow
    space: Space
    receipt: Receipt
    is_member: bool
    others: tuple[tuple[RecipientRow, Grade], ...] = ()

    @property
    def organisation(self) -> str:
        """What their organisation is called."""
        return self.space.organisation

    @property
    def is_waited_for(self) -> bool:
        """Whether they could open the file, and nothing proves that they did."""
        return self.is_member and not self.receipt.grade.is_seen


async def lines_of(reading: Reading, file: SharedFile) -> list[ReceiptLine]:
    """A file's receipts, those of whom least is proven first."""
    return (await lines_of_all(reading, [file]))[file.id]


async def lines_of_all(
    reading: Reading, files: Collection[SharedFile]
) -> dict[UUID, list[ReceiptLine]]:
    """The same for several files, by their ids; the number of queries does not grow with them."""
    ids = [file.id for file in files]
    deliveries = await reading.deliveries.of_files(ids)
    evidence = await reading.evidence.of_files(ids)
    receipts = {
        each.id: receipt(str(each.recipient_id), evidence.get(each.id, ())) for each in deliveries
    }
    known = {each.recipient_id for each in deliveries}
    known |= {UUID(other) for each in receipts.values() for other in each.others}
    recipients = await reading.spaces.recipients(known)
    spaces = {each.id: each for each in await reading.spaces.of({d.space_id for d in deliveries})}
    members = await reading.deliveries.to_members(ids)
    lines: dict[UUID, list[ReceiptLine]] = defaultdict(list)
    for each in deliveries:
        proven = receipts[each.id]
        lines[each.file_id].append(
            ReceiptLine(
                delivery=each,
                recipient=recipients[each.recipient_id],
                space=spaces[each.space_id],
                receipt=proven,
                is_member=each.id in members,
                others=tuple(
                    (recipients[UUID(who)], grade) for who, grade in proven.others.items()
                ),
            )
        )
    return {each: sorted(lines[each], key=_least_first) for each in ids}


def _least_first(line: ReceiptLine) -> tuple[bool, Grade, bool, str, UUID]:
    """Those who can open it before those who cannot any more; who was not reached before all others."""
    name = line.recipient.name.casefold()
    reached = not line.receipt.is_undelivered
    return not line.is_member, line.receipt.grade, reached, name, line.recipient.id
