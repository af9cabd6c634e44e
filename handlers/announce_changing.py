"""Announcing something weekly, or something else from now on: the form, and what its submission does."""

from handlers.announce_form import NAME, form
from handlers.announce_schedule import shown
from handlers.announce_standing import standing_of
from handlers.announce_typed import Typed
from handlers.announce_words import channel_label
from handlers.announcement_schedules import Terms, begin, change
from handlers.button_values import number_in
from handlers.doors import action, submission
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from rules.roles import Kind, Role
from rules.zones import is_zone
from store.session import Reading, Store


@action("announce_form", role=Role.lead)
async def open_new(ask: Interaction, _store: Store) -> Reply:
    """The form, with the clock of who asks."""
    return await over(ask, form(Typed(zone=_own_zone(ask)), now=ask.now, own_zone=_own_zone(ask)))


@action("announce_change", role=Role.lead)
async def open_kept(ask: Interaction, store: Store) -> Reply:
    """The form with what is set."""
    async with store.reading(consistent=True) as reading:
        standing = await standing_of(reading, number_in(ask.value), ask)
        label = channel_label(standing.channel) if standing.channel else standing.says.channel
        typed = Typed.showing(Terms.of(standing.says), channel=label, scope=standing.scope)
        kept = f"{standing.schedule.id}|{standing.schedule.version}"
        return show(await _form(reading, ask, typed, kept))


async def draw_again(ask: Interaction, store: Store) -> Reply:
    """The form as it is filled in, with when it would come and who would read along."""
    async with store.reading(consistent=True) as reading:
        filled = ask.filled
        return show(await _form(reading, ask, Typed.of(filled), filled.private_metadata))


draw_for_channel = action("announce_channel", role=Role.lead)(draw_again)
draw_for_weekday = action("announce_weekday", role=Role.lead)(draw_again)
draw_for_time = action("announce_at", role=Role.lead)(draw_again)
draw_for_zone = action("announce_zone", role=Role.lead)(draw_again)


@submission(NAME, role=Role.lead)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Announce it from now on; what cannot be is said under its field."""
    terms = Typed.of(ask.filled).terms()
    kept = ask.filled.private_metadata
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        if not kept:
            return tx.answers(show(await shown(tx, ask, await begin(tx, terms), "begun")))
        id_, version = map(int, kept.split("|"))
        await change(tx, id_, terms, based_on=version)
        return tx.answers(show(await shown(tx, ask, id_, "saved")))


async def _form(reading: Reading, ask: Interaction, typed: Typed, kept: str) -> dict[str, object]:
    id_ = typed.channel[0] if typed.channel else ""
    channel = await reading.channels.get(id_)
    readers = {kind for _, kind in await reading.channels.outsiders([id_])}
    if channel and channel.shared:
        readers.add(Kind.stranger)
    return form(typed, now=ask.now, own_zone=_own_zone(ask), readers=readers, kept=kept)


def _own_zone(ask: Interaction) -> str:
    return ask.person.timezone if is_zone(ask.person.timezone) else "UTC"
