"""Files of customers in lists of staff: a paragraph each, with who has it and who does not."""

from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Mrkdwn, Words, button, section
from handlers.dates import short
from handlers.files.grade_words import GRADES
from handlers.files.receipt_lines import ReceiptLine
from rules.receipts import Grade, tally
from rules.wording import and_listed
from store.shared_files import SharedFile

CARD = "file_card"
"""The action that opens the card of the file whose number is its value."""
LONGEST_TITLE = 100
MOST_SPACES = 4
MOST_NAMED = 6
LONGEST_NAME = 40
DID_MORE = tuple(grade for grade in GRADES if grade > Grade.opened)
"""What a list counts besides who has opened a file and who has not."""


@dataclass(frozen=True, slots=True)
class Row:
    """A file in a list; `receipts` are None where the list says nothing of them."""

    file: SharedFile
    receipts: Sequence[ReceiptLine] | None = None

    @property
    def words(self) -> Words:
        """What is said of it."""
        receipts = [each for each in self.receipts or () if each.is_member]
        waited = [each for each in receipts if each.is_waited_for]
        counted = tally(each.receipt for each in receipts)
        return Words(
            "file_rows",
            file=self.file.row,
            number=self.file.number,
            title=short(self.file.row.title, LONGEST_TITLE),
            state=self.file.state,
            organisation=self.file.spaces[0].organisation if self.file.spaces else "",
            spaces=[space.name for space in self.file.spaces[:MOST_SPACES]],
            more_spaces=len(self.file.spaces[MOST_SPACES:]),
            tells=self.receipts is not None,
            total=len(receipts),
            waited=len(waited),
            named=[short(each.recipient.name, LONGEST_NAME) for each in waited[:MOST_NAMED]],
            more_named=len(waited[MOST_NAMED:]),
            undelivered=sum(each.receipt.is_undelivered for each in waited),
            did_more=and_listed(
                f"{counted[grade]:,} {GRADES[grade]}" for grade in DID_MORE if counted[grade]
            ),
            best=GRADES[max((each.receipt.grade for each in receipts), default=Grade.opened)],
            last=self.file.last,
        )

    @property
    def said(self) -> Mrkdwn:
        """Its paragraph."""
        return self.words["row"]

    def block(self, *, accessory: ButtonElement | None = None) -> Block:
        """Its paragraph, with the button that opens its card unless there is another."""
        return section(self.said, accessory=accessory or card_button(self.file.number))


def card_button(number: int, words: str = "See it") -> ButtonElement:
    """The button that opens the card of a file."""
    return button(words, CARD, str(number))
