"""What a schedule announced: each with what became of it, to be read as it was said."""

from handlers.announce_standing import Standing, outcome, standing_of
from handlers.announcement_readers import channels_read
from handlers.blocks import Words, context, day, lines, modal, section
from handlers.choices import chooser
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, push, show
from rules.roles import Role
from store.announcement_lines import Line
from store.session import Reading, Store


@action("announce_history", role=Role.viewer)
async def open_history(ask: Interaction, store: Store) -> Reply:
    """The newest of them, over what was open."""
    id_, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return push(await history(reading, ask, int(id_), page))


@action("announce_turn", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of them."""
    id_, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return show(await history(reading, ask, int(id_), page))


async def history(reading: Reading, ask: Interaction, id_: int, page: int) -> dict[str, object]:
    """A page of what was announced where one may read it, the newest first.

    Raises NotThere as `standing_of` does.
    """
    standing = await standing_of(reading, id_, ask)
    noun = reading.announcement_lines
    channels = await channels_read(reading, ask.person, await noun.channels(id_))
    found, total = await noun.page(id_, channels, skip=page * PAGE, most=PAGE)
    here = Page(found, page, total)
    told = [_row(standing, line) for line in found]
    readable = [(str(line.id), _label(standing, line)) for line in found if not line.why]
    read = [chooser("Read one again", "announcement_read", readable)] if readable else []
    row = [*read, *here.turns("announce_turn", str(id_))]
    blocks = [
        section(standing.words(total=total)["history"]),
        *map(section, lines(told)),
        *here.foot(*row),
        *(
            [context(Words("announce")["reached"])]
            if ask.person.may(Role.lead) or ask.person.may(Role.approver)
            else []
        ),
    ]
    return modal("announce_history", "What was announced", blocks)


def _row(standing: Standing, line: Line) -> str:
    return Words(
        "announce",
        outcome=outcome(line, standing.day(line.due_at)),
        kind=line.kind,
        elsewhere=line.channel if line.channel != standing.says.channel else None,
    )["history_row"]


def _label(standing: Standing, line: Line) -> str:
    return day(standing.day(line.due_at))
