"""Adding people to a space: from Slack, and by addresses that are pasted, one a line."""

from collections.abc import Sequence
from uuid import UUID

from slack_sdk.models.blocks import Block, PlainTextInputElement, UserMultiSelectElement

from handlers.blocks import Words, lines, modal, plain, section
from handlers.blocks import question as ask_for
from handlers.button_values import id_in
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.files.space_adding import Outcome, add_all
from handlers.files.space_keeping import known
from handlers.files.space_shown import ALSO, KEEPS, WINDOW, window
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from store.session import Reading, Store
from store.spaces import Space

PEOPLE, ADDRESSES = "people", "addresses"
MOST_PEOPLE = 50
LONGEST_PASTE = 3_000


@action("space_add", role=KEEPS, also=ALSO)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """Whom to add."""
    async with store.reading() as reading:
        return await over(ask, form(await known(reading, id_in(ask.value))), instead_of=WINDOW)


def form(
    space: Space, *, told: Sequence[Block] = (), left: str = "", attempt: int = 0
) -> dict[str, object]:
    """People of Slack and addresses; `told` is what became of others, `left` the lines to mend.

    Each `attempt` has fields of its own: Slack would leave in the old ones what was typed there.
    """
    words = Words("space", space=space)
    people = UserMultiSelectElement(
        placeholder=plain("Choose people"),
        action_id=PEOPLE,
        max_selected_items=MOST_PEOPLE,
    )
    pasted = PlainTextInputElement(
        action_id=ADDRESSES,
        multiline=True,
        max_length=LONGEST_PASTE,
        initial_value=left or None,
    )
    in_slack, outside = words.plain("add_hint"), words.plain("addresses_hint")
    fields = [
        section(words["add_head"]),
        *told,
        ask_for("In Slack", people, block_id=f"{PEOPLE}_{attempt}", hint=in_slack, optional=True),
        ask_for(
            "E-mail addresses",
            pasted,
            block_id=f"{ADDRESSES}_{attempt}",
            hint=outside,
            optional=True,
        ),
    ]
    kept = f"{space.id}|{attempt}"
    return modal("space_added", "Add people", fields, submit="Add", close="Cancel", kept=kept)


@submission("space_added", role=KEEPS, also=ALSO)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Add who can be added; of the others the form tells why, with their lines in it."""
    filled = ask.filled
    space_id, _, attempt = filled.private_metadata.partition("|")
    people, pasted = filled.people(f"{PEOPLE}_{attempt}"), filled.typed(f"{ADDRESSES}_{attempt}")
    if not people and not pasted.strip():
        nobody = Words("space").plain("nobody_named")
        raise FormErrors({f"{ADDRESSES}_{attempt}": nobody})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        try:
            outcome = await add_all(tx, UUID(space_id), people, pasted)
        except Refused as refused:
            raise FormErrors({f"{ADDRESSES}_{attempt}": refused.plain}) from refused
        return tx.answers(show(await _next(tx, UUID(space_id), outcome, int(attempt) + 1)))


async def _next(
    reading: Reading, space_id: UUID, outcome: Outcome, attempt: int
) -> dict[str, object]:
    """The space with who is new in it; or the form with what is left to mend."""
    words = Words("space", outcome=outcome, problems=outcome.problems)
    if not outcome.problems:
        return await window(reading, space_id, said=section(words["added"]))
    why = lines([f"• {problem.words}" for problem in outcome.problems])
    told = [section(words["added"]), section(words["problems"]), *map(section, why)]
    left = "\n".join(problem.typed for problem in outcome.problems if problem.typed)
    return form(await known(reading, space_id), told=told, left=left, attempt=attempt)
