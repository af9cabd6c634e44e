"""What everybody concerned hears of a rollback: that it began, and that all are back. Each person once."""

from collections import Counter
from collections.abc import Collection
from datetime import timedelta

from handlers.blocks import actions, built, context, lines, section
from handlers.concerned import tell_concerned
from handlers.digest_waves import WAVE_TURN
from handlers.rollback_posts import CAUSE, Under, open_button
from handlers.wave_announcing import readers
from handlers.wave_said import see_button
from rules.facts import wave_is
from rules.following import Kind, News, Subject
from rules.happenings import FACTS
from rules.location_life import State
from rules.roles import Role
from rules.wave_life import Step
from store.outbox import Message
from store.session import Reading, Transaction

BEGAN, ENDED = "locations go back", "locations are back"
STEPS = {BEGAN: Step.roll_back, ENDED: Step.end}
"""What the wave does meanwhile, where all of it goes back."""
LONGEST_WORDS = 200
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


async def tell_of_beginning(tx: Transaction, under: Under, *, given_back: int) -> None:
    """Tell who has no task in it: owners have their own message."""
    words = under.words(given_back=given_back)
    said = [words["started"], *words["why"].split("\n")]
    if given_back:
        said.append(words["given_back"])
    note = words["rehearsal_note" if under.row.is_rehearsal else "hears_again"]
    row = actions(open_button(under.number), see_button(under.row.week))
    blocks = built(*map(section, lines([each for each in said if each])), context(note), row)
    people = await _concerned(tx, under)
    for person in people:
        if person not in under.owners:
            tx.say(Message(person, words.plain("started"), blocks, cause=CAUSE))
    if not under.row.is_rehearsal:
        await _tell_followers(tx, under, BEGAN, but={*people, *under.owners})


async def tell_of_end(tx: Transaction, under: Under) -> None:
    """Tell everybody that all are back, and what comes next."""
    began, ended = under.row.began_at, under.row.ended_at or await tx.clock.now()
    took = ended - began
    words = under.words(hours=round(took / HOUR), minutes=max(1, round(took / MINUTE)))
    row = actions(open_button(under.number), see_button(under.row.week))
    blocks = built(section(words["ended"]), context(words["ended_note"]), row)
    people = dict.fromkeys([*under.owners, *await _concerned(tx, under)])
    for person in people:
        tx.say(Message(person, words.plain("ended"), blocks, cause=CAUSE))
    if not under.row.is_rehearsal:
        await _tell_followers(tx, under, ENDED, but=people)


async def _concerned(reading: Reading, under: Under) -> list[str]:
    """Who decided, the leads, and the CSAs of the locations; of a rehearsal only who decided."""
    if under.row.is_rehearsal:
        return [under.row.by]
    leads = await reading.roles.people_with(Role.lead)
    if under.row.is_whole_wave:
        owners = [*await reading.wave_owners.people(under.row.week, frozenset(State))]
    else:
        rows = await reading.wave_locations.of(under.row.week, list(under.names))
        emails = {row.csa_email for row in rows if row.csa_email}
        owners = [*(await reading.wave_owners.here(emails)).values()]
    return [*dict.fromkeys([under.row.by, *leads, *owners])]


async def _tell_followers(
    tx: Transaction, under: Under, step: str, *, but: Collection[str]
) -> None:
    rows = await tx.wave_locations.of(under.row.week, list(under.names))
    wave = Subject(Kind.wave, under.row.week.isoformat())
    facts = {
        "week": under.row.week.isoformat(),
        "step": step,
        "words": under.row.words[:LONGEST_WORDS] if step == BEGAN else "",
    }
    known_to = frozenset[str]()
    if under.row.is_whole_wave:
        known_to = await readers(tx, under.row.week)
        facts["fact"] = wave_is(under.row.week, FACTS[STEPS[step]])
    news = [
        News(
            WAVE_TURN,
            frozenset({wave, Subject(Kind.customer, customer)}),
            {**facts, "customer": customer, "locations": locations},
            known_to=known_to,
        )
        for customer, locations in sorted(Counter(row.customer_id for row in rows).items())
    ]
    await tell_concerned(tx, f"rollback {under.number} {step}", news, but=but)
