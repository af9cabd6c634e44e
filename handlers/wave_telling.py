"""Who hears of what a wave does: leads, approvers, the CSAs of whoever waits, and followers, each once."""

from collections.abc import Collection
from datetime import date

from handlers.blocks import built
from handlers.concerned import tell_concerned
from handlers.digest_waves import WAVE_TURN
from handlers.wave_announcing import readers
from handlers.wave_reminding import take_back
from handlers.wave_said import BLOCKS, CAUSE, decided
from handlers.wave_said import Told as Saying
from handlers.wave_turn import WaveTurn
from rules.following import Kind, News, Subject
from rules.happenings import fact_of
from rules.location_life import State
from rules.retelling import Told
from rules.roles import Role
from rules.wave_life import Step
from store.outbox import Message
from store.session import Transaction
from store.wave_owners import WAITING

LONGEST_WORDS = 200
HEARING = {Step.close: frozenset(State)}
"""The states of locations whose owners hear of a step; of others, the owners of whoever waits."""


def about(week: date) -> str:
    """What the posts are kept under that ask approvers to decide about a wave."""
    return f"pause {week}"


async def follow(tx: Transaction, turn: WaveTurn) -> None:
    """Tell all who must hear of this step of a wave, except who took it."""
    step, by = turn.taken.step, turn.taken.by
    if step in (Step.go_on, Step.roll_back):
        await _close_posts(tx, turn)
    if step not in BLOCKS:
        return
    told = await Saying.of(tx, turn.wave, turn.taken)
    states = HEARING.get(step, WAITING)
    mine = await tx.wave_owners.people(turn.week, states)
    decide = told.deciders.people if step in (Step.pause, Step.go_on) else ()
    said = await take_back(tx, turn, mine)
    people = dict.fromkeys([*decide, *await tx.roles.people_with(Role.lead), *mine, *said])
    fact, now = fact_of(turn.week, turn.taken), await tx.clock.now()
    for person in people:
        if person == by:
            continue
        message = said.get(person)
        if message is None:
            message = told.to(person, mine=mine.get(person, 0))
            tx.say(message)
        if fact:
            known = [Told(person, fact, now)]
            await tx.told_facts.keep(known, message=message.id, cause=CAUSE)
        if step is Step.pause and person in decide:
            await tx.posts.keep(about(turn.week), person, message.id)
    await _tell_followers(tx, turn, states, but={*people, by})


async def _close_posts(tx: Transaction, turn: WaveTurn) -> None:
    """Take the buttons away where approvers were asked to decide: somebody did."""
    steps = [each.taken for each in await tx.waves.steps(turn.week)]
    paused = next(each for each in reversed(steps) if each.step is Step.pause)
    fallback, blocks = decided(turn.week, paused, turn.taken)
    for person, message in (await tx.posts.of(about(turn.week))).items():
        tx.say(Message(person, fallback, built(*blocks), cause=CAUSE, updates=message))
    await tx.posts.forget(about(turn.week))


async def _tell_followers(
    tx: Transaction, turn: WaveTurn, states: Collection[State], *, but: Collection[str]
) -> None:
    wave = Subject(Kind.wave, turn.week.isoformat())
    customers = await tx.wave_owners.customers(turn.week, states)
    reading_along = await readers(tx, turn.week)
    facts = {
        "week": turn.week.isoformat(),
        "step": turn.taken.step,
        "words": turn.taken.words[:LONGEST_WORDS],
    }
    if fact := fact_of(turn.week, turn.taken):
        facts["fact"] = fact
    news = [
        News(
            WAVE_TURN,
            frozenset({wave, Subject(Kind.customer, customer)}),
            {**facts, "customer": customer, "locations": locations},
            known_to=reading_along,
        )
        for customer, locations in customers.items()
    ]
    cause = f"wave {turn.week} {turn.taken.step} {turn.taken.version}"
    await tell_concerned(tx, cause, news, but=but)
