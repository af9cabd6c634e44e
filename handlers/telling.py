"""/wavepost tell: what to tell customers, partners and colleagues about a wave; from any answer too."""

from dataclasses import replace
from datetime import date

from handlers.blocks import Words, actions, built, context, modal, section
from handlers.choices import GONE, look_up_another, named
from handlers.dates import Dated, look_up
from handlers.doors import action, topic
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.partner_shown import shown, titled
from handlers.partner_told import Place
from handlers.reply import Reply, note
from handlers.wave import named as wave_named
from handlers.windows import over
from rules.account import Became
from rules.asking import Topic, question
from rules.calendar import start_of_week
from rules.partner_message import Audience
from rules.roles import Role
from rules.schedule import State
from store.session import Store

IN_WAVE = frozenset({Became.moving, Became.held})
OF_ITS_OWN = frozenset(
    {
        Became.failed,
        Became.rolling_back,
        Became.rolled_back,
        Became.overdue,
        Became.not_passed,
    }
)
"""What became of locations that others of their wave are not told about."""


@topic(
    "tell",
    role=Role.viewer,
    says="what to tell customers, partners and colleagues about a wave",
)
async def answer_tell(ask: Interaction, store: Store) -> Reply:
    """The words about the wave that is typed; without one, about the one under way or next."""
    async with store.reading(consistent=True) as reading:
        weeks = await reading.wave_day.weeks(await reading.schedules.weeks())
        asked = question(ask.text, ask.today).subject if ask.text.strip() else None
        if asked and asked.topic is Topic.help:
            words = Words("partner", command=ask.called)["help"]
            return note(built(section(words), actions(look_up_another())), words)
        if not weeks:
            raise Refused(Words("wave")["none"])
        return await shown(reading, ask, Place(await wave_named(reading, ask, weeks)))


@action("tell_open", role=Role.viewer)
async def open_message(ask: Interaction, store: Store) -> Reply:
    """The words for another audience or about another wave."""
    async with store.reading(consistent=True) as reading:
        return await shown(reading, ask, Place.read(ask.value))


@action("tell_see", role=Role.viewer)
async def see_message(ask: Interaction, store: Store) -> Reply:
    """The words about a wave, from a button elsewhere; what the button was on stays."""
    async with store.reading(consistent=True) as reading:
        return replace(await shown(reading, ask, Place.read(ask.value)), replaces=False)


@action("schedule_tell", role=Role.viewer)
async def what_to_tell(ask: Interaction, store: Store) -> Reply:
    """The words of the wave of a customer; where these do not fit, words that follow from the plan."""
    async with store.reading(consistent=True) as reading:
        dated = await look_up(reading, named(ask.value), ask.today)
        if not dated:
            raise Refused(GONE)
        if week := wave_of(dated, ask.today):
            place = Place(week, Audience.customer, ask.value)
            return await shown(reading, ask, place)
    return await over(ask, words_of_its_own(dated))


def wave_of(dated: Dated, today: date) -> date | None:
    """The wave whose words fit a customer or location; None where it has none, or words of its own."""
    became = dated.account.told if dated.account else None
    if dated.account and became in IN_WAVE:
        return dated.account.first.week
    if became in OF_ITS_OWN or dated.schedule.state is not State.scheduled:
        return None
    return next((week for week in dated.schedule.dates if week >= start_of_week(today)), None)


def words_of_its_own(dated: Dated) -> dict[str, object]:
    """Words for a customer that follow from the plan, in a window that says who they are for."""
    note_on_them = Words("partner")["none_of_its_own"]
    body = [section(f"```{dated.words['tell']}```"), context(note_on_them)]
    return modal("schedule_words", titled(dated), body)
