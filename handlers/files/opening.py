"""Open, in Slack: the press proves who somebody is, and shows the file and the way to its bytes."""

from urllib.parse import quote

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, actions, context, facts, modal, plain, quoted, section
from handlers.dates import short
from handlers.doors import action
from handlers.errors import Refused
from handlers.files.fetching import Held, reach
from handlers.files.portal_pages import PORTAL, file_path
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing
from handlers.web_links import NO_DOOR
from handlers.windows import over
from rules.addresses import known_id
from rules.file_names import safe_name
from rules.receipts import Refusal
from rules.roles import Role
from store.session import Store, Transaction

WENT = "file_download"
LONGEST_TITLE = 200
LONGEST_FACT = 300
LONGEST_NOTE = 500
"""Escaped, a character may take five, and a section takes 3,000."""
NOT_YOURS = (
    "This file was not sent to you, or is not yours to see any more. If you need it, ask the person who "
    "sent it."
)
OPEN = frozenset({None, Refusal.expired, Refusal.limit_reached})
"""With these there is something to do on the page: download, or ask for it again."""
FACTS = (("Size", "size"), ("Kind", "kind"), ("From", "sender"), ("Available until", "until"))


@action("file_open", role=Role.recipient)
async def open_file(ask: Interaction, store: Store) -> Reply:
    """Shows a file to who pressed, and to nobody else; from now on it is known that they saw it."""
    # Without a key: the answer holds a secret, and pressed twice it is noted twice at no harm.
    async with store.transaction(actor=ask.person.id) as tx:
        held = await _held(tx, ask)
        view = await _card(tx, held, ask.web) if held else None
    if view is None:
        raise Refused(NOT_YOURS)
    return await over(ask, view)


@action(WENT, role=Role.recipient)
async def went(_ask: Interaction, _store: Store) -> Reply:
    """The browser opens the page by itself; Slack only tells us of the press."""
    return nothing()


async def _held(tx: Transaction, ask: Interaction) -> Held | None:
    recipient = await tx.spaces.recipient_of_person(ask.person.id)
    delivery_id = known_id(ask.value)
    delivery = await tx.deliveries.get(delivery_id) if delivery_id else None
    if recipient is None or delivery is None:
        return None
    return await reach(tx, delivery, recipient, ask.now, via="slack")


async def _card(tx: Transaction, held: Held, web: str) -> dict[str, object]:
    row = held.file.row
    newer = await tx.shared_files.successor(row.id)
    words = Words(
        "file_opened",
        file=row,
        title=short(row.title, LONGEST_TITLE),
        name=safe_name(row.file_name),
        method=short(row.encryption_method, LONGEST_FACT),
        holder=short(row.key_holder, LONGEST_FACT),
        reach=short(row.key_reach, LONGEST_FACT),
        refused=held.refused,
        newer=newer.row if newer else None,
        no_door="" if web else NO_DOOR,
    )
    blocks: list[Block | None] = [
        section(words["head"]),
        section(words["refused"]) if held.refused else None,
        section(quoted(short(row.note, LONGEST_NOTE))) if row.note.strip() else None,
        facts(*((name, words[block]) for name, block in FACTS)),
        section(words["sha256"]),
        section(words["encryption"]) if row.is_encrypted else None,
    ]
    if held.refused in OPEN and web:
        path = file_path(row.id)
        token = await tx.portal.make_entry(held.recipient.id, path)
        blocks.append(actions(_opener(words.plain("go"), f"{web}{PORTAL}/enter/{quote(token)}")))
    if held.refused in OPEN:
        blocks.append(context(words["small"]))
    return modal("file_opened", "A file for you", [each for each in blocks if each])


def _opener(words: str, address: str) -> ButtonElement:
    return ButtonElement(text=plain(words), action_id=WENT, url=address, style="primary")
