"""An answer passed on: a post that the whole channel sees, and the way to words for the customer."""

from slack_sdk.models.blocks import ButtonElement

from handlers.blocks import Words, actions, built, button, context, section
from handlers.choices import GONE, look_up_another, named
from handlers.dates import Dated, answer_blocks, look_up
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.interactions import InteractionKey
from store.outbox import Message
from store.session import Store, Transaction

SHARED = (
    "This channel is shared with another company, so dates are not posted here. "
    "“What to tell them” has words that you can send."
)
GUESTS_READ = (
    "Guests read along in this channel, so dates are not posted here. "
    "“What to tell them” has words that you can send."
)


@action("schedule_post", role=Role.viewer)
async def post(ask: Interaction, store: Store) -> Reply:
    """Show the answer to the whole channel, in the name of who looked it up; once, however often pressed."""
    pressed = f"{ask.name}:{ask.channel}:{ask.message}:{ask.value}"
    once = InteractionKey.of("button", pressed, b"")
    async with store.transaction(once, actor=ask.person.id) as tx:
        channel = await channel_to_post_in(tx, ask)
        dated = await look_up(tx, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        tx.say(posted(dated, channel, ask))
        done = Words("schedule", channel=channel)["posted"]
        row = actions(tell_button(ask.value), look_up_another())
        return tx.answers(note(built(section(dated.line), context(done), row), dated.line))


async def channel_to_post_in(tx: Transaction, ask: Interaction) -> str:
    """The id of the channel where a button was pressed that shows an answer to all in it.

    Raises:
        Refused: Wavepost is not in it, or not only colleagues read it.
    """
    channel = await tx.channels.get(ask.channel or "")
    if channel is None or not channel.joined:
        raise Refused("I am not in this channel. Invite me with /invite, then press again.")
    if channel.shared:
        raise Refused(SHARED)
    if await tx.channels.has_outsiders(channel.id):
        raise Refused(GUESTS_READ)
    return channel.id


def posted(dated: Dated, channel: str, ask: Interaction) -> Message:
    """The answer as everyone in a channel sees it."""
    by = Words("schedule", person=ask.person.id)["shared_by"]
    blocks = built(*answer_blocks(dated), context(by))
    return Message(channel, dated.line, blocks, cause="schedule posted")


def tell_button(value: str) -> ButtonElement:
    """The button for the words that can be sent to a customer."""
    return button("What to tell them", "schedule_tell", value)


def post_button(value: str) -> ButtonElement:
    """The button that shows an answer to all in the channel."""
    return button("Post here for all", "schedule_post", value)
