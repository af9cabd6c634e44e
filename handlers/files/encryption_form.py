"""Saying how a file is encrypted, where that is missing: the scanner found it so, and nobody had said it."""

from datetime import datetime

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import Words, context, modal
from handlers.blocks import question as ask_for
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import Expected, FormErrors
from handlers.files.clearing import settle
from handlers.files.file_rows import CARD
from handlers.files.parcel_told import LONGEST_TITLE
from handlers.files.step_buttons import acted_on
from handlers.files.taking import not_now, subject_of, take
from handlers.interaction import Interaction
from handlers.reply import Reply, closing
from handlers.windows import over
from rules.clearance import Encryption
from rules.file_life import State, Step, Who
from rules.roles import Role
from store.audit import Change
from store.session import Store, Transaction
from store.shared_files import SharedFile

METHOD, HOLDER, REACH = "method", "holder", "reach"
LONGEST = 300
TITLE = "How it is encrypted"


@action("file_encryption", role=Role.sender)
async def open_encryption(ask: Interaction, store: Store) -> Reply:
    """Ask for what recipients need to open it."""
    async with store.transaction(actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        if file.state is not State.in_review:
            raise await not_now(tx, file)
    return await over(ask, encryption_form(file), instead_of=CARD)


@submission("file_encryption_told", role=Role.sender)
async def submit_encryption(ask: Interaction, store: Store) -> Reply:
    """Keep it, and let the file go its way."""
    filled = ask.filled
    told = Encryption(*(filled.typed(each).strip() for each in (METHOD, HOLDER, REACH)))
    if not told.is_told:
        missing = Words("file_forms").plain("encryption_missing")
        said = dict(zip((METHOD, HOLDER, REACH), vars(told).values(), strict=True))
        raise FormErrors({block: missing for block, words in said.items() if not words})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            file, who = await acted_on(tx, ask, filled.private_metadata)
            file = await tell_encryption(tx, file, told, who=who, now=ask.now)
        except Expected as refused:
            raise FormErrors({METHOD: refused.plain}) from refused
        await settle(tx, [file], ask.now, in_rounds=True)
        return tx.answers(closing())


async def tell_encryption(
    tx: Transaction, file: SharedFile, told: Encryption, *, who: Who, now: datetime
) -> SharedFile:
    """Keep how a file in review is encrypted, as who this transaction is by; gives it as it stands then.

    Who was shown other answers decides nothing by them.

    Raises:
        Refused: it is not in review (any more).
    """
    explained = await take(tx, file, Step.explain, by=tx.actor, who=who, now=now)
    facts = {
        "is_encrypted": True,
        "encryption_method": told.method,
        "key_holder": told.key_holder,
        "key_reach": told.reach_them,
    }
    await tx.shared_files.change(file.id, **facts)
    before = {name: getattr(file.row, name) for name in facts}
    tx.audit(Change("file: encryption told", subject_of(file), before=before, after=facts))
    return explained.having(**facts)


def encryption_form(file: SharedFile) -> dict[str, object]:
    """The form with the three facts, as far as they were told."""
    row = file.row
    words = Words("file_forms", title=short(row.title, LONGEST_TITLE))
    known = (row.encryption_method, row.key_holder, row.key_reach)
    blocks = [
        ask_for(
            words.plain(f"{block}_label"),
            PlainTextInputElement(
                action_id=block, max_length=LONGEST, initial_value=short(each, LONGEST) or None
            ),
            block_id=block,
            hint=words.plain(f"{block}_hint"),
        )
        for block, each in zip((METHOD, HOLDER, REACH), known, strict=True)
    ]
    intro = context(words["encryption_intro"])
    return modal(
        "file_encryption_told",
        TITLE,
        [intro, *blocks],
        submit="Send it on",
        close="Cancel",
        kept=str(file.id),
    )
