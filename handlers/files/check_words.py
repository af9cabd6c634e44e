"""What a sender hears of the check of their files: what goes no further, and what they can say to it."""

from collections.abc import Iterator, Sequence

from slack_sdk.models.blocks import Block

from handlers.blocks import Blocks, Words, actions, built, button, section
from handlers.files.check_outcomes import Checked, Outcome

SEND_ANYWAY, DROP = "file_send_anyway", "file_drop_twin"


def told(about: str, checked: Sequence[Checked], *, others: int = 0) -> tuple[str, Blocks]:
    """What came of files that were not simply well; `others` of the same sending were.

    None of them at all were taken back meanwhile.
    """
    words = Words("file_checks", about=about, checked=checked, others=others)
    blocks = [section(words["heading"]), *(block for each in checked for block in _of(each))]
    return words["fallback"], built(*blocks)


def _of(checked: Checked) -> Iterator[Block]:
    file = checked.file
    words = Words("file_checks", file=file.row, why=checked.why, twin=checked.twin)
    yield section(words[checked.outcome])
    if checked.outcome is Outcome.twin:
        send = button("Send it all the same", SEND_ANYWAY, str(file.id))
        yield actions(send, button("Drop it", DROP, str(file.id)))
