"""From Slack to the web: a link that signs one person in, once, and buttons that open a page."""

from urllib.parse import quote

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import Words, actions, built, context, plain, section
from handlers.choices import which_one
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.offers import CUSTOMER
from handlers.pages import address_of
from handlers.reply import Reply, note, nothing
from rules.roles import Role
from store.session import Store, Transaction

OPENED = "web_open"
NO_DOOR = (
    "Wavepost has no web pages here yet. Whoever runs it gives them an address in WAVEPOST_ADDRESS."
)


@topic(
    "web",
    role=Role.viewer,
    says="a link that opens Wavepost in your browser",
    example=CUSTOMER,
)
async def answer_web(ask: Interaction, store: Store) -> Reply:
    """A link for the asker alone, to the front page or to the page of what they name."""
    if not ask.web:
        raise Refused(NO_DOOR)
    path = "/"
    if ask.text.strip():
        async with store.reading() as reading:
            matches = await reading.names.find(ask.text)
        if not matches.only:
            return which_one(matches, ask.text)
        path = address_of(matches.only.kind, matches.only.id)
    # Without a key: the answer would be kept for a repetition, and with it the link's secret.
    async with store.transaction(actor=ask.person.id) as tx:
        address = await link(tx, ask, path)
    words = Words("web")
    row = actions(_opener("Open Wavepost", address))
    return note(built(section(words["link"]), row, context(words["once"])), words["link"])


@action(OPENED, role=Role.viewer)
async def opened(_ask: Interaction, _store: Store) -> Reply:
    """The browser opens the page by itself; Slack only tells us of the press."""
    return nothing()


async def link(tx: Transaction, ask: Interaction, path: str) -> str:
    """The address that signs the asker in, once, within ten minutes, and leads to one of our pages.

    Only for an answer that nobody else sees, and that is not kept: `tx.answers` and messages are.

    Raises:
        Refused: the web door has no address.
    """
    if not ask.web:
        raise Refused(NO_DOOR)
    token = await tx.web_links.make(ask.person.id, path)
    return f"{ask.web}/link/{quote(token)}"


def link_button(
    ask: Interaction, path: str, words: str = "See it on the web"
) -> list[ButtonElement]:
    """The button that opens one of our pages, for `*link_button(...)`; none where there is no web door.

    It holds no secret: who presses it signs in there.
    """
    return [_opener(words, ask.web + path)] if ask.web else []


def _opener(words: str, address: str) -> ButtonElement:
    # Slack wants another id for each button of a row, and nobody opens two pages by the same words.
    return ButtonElement(text=plain(words), action_id=f"{OPENED}:{words}", url=address)
