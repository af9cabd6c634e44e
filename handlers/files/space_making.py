"""Making a space: whose it is, and what it is called."""

from slack_sdk.models.blocks import ExternalDataSelectElement, PlainTextInputElement

from handlers.blocks import Words, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.button_values import id_in
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.files.space_keeping import LONGEST_NAME, make
from handlers.files.space_shown import ALSO, KEEPS, window
from handlers.interaction import Interaction
from handlers.reply import Reply, offer, show
from handlers.windows import over
from rules.naming import fold
from store.session import Store, Transaction

OWNER, NAME = "organisation", "name"
NEW = "new|"
"""Before the name of an organisation that is not known yet."""
MOST_OFFERED = 50


@action("space_new", role=KEEPS, also=ALSO)
async def open_form(ask: Interaction, _store: Store) -> Reply:
    """The form for a new space."""
    return await over(ask, form())


def form() -> dict[str, object]:
    """An organisation, known or new, and a name."""
    owner = ExternalDataSelectElement(
        placeholder=plain("Type its name"), action_id="space_organisation", min_query_length=0
    )
    name = PlainTextInputElement(action_id=NAME, max_length=LONGEST_NAME)
    words = Words("space")
    fields = [
        ask_for("Organisation", owner, block_id=OWNER, hint=words.plain("belongs_hint")),
        ask_for("What the space is called", name, block_id=NAME, hint=words.plain("name_hint")),
    ]
    return modal("space_made", "Make a space", fields, submit="Make", close="Cancel")


@options("space_organisation", role=KEEPS, also=ALSO)
async def offer_organisations(ask: Interaction, store: Store) -> Reply:
    """Organisations with words that begin as was typed; and what was typed, where none is called so."""
    typed = " ".join(ask.value.split())[:LONGEST_NAME]
    async with store.reading() as reading:
        every = await reading.spaces.organisations()
    words = fold(typed).split()
    like = [
        each
        for each in every
        if all(any(part.startswith(word) for part in each.folded.split()) for word in words)
    ]
    offered = [option(each.name, str(each.id)) for each in like[:MOST_OFFERED]]
    if typed and all(each.folded != fold(typed) for each in every):
        offered.append(option(f"New: {typed}", NEW + typed))
    return offer([each.to_dict() for each in offered])


@submission("space_made", role=KEEPS, also=ALSO)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Make it, and show it: people are to be added next."""
    filled = ask.filled
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        owner = await _owner(tx, filled.chosen(OWNER) or "")
        try:
            space = await make(tx, owner, filled.typed(NAME))
        except Refused as refused:
            raise FormErrors({NAME: refused.plain}) from refused
        said = section(Words("space", space=space)["made"])
        return tx.answers(show(await window(tx, space.id, said=said)))


async def _owner(tx: Transaction, chosen: str) -> str:
    """The name of the organisation that was chosen, known or new."""
    if chosen.startswith(NEW):
        return chosen.removeprefix(NEW)
    owner = await tx.spaces.organisation(id_in(chosen))
    return owner.name if owner else ""
