"""/share spaces: where files can be sent, and who gets them; /share space NAME opens one."""

from html import unescape

from slack_sdk.models.blocks import SectionBlock

from handlers.blocks import Words, actions, built, button, context, section
from handlers.choices import MOST_ECHOED, MOST_OFFERED, chooser
from handlers.dates import short
from handlers.doors import action, topic
from handlers.files.space_shown import ALSO, KEEPS, OPENS, WINDOW, window
from handlers.interaction import Interaction
from handlers.lists import Page, turn, turned
from handlers.permission import not_allowed
from handlers.reply import Reply, note
from handlers.windows import over
from rules.spelling import nearest
from store.session import Reading, Store
from store.space_sizes import space_sizes
from store.spaces import Space

PAGES = "space_page"


@topic("spaces", role=KEEPS, also=ALSO, says="where files are sent to customers, and who gets them")
async def answer_spaces(ask: Interaction, store: Store) -> Reply:
    """All spaces, or the one whose name is typed."""
    return await (one_space if ask.text.strip() else list_spaces)(ask, store)


async def list_spaces(ask: Interaction, store: Store) -> Reply:
    """All open spaces, by organisation; for who keeps them."""
    async with store.reading(consistent=True) as reading:
        await _check(reading, ask)
        return await _listed(reading, 0)


async def one_space(ask: Interaction, store: Store) -> Reply:
    """The space that is typed, in a window; asks which where several could be meant."""
    typed = unescape(ask.text).strip()
    async with store.reading(consistent=True) as reading:
        await _check(reading, ask)
        if not typed:
            return await _listed(reading, 0)
        found = await reading.spaces.named(typed)
        if not found:
            return await _none_called(reading, typed)
        if len(found) > 1:
            return _which(found, typed)
        return await over(ask, await window(reading, found[0].id), instead_of=WINDOW)


@action(PAGES, role=KEEPS, also=ALSO)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the spaces."""
    async with store.reading(consistent=True) as reading:
        return await _listed(reading, turned(ask.value)[1])


async def _listed(reading: Reading, page: int) -> Reply:
    every = await reading.spaces.all()
    here = Page.of(every, page)
    owners = len({each.organisation_id for each in every})
    head = Words("space", total=here.total, organisations=owners)["list_head"]
    sizes = await space_sizes(reading.connection, [each.id for each in here.items])
    new = button("Make a space", "space_new", style=None if every else "primary")
    blocks = built(
        section(head),
        *(_row(each, sizes[each.id]) for each in here.items),
        context(here.span) if here.last else None,
        actions(*here.turns(PAGES, "all"), new),
    )
    return note(blocks, head)


def _row(space: Space, size: int) -> SectionBlock:
    words = Words("space", space=space, size=size)["row"]
    return section(words, accessory=button("Open", f"{OPENS}:{space.id}", str(space.id)))


def _which(found: list[Space], typed: str) -> Reply:
    words = Words("space", typed=short(typed, MOST_ECHOED), total=len(found))["which"]
    choices = [(str(each.id), f"{each.name} ({each.organisation})") for each in found]
    return note(
        built(section(words), actions(chooser("Choose a space", OPENS, choices[:MOST_OFFERED]))),
        words,
    )


async def _none_called(reading: Reading, typed: str) -> Reply:
    every = await reading.spaces.all()
    names = {name for each in every for name in (each.name, each.organisation)}
    words = Words("space", typed=short(typed, MOST_ECHOED), near=nearest(typed, sorted(names)))
    row = [button("All spaces", PAGES, turn("all"))] if every else []
    row.append(button("Make a space", "space_new"))
    return note(built(section(words["none_called"]), actions(*row)), words["none_called"])


async def _check(reading: Reading, ask: Interaction) -> None:
    """Raises NotAllowed: /share itself answers those as well who only get files."""
    if not {KEEPS, ALSO} & ask.person.roles:
        raise await not_allowed(reading, ask.person, KEEPS)
