"""/wavepost: what is this, and what can be asked."""

from handlers.blocks import Words, actions, built, section
from handlers.choices import look_up_another
from handlers.doors import ROOT, command
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.roles import Role
from store.session import Store


@command(ROOT, role=Role.viewer)
async def answer_wavepost(ask: Interaction, store: Store) -> Reply:  # noqa: ARG001 - every handler takes both
    """What is migration, in three sentences, and where to go on."""
    words = Words("wavepost", command=ask.called)
    row = actions(look_up_another("Look up a date"))
    return note(built(section(words["what"]), section(words["topics"]), row), words["what"])
