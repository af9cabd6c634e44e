"""Links for a sender to pass on: one to each file for each recipient outside Slack, made when asked for."""

from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from slack_sdk.models.blocks import Block, PlainTextInputElement

from handlers.blocks import Words, context, modal, section
from handlers.blocks import question as ask_for
from handlers.button_values import id_in
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import NotThere, Refused
from handlers.files.parcel_mail import link_to
from handlers.files.parcel_told import LONGEST_TITLE, Given
from handlers.files.step_buttons import LINKS, part_of
from handlers.files.taking import GONE, worded
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing
from handlers.web_links import NO_DOOR
from handlers.windows import over
from rules.file_life import State
from rules.roles import Role
from store.session import Store, Transaction
from store.space_rows import RecipientRow

WINDOW = "file_links_shown"
TITLE = "Links to copy"
MOST_RECIPIENTS = 40


@action(LINKS, role=Role.sender, also=Role.lead)
async def open_links(ask: Interaction, store: Store) -> Reply:
    """Show new links to who sent the files; they are kept nowhere, and those before stay good."""
    # Without a key: the answer would be kept for a repetition, and with it the links' secrets.
    async with store.transaction(actor=ask.person.id) as tx:
        view = await links_view(tx, ask, ask.value)
    return await over(ask, view)


@submission(WINDOW, role=Role.sender, also=Role.lead)
async def done(_ask: Interaction, _store: Store) -> Reply:
    """The window closes: a field in it needs a button that says so."""
    return nothing()


async def links_view(tx: Transaction, ask: Interaction, value: str) -> dict[str, object]:
    """The window with a field for each recipient outside Slack.

    Raises:
        NotThere: there is no such parcel.
        Refused: it is somebody else's, or the web door has no address.
    """
    if not tx.outside.web:
        raise Refused(NO_DOOR)
    files = {file.id: file for file in await tx.shared_files.of_parcel(id_in(value))}
    if not files:
        raise NotThere(GONE)
    if any(part_of(file, ask.person) is None for file in files.values()):
        raise worded(next(iter(files.values())), "not_yours")
    released = [file.id for file in files.values() if file.state is State.released]
    deliveries = await tx.deliveries.of_files(released)
    recipients = await tx.spaces.recipients({each.recipient_id for each in deliveries})
    to_members = await tx.deliveries.to_members(released)
    theirs: dict[UUID, list[Given]] = defaultdict(list)
    for each in deliveries:
        if recipients[each.recipient_id].person_id is None and each.id in to_members:
            theirs[each.recipient_id].append(Given(each, files[each.file_id]))
    outside = sorted((recipients[each] for each in theirs), key=lambda each: each.name.lower())
    fields = [
        await _field(tx, recipient, theirs[recipient.id]) for recipient in outside[:MOST_RECIPIENTS]
    ]
    return modal(WINDOW, TITLE, [*_intro(tx, outside), *fields], submit="Done")


def _intro(tx: Transaction, outside: Sequence[RecipientRow]) -> list[Block]:
    words = Words("file_forms", count=len(outside), more=len(outside) - MOST_RECIPIENTS)
    if not outside:
        return [section(words["links_none"])]
    how = "links_mailed" if tx.outside.mails else "links_no_codes"
    more = [context(words["links_more"])] if len(outside) > MOST_RECIPIENTS else []
    return [section(words["links_intro"]), section(words[how]), *more]


async def _field(tx: Transaction, recipient: RecipientRow, givens: Sequence[Given]) -> Block:
    """The links of one recipient, each under its file's title, to be selected and copied."""
    shown = sorted(givens, key=lambda each: each.file.number)
    texts = [
        f"{short(each.file.row.title, LONGEST_TITLE)}\n{await link_to(tx, each, by=tx.actor)}"
        for each in shown
    ]
    label = Words("file_forms", name=recipient.name, email=recipient.email).plain("links_of")
    field = PlainTextInputElement(action_id="links", multiline=True, initial_value="\n".join(texts))
    return ask_for(short(label, 150), field, block_id=str(recipient.id), optional=True)
