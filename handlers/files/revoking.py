"""Revoking a file: nobody can fetch it from that moment on, and who has it reads why."""

from datetime import datetime

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import Words, context, modal
from handlers.blocks import question as ask_for
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import Expected, FormErrors
from handlers.files.file_card import card
from handlers.files.file_rows import CARD
from handlers.files.parcel_told import LONGEST_TITLE
from handlers.files.rounds import withdraw_in_rounds
from handlers.files.step_buttons import REVOKE, acted_on
from handlers.files.taking import not_now, take
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from rules.file_life import OUT, Step, Who
from rules.naming import is_said
from rules.roles import Role
from store.session import Store, Transaction
from store.shared_files import SharedFile

WORDS = "words"
LONGEST_WORDS = 1_000
TITLE = "Revoke a file"


@action(REVOKE, role=Role.sender, also=Role.lead)
async def open_revoke(ask: Interaction, store: Store) -> Reply:
    """Ask why; recipients read it."""
    async with store.transaction(actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        if file.state not in OUT:
            raise await not_now(tx, file)
    return await over(ask, revoke_form(file), instead_of=CARD)


@submission("file_revoked", role=Role.sender, also=Role.lead)
async def submit_revoke(ask: Interaction, store: Store) -> Reply:
    """Revoke it, whatever happened to it since it was shown: this cannot wait."""
    why = ask.filled.typed(WORDS).strip()
    if not is_said(why):
        raise FormErrors({WORDS: Words("file_forms").plain("revoke_missing")})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            file, who = await acted_on(tx, ask, ask.filled.private_metadata)
            file = await revoke(tx, file, who=who, words=why, now=ask.now)
        except Expected as refused:
            raise FormErrors({WORDS: refused.plain}) from refused
        said = Words("file_forms", title=short(file.row.title, LONGEST_TITLE))
        return tx.answers(show(await card(tx, file, ask, said=said["said_revoked"])))


async def revoke(
    tx: Transaction, file: SharedFile, *, who: Who, words: str, now: datetime
) -> SharedFile:
    """Revoke a file that is held, as who this transaction is by; who had it hears so in rounds.

    Raises:
        Refused: it is not out (any more), or no words say why.
    """
    revoked = await take(tx, file, Step.revoke, by=tx.actor, who=who, words=words, now=now)
    await withdraw_in_rounds(tx, revoked, why=words)
    return revoked


def revoke_form(file: SharedFile) -> dict[str, object]:
    """The form that asks why."""
    words = Words("file_forms", title=short(file.row.title, LONGEST_TITLE))
    field = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=LONGEST_WORDS)
    blocks = [
        context(words["revoke_intro"]),
        ask_for(
            words.plain("revoke_label"), field, block_id=WORDS, hint=words.plain("revoke_hint")
        ),
    ]
    return modal(
        "file_revoked", TITLE, blocks, submit="Revoke it", close="Cancel", kept=str(file.id)
    )
