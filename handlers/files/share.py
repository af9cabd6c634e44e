"""/share: deliver files to customers, see who got them, and find what was delivered to oneself."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from html import unescape

from slack_sdk.models.blocks import StaticSelectElement

from handlers.blocks import Words, actions, built, button, section
from handlers.button_values import id_in
from handlers.choices import MOST_ECHOED, chooser
from handlers.dates import short
from handlers.doors import action, command
from handlers.files.file_card import show_numbered
from handlers.files.file_finding import find
from handlers.files.my_deliveries import mine
from handlers.files.not_sending import answer_others, only_gets, to_send
from handlers.files.review_list import list_waiting
from handlers.files.share_drafts import draft_called
from handlers.files.share_known import label_of
from handlers.files.share_opening import opened
from handlers.files.share_sent import list_sent
from handlers.files.share_typeahead import MOST_OFFERED, spaces_like
from handlers.files.share_typed import Kept, Typed
from handlers.files.space_list import list_spaces, one_space
from handlers.files.space_shown import ALSO, KEEPS
from handlers.files.viewing import reviews
from handlers.interaction import Interaction
from handlers.reply import Reply, note, nothing
from handlers.windows import over
from rules.naming import fold
from rules.roles import Role
from rules.spelling import nearest
from store.session import Reading, Store
from store.spaces import Space

OPENS = "file_share_open"
"""The action that opens the form, for a space where one is named."""


@command(
    "/share",
    role=Role.recipient,
    says="deliver files to customers, see who got them; and what was delivered to you",
    example="sent",
)
async def answer_share(ask: Interaction, store: Store) -> Reply:
    """The form for who sends; what was delivered to them for others. Or what else was typed."""
    ask = replace(ask, text=unescape(ask.text))
    first, _, rest = ask.text.strip().partition(" ")
    word = first.casefold()
    if word in OF_STAFF and not ask.person.may(Role.viewer):
        return only_gets(ask)
    if word in TOPICS:
        return await TOPICS[word](replace(ask, text=rest.strip()), store)
    if first.removeprefix("#").isdecimal() and not rest:
        return await show_numbered(ask, store, first.removeprefix("#"))
    if not ask.person.may(Role.sender):
        return await answer_others(ask, store)
    return await open_for(ask, store)


async def open_for(ask: Interaction, store: Store) -> Reply:
    """The form, for the space whose name was typed, if one was; asks back where that is not clear."""
    typed = ask.text.strip()
    async with store.reading(consistent=True) as reading:
        found = await spaces_like(reading, typed)
        if not found:
            return await _none(reading, ask, typed)
        exactly = [each for each in found if fold(each.name) == fold(typed)]
        chosen = exactly if len(exactly) == 1 else found
        if typed and len(chosen) > 1:
            return _which(chosen, typed)
        await ask.open(await _form(reading, ask, chosen if typed else ()))
    return nothing()


@action(OPENS, role=Role.sender)
async def open_from_button(ask: Interaction, store: Store) -> Reply:
    """The form, from a button or from the choice of a space; without a value, as it was left."""
    async with store.reading(consistent=True) as reading:
        space = await reading.spaces.get(id_in(ask.value)) if ask.value else None
        view = await _form(reading, ask, [space] if space and space.is_open else ())
    return await over(ask, view)


async def _form(reading: Reading, ask: Interaction, spaces: Sequence[Space]) -> dict[str, object]:
    """The form for these spaces, or the draft where that is about the same, or about anything."""
    typed = Typed(spaces=tuple((str(each.id), label_of(each)) for each in spaces))
    kept = Kept.new()
    left = await draft_called(reading, ask.person.id, kept.draft)
    if left and (not spaces or typed.spaces == left.typed.spaces):
        return await opened(reading, ask, left.typed, kept, is_draft=True)
    return await opened(reading, ask, typed, kept, is_draft=False)


async def _none(reading: Reading, ask: Interaction, typed: str) -> Reply:
    """Nothing can be sent, for want of a space; or no space is called so."""
    spaces = await reading.spaces.all()
    near = nearest(typed, [name for each in spaces for name in (each.name, each.organisation)])
    words = Words(
        "file_share", command=ask.called, typed=short(typed, MOST_ECHOED), near=near, any=spaces
    )["no_space"]
    like = await spaces_like(reading, near) if near else []
    row = actions(_chooser(like)) if like else None
    return note(built(section(words), row), words)


def _which(spaces: Sequence[Space], typed: str) -> Reply:
    """Several could be meant: ask which."""
    words = Words("file_share", typed=short(typed, MOST_ECHOED), total=len(spaces))["which_space"]
    return note(built(section(words), actions(_chooser(spaces))), words)


def _chooser(spaces: Sequence[Space]) -> StaticSelectElement:
    choices = [(str(each.id), label_of(each)) for each in spaces[:MOST_OFFERED]]
    return chooser("Choose a space", OPENS, choices)


async def usage(ask: Interaction, store: Store) -> Reply:
    """What can be typed, as far as it is of use to who asks."""
    person = ask.person
    async with store.reading() as reading:
        words = Words(
            "file_share",
            command=ask.called,
            sends=person.may(Role.sender),
            decides=reviews(person),
            keeps=bool({KEEPS, ALSO} & person.roles),
            is_member=person.may(Role.viewer),
            to_send=await to_send(reading, person),
        )["help"]
    row = actions(button("Open the form", OPENS)) if person.may(Role.sender) else None
    return note(built(section(words), row), words)


async def list_mine(ask: Interaction, store: Store) -> Reply:
    """What was delivered to oneself."""
    async with store.reading(consistent=True) as reading:
        return await mine(reading, ask)


Topic = Callable[[Interaction, Store], Awaitable[Reply]]
TOPICS: Mapping[str, Topic] = {
    "help": usage,
    "?": usage,
    "mine": list_mine,
    "sent": list_sent,
    "waiting": list_waiting,
    "find": find,
    "search": find,
    "space": one_space,
    "spaces": list_spaces,
}
"""What else can be typed behind the command, by its first word."""
OF_STAFF = frozenset({"sent", "waiting", "space", "spaces"})
"""What concerns nobody who only gets files."""
