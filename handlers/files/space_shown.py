"""A space as those who keep it see it: whose it is, who gets what is sent there, what one can do."""

from uuid import UUID

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, actions, button, context, modal, section
from handlers.button_values import id_in
from handlers.doors import action, submission
from handlers.files.space_keeping import known
from handlers.interaction import Interaction
from handlers.lists import Page, turn, turned
from handlers.reply import Reply, nothing
from handlers.windows import over
from rules.roles import Role
from store.session import Reading, Store
from store.space_rows import RecipientRow
from store.spaces import Space

KEEPS, ALSO = Role.sender, Role.lead
"""Who makes spaces and says who is in them."""
WINDOW = "space"
"""All windows about a space are called so: each takes the place of the one before."""
TITLE = "A space"
OPENS = "space_open"
"""The action that opens a space, by its id."""
PEOPLE_ON_A_PAGE = 25


@action(OPENS, role=KEEPS, also=ALSO)
async def open_space(ask: Interaction, store: Store) -> Reply:
    """A space in a window."""
    async with store.reading(consistent=True) as reading:
        return await over(ask, await window(reading, id_in(ask.value)), instead_of=WINDOW)


@action("space_people", role=KEEPS, also=ALSO)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of who is in it."""
    space, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await over(ask, await window(reading, id_in(space), page=page), instead_of=WINDOW)


@submission(WINDOW, role=KEEPS, also=ALSO)
async def done(_ask: Interaction, _store: Store) -> Reply:
    """The window closes."""
    return nothing()


async def window(
    reading: Reading, space_id: UUID, *, said: Block | None = None, page: int = 0
) -> dict[str, object]:
    """All that is shown of a space; `said` stands above it. Raises Refused where there is none."""
    space = await known(reading, space_id)
    everybody = await reading.spaces.members(space_id)
    here = Page.of(everybody, page, PEOPLE_ON_A_PAGE)
    words = Words("space", space=space, total=here.total)
    blocks: list[Block] = [
        *([said] if said else []),
        section(words["head"]),
        *_ways_on(space),
        section(words["size"]),
        *await _people(reading, space, here),
        *_notes(reading, words, here),
    ]
    if turns := here.turns("space_people", str(space.id)):
        blocks += [context(here.span), actions(*turns)]
    return modal(WINDOW, TITLE, blocks, close="Done")


async def _people(reading: Reading, space: Space, here: Page[RecipientRow]) -> list[Block]:
    """A line for each, with the way to take them out."""
    in_slack = [each.person_id for each in here.items if each.person_id]
    present = await reading.people.present(in_slack)
    shown: list[Block] = []
    for each in here.items:
        has_left = each.person_id is not None and each.person_id not in present
        words = Words("space", recipient=each, has_left=has_left)["member"]
        value = turn(f"{space.id}|{each.id}", here.number)
        remove = button("Remove", f"space_remove:{each.id}", value) if space.is_open else None
        shown.append(section(words, accessory=remove))
    return shown


def _notes(reading: Reading, words: Words, here: Page[RecipientRow]) -> list[Block]:
    by_hand = any(each.person_id is None for each in here.items) and not reading.outside.mails
    return [context(words["by_hand"])] if by_hand else []


def _ways_on(space: Space) -> list[Block]:
    """What can be done with an open space."""
    if not space.is_open:
        return []
    id_, proxied = str(space.id), space.row.is_proxied
    way = "Let downloads come from the store" if proxied else "Let downloads go through Wavepost"
    return [
        actions(
            button("Add people", "space_add", id_, style="primary"),
            button(way, "space_way", f"{id_}|{'store' if proxied else 'wavepost'}"),
            button("Close the space for good", "space_close", id_, style="danger"),
        ),
        context(Words("space", space=space)["way"]),
    ]
