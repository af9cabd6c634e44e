"""/share for people without the role sender: what they can do instead, who may send, and whom to ask."""

from collections.abc import Sequence

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import Mrkdwn, Words, actions, built, button, context, mention, section
from handlers.choices import MOST_ECHOED
from handlers.dates import short
from handlers.files.file_finding import MOST_TYPED, found
from handlers.files.file_finding import PAGES as FIND
from handlers.files.my_deliveries import ALL as MINE
from handlers.files.my_deliveries import mine
from handlers.files.review_list import listed, waiting_for
from handlers.files.share_known import label_of
from handlers.files.share_typeahead import spaces_like
from handlers.files.space_list import PAGES as SPACES
from handlers.files.space_shown import ALSO, OPENS
from handlers.files.viewing import reviews
from handlers.interaction import Interaction
from handlers.leads import who_gives
from handlers.lists import turn
from handlers.reply import Reply, note
from rules.roles import Role
from rules.wording import or_listed
from store.people import Person
from store.session import Reading, Store

MOST_NAMED = 3
MOST_SPACES = 3


async def answer_others(ask: Interaction, store: Store) -> Reply:
    """What waits for who asks, else what was delivered to them; and for members who may send files."""
    typed = ask.text.strip()
    async with store.reading(consistent=True) as reading:
        if not ask.person.may(Role.viewer):
            return await (found(reading, ask, typed) if typed else mine(reading, ask))
        if typed:
            return await _cannot_send(reading, ask, typed)
        waits = bool(await waiting_for(reading, ask))
        shown = await (listed if waits else mine)(reading, ask)
        row = [*([button("Files for me", MINE)] if waits else []), *_ways_on(ask.person)]
        below = built(context(await to_send(reading, ask.person)), actions(*row) if row else None)
    return note([*shown.blocks, *below], shown.fallback)


def only_gets(ask: Interaction) -> Reply:
    """For guests and strangers who ask for what senders have: where their own files are."""
    words = Words("file_others", command=ask.called)["gets"]
    return note(built(section(words), actions(button("Files for me", MINE))), words)


async def sent_none(reading: Reading, ask: Interaction) -> Reply:
    """For members who may not send, and never did."""
    words = Words("file_others", to_send=await to_send(reading, ask.person))["sent"]
    row = [button("Files for me", MINE), *_ways_on(ask.person)]
    return note(built(section(words), actions(*row)), words)


async def to_send(reading: Reading, person: Person) -> Mrkdwn:
    """Which role it takes to send, who gives it, and who has it."""
    givers = await who_gives(reading, Role.sender, but=person.id)
    senders = await reading.roles.people_with(Role.sender)
    words = Words("file_others", givers=_named(givers), senders=_named(senders))
    return words["to_send"]


async def _cannot_send(reading: Reading, ask: Interaction, typed: str) -> Reply:
    """A space was named, perhaps: leads can open it, and who reviews can look for files so called."""
    words = Words(
        "file_others",
        typed=short(typed, MOST_ECHOED),
        to_send=await to_send(reading, ask.person),
    )["typed"]
    like = await spaces_like(reading, typed) if ask.person.may(ALSO) else []
    row = [
        *(
            button(label_of(each), f"{OPENS}:{each.id}", str(each.id))
            for each in like[:MOST_SPACES]
        ),
        button("Look for files with these words", FIND, turn(typed[:MOST_TYPED])),
        button("Files for me", MINE),
    ]
    return note(built(section(words), actions(*row)), words)


def _ways_on(person: Person) -> list[ButtonElement]:
    """What a member can do with files of others who may not send any."""
    row: list[ButtonElement] = []
    if reviews(person):
        row.append(button("All files", FIND, turn("")))
    if person.may(ALSO):
        row.append(button("Spaces", SPACES, turn("all")))
    return row


def _named(people: Sequence[str]) -> Mrkdwn:
    return Mrkdwn(or_listed(mention(each) for each in people[:MOST_NAMED]))
