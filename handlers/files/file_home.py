"""Files on people's Home: what waits for them, what was delivered to them, and what they sent."""

from slack_sdk.models.blocks import Block, DividerBlock, HeaderBlock

from handlers.blocks import Words, actions, button, context, section
from handlers.files import review_list
from handlers.files.file_rows import Row
from handlers.files.my_deliveries import ALL as ALL_MINE
from handlers.files.my_deliveries import delivered_to
from handlers.files.my_deliveries import rows as delivered_rows
from handlers.files.receipt_lines import lines_of_all
from handlers.files.share_sent import ALL as ALL_SENT
from handlers.interaction import Interaction
from rules.file_life import State
from rules.roles import Role
from store.session import Reading

MOST_TO_ME = 5
MOST_BY_ME = 3


async def home_section(reading: Reading, ask: Interaction) -> list[Block]:
    """Files that wait for a person, to them and by them; nothing where there are none."""
    return [
        *await review_list.home_section(reading, ask),
        *await to_me(reading, ask),
        *await by_me(reading, ask),
    ]


async def of_recipient(reading: Reading, ask: Interaction) -> list[Block]:
    """The whole Home of who is here as a guest, or from another workspace: their deliveries."""
    found = await to_me(reading, ask)
    words = Words("file_home")
    return [*found, context(words["recipient"])] if found else [section(words["nothing"])]


async def to_me(reading: Reading, ask: Interaction) -> list[Block]:
    """What was delivered to a person and can be opened now."""
    found = await delivered_to(reading, ask.person.id, ask.now)
    open_now = [each for each in found if each.file.state is State.released]
    if not found:
        return []
    more = len(found) > len(open_now[:MOST_TO_ME])
    row = [button(f"See all ({len(found):,})", ALL_MINE)] if more else []
    words = Words("file_home", total=len(open_now))
    return [
        DividerBlock(),
        HeaderBlock(text="Files for me"),
        context(words["to_me"]),
        *delivered_rows(open_now[:MOST_TO_ME]),
        *([actions(*row, block_id="home_files_mine")] if row else []),
    ]


async def by_me(reading: Reading, ask: Interaction) -> list[Block]:
    """The newest that a person sent, with who has not opened them; for who may send, the way to it."""
    if not ask.person.may(Role.viewer):
        return []
    files, total = await reading.shared_files.sent_by(ask.person.id, most=MOST_BY_ME)
    if not files and not ask.person.may(Role.sender):
        return []
    receipts = await lines_of_all(reading, files)
    row = [
        *([button("Deliver files", "file_share_open")] if ask.person.may(Role.sender) else []),
        *([button(f"See all ({total:,})", ALL_SENT)] if total > len(files) else []),
    ]
    return [
        DividerBlock(),
        HeaderBlock(text="Files by me"),
        *([] if files else [context(Words("file_home")["none_sent"])]),
        *(Row(each, receipts[each.id]).block() for each in files),
        *([actions(*row, block_id="home_files_sent")] if row else []),
    ]
