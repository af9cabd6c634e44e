"""Changing the day on which a file expires: what had expired can be had again."""

from datetime import datetime

from slack_sdk.models.blocks import DatePickerElement

from handlers.blocks import Words, modal, moment
from handlers.blocks import question as ask_for
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import Expected, FormErrors
from handlers.files.clearing import settle
from handlers.files.file_card import card
from handlers.files.file_rows import CARD
from handlers.files.parcel_told import LONGEST_TITLE
from handlers.files.receiving_refusals import check_day, check_days
from handlers.files.rounds import renew_in_rounds
from handlers.files.share_mistakes import NO_EXPIRY
from handlers.files.step_buttons import RENEW, acted_on
from handlers.files.taking import not_now, subject_of, take, worded
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from rules.file_days import HOLDS_FOR, day_of, moved_to
from rules.file_life import OUT, State, Step, Who
from rules.roles import Role
from store.audit import Change
from store.session import Reading, Store, Transaction
from store.shared_files import SharedFile

DAY = "day"
TITLE = "Change the day"


@action(RENEW, role=Role.sender, also=Role.lead)
async def open_renew(ask: Interaction, store: Store) -> Reply:
    """Ask until when it is to be had."""
    async with store.transaction(actor=ask.person.id) as tx:
        file, _ = await acted_on(tx, ask, ask.value)
        await check_kept(tx, file)
    return await over(ask, renew_form(file, ask.now, ask.person.timezone), instead_of=CARD)


@submission("file_renewed", role=Role.sender, also=Role.lead)
async def submit_renew(ask: Interaction, store: Store) -> Reply:
    """Change the day; who has it can open it until then."""
    day, zone = ask.filled.day(DAY), ask.person.timezone
    if day is None:
        raise FormErrors({DAY: NO_EXPIRY})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            file, who = await acted_on(tx, ask, ask.filled.private_metadata)
            check_day(day, zone, ask.now)
            until = moved_to(file.row.expires_at, day, zone)
            check_days(until, None, ask.now)
            if file.state is State.in_review:
                if file.row.expires_at > ask.now:
                    raise worded(file, "shown_day")
                await _mend(tx, file, who, until, ask.now)
            else:
                await renew(tx, file, who=who, until=until, now=ask.now)
        except Expected as refused:
            raise FormErrors({DAY: refused.plain}) from refused
        file, _ = await acted_on(tx, ask, str(file.id))
        said = Words(
            "file_forms",
            title=short(file.row.title, LONGEST_TITLE),
            until=moment(file.row.expires_at),
        )
        return tx.answers(show(await card(tx, file, ask, said=said["said_renewed"])))


async def renew(
    tx: Transaction, file: SharedFile, *, who: Who, until: datetime, now: datetime
) -> SharedFile:
    """Let a file that is held, and is out, be had until another moment, as who this transaction is by.

    Members who came since get it, and all see its new day, in rounds.

    Raises:
        Refused: it was revoked or replaced, or its bytes are gone.
    """
    await check_kept(tx, file)
    await tx.shared_files.change(file.id, expires_at=until)
    kept = file.having(expires_at=until)
    renewed = await take(tx, kept, Step.renew, by=tx.actor, who=who, now=now)
    await renew_in_rounds(tx, renewed)
    return renewed


async def _mend(
    tx: Transaction, file: SharedFile, who: Who, until: datetime, now: datetime
) -> None:
    """Another day for a file that is not out yet, and whose own has passed: who decides sees it anew."""
    await tx.shared_files.change(file.id, expires_at=until)
    mended = await take(tx, file, Step.mend, by=tx.actor, who=who, now=now)
    before, after = file.row.expires_at.isoformat(), until.isoformat()
    change = Change(
        "file: another day",
        subject_of(file),
        before={"expires_at": before},
        after={"expires_at": after},
    )
    tx.audit(change)
    await settle(tx, [mended], now, in_rounds=True)


async def check_kept(reading: Reading, file: SharedFile) -> None:
    """Whether a file's day can be changed.

    Raises:
        Refused: its bytes are gone, or it can never be had again.
    """
    if file.row.removed_at is not None:
        raise worded(file, "removed")
    if file.state not in {*OUT, State.in_review}:
        raise await not_now(reading, file)


def renew_form(file: SharedFile, now: datetime, zone: str) -> dict[str, object]:
    """The form that asks for a day: the one that holds, or a month from now.

    `zone` is that of who chooses, for whom days end.
    """
    holds = file.row.expires_at
    first = day_of(holds if holds > now else now + HOLDS_FOR, zone)
    words = Words("file_forms", title=short(file.row.title, LONGEST_TITLE))
    field = DatePickerElement(action_id=DAY, initial_date=first.isoformat())
    label, hint = words.plain("renew_label"), words.plain("renew_hint")
    return modal(
        "file_renewed",
        TITLE,
        [ask_for(label, field, block_id=DAY, hint=hint)],
        submit="Change it",
        close="Cancel",
        kept=str(file.id),
    )
