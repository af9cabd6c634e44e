"""Got it, pressed on an announcement: who read it is counted once, and asked for nothing else."""

from handlers.blocks import Words, actions, built, button, section
from handlers.button_values import number_in
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.session import Store


@action("announcement_got_it", role=Role.viewer)
async def press(ask: Interaction, store: Store) -> Reply:
    """Keep that this person read it; the message stays as it is for the others."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        announcement = number_in(ask.value)
        if await tx.announcements.get(announcement) is None:
            raise Refused(Words("reached")["gone"])
        is_new = await tx.reach.press(announcement, ask.person.id, ask.now)
        words = Words("reached")["got_it" if is_new else "got_it_before"]
        row = actions(button("What concerned me", "missed"))
        return tx.answers(note(built(section(words), row), words, replaces=False))
