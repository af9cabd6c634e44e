"""The words that a message to partners begins with: what follows from the facts of its wave."""

from handlers.blocks import Words
from handlers.partner_told import Place
from rules.wave_life import State
from store.session import Reading

STANDS = {
    State.running: "moving",
    State.checking: "over",
    State.closed: "over",
    State.paused: "held",
    State.rolling_back: "back",
    State.rolled_back: "back",
}
"""How a wave stands for those outside; each other state is "to come"."""


async def first_draft(reading: Reading, place: Place) -> str:
    """Words that follow from what is known of a wave, for somebody to change and to approve."""
    week = place.week
    wave = await reading.waves.get(week)
    _, customers = await reading.schedules.of_week(week, skip=0, most=1)
    return draft_words(
        place,
        State(wave.state) if wave else State.planned,
        locations=await reading.schedules.locations_of_week(week),
        customers=customers,
    )


def draft_words(place: Place, state: State, *, locations: int, customers: int) -> str:
    """The same from the facts alone; plain text."""
    words = Words(
        "partner_draft",
        week=place.week,
        stands=STANDS.get(state, "to come"),
        locations=locations,
        customers=customers,
    )
    return words.plain(place.audience).replace("\N{NO-BREAK SPACE}", " ")
