"""What people follow is told: at once, or gathered into one digest for each person."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import structlog
from slack_sdk.models.blocks import Block, ButtonElement, StaticSelectElement

from handlers.blocks import Words, actions, built, button, context, lines, section
from handlers.button_values import id_in
from handlers.choices import opener
from handlers.digest_words import MOST_IN_LINE, MOST_NAMED, WAVE, Digest, subjects_named
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.reply import Reply, note
from handlers.told_news import facts_of, not_to_tell
from rules.following import News, Pace, Subject, hears, touched
from rules.hours import due, is_still_news, quiet_end
from rules.retelling import Told
from rules.roles import Role
from store.outbox import Message
from store.session import OutcomeUnknown, Reading, Store, StoreUnavailable, Transaction
from store.tidings import Tiding

log = structlog.get_logger(__name__)

CAUSE = "digest"
TELLER = "clock"
MOST_SHOWN = 10
MOST_OPENED = 100
MOST_LINES = 10
TRIED_AGAIN = timedelta(hours=1)


async def tell_due(store: Store) -> None:
    """Tell everybody what is due for them, each in one message. Any number of replicas may do it at once."""
    async with store.transaction(actor=TELLER) as tx:
        await tx.tidings.drop_resting(await tx.clock.now())
    while await _tell_next(store):
        pass


async def _tell_next(store: Store) -> bool:
    """Tell one person; False where nobody is left."""
    person = None
    try:
        async with store.transaction(actor=TELLER) as tx:
            now = await tx.clock.now()
            person = await tx.tidings.next_person(now)
            if person is None:
                return False
            tidings = await tx.tidings.due_for(person, now)
            if not await put_off(tx, person, tidings, now):
                await tell(tx, person, tidings, now)
    except (StoreUnavailable, OutcomeUnknown):
        raise
    except Exception:
        if person is None:
            raise
        # What is wrong with the news of one must not keep all the others waiting.
        log.exception("what somebody follows could not be told; it is tried again", person=person)
        async with store.transaction(actor=TELLER) as tx:
            await tx.tidings.put_all_off(person, await tx.clock.now() + TRIED_AGAIN)
    return True


async def put_off(tx: Transaction, person: str, tidings: Sequence[Tiding], now: datetime) -> bool:
    """Wait for a better hour where what is due comes so late that it would be told at night.

    After an outage or a jump of time, say. What is daily then comes with the next digest.
    """
    hours = (await tx.subscriptions.hours_of([person]))[person]
    if quiet_end(now, hours.habits, hours.zone) is None:
        return False
    for tiding in tidings:
        await tx.tidings.put_off(tiding, due(now, tiding.pace, hours.habits, hours.zone))
    return True


async def tell(tx: Transaction, person: str, tidings: Sequence[Tiding], now: datetime) -> None:
    """Say all of this in one message, except what the person wants to hear no more, or is past.

    Nor what was announced to others and the person heard meanwhile by another way, or holds no more.
    """
    chosen = await tx.subscriptions.chosen_by(person)
    known = await not_to_tell(tx, person, tidings, now)
    wanted = {
        tiding.cause: [
            each
            for each in tiding.news
            if _is_wanted(each, chosen, now.date())
            and not (tiding.is_announced and known.issuperset(facts_of(each)))
        ]
        for tiding in tidings
    }
    told = [tiding for tiding in tidings if wanted[tiding.cause]]
    await tx.tidings.drop(person, [tiding for tiding in tidings if tiding not in told])
    if not told:
        return
    news = [each for tiding in told for each in wanted[tiding.cause]]
    message = uuid4()
    digest = await _digest(tx, news, sum(tiding.beyond for tiding in told))
    tx.say(said(digest, person, message))
    await tx.tidings.tell(person, told, message)
    facts = {fact for each in news for fact in facts_of(each)}
    await tx.told_facts.keep(
        [Told(person, fact, now) for fact in facts], message=message, cause=CAUSE
    )


def _is_wanted(news: News, chosen: dict[Subject, Pace], today: date) -> bool:
    if news.event == WAVE and not is_still_news(date.fromisoformat(news.facts["week"]), today):
        return False
    subjects = touched(news.subjects)
    return (
        hears({subject: chosen[subject] for subject in subjects if subject in chosen}) is not None
    )


def said(digest: Digest, person: str, message: UUID) -> Message:
    """The digest as a message: the first few of everything, and the way to the rest."""
    runs = digest.together(digest.entries, most=len(digest.entries))
    shown = runs[:MOST_SHOWN]
    named = sum(min(len(run), MOST_NAMED) for run in shown)
    more = len(digest.entries) - sum(map(len, shown))
    blocks = built(
        section(digest.summary),
        *map(section, lines(list(digest.lines(shown, most_named=MOST_NAMED)))),
        context(Words("digest", more=more)["more"]) if more > 0 else None,
        *_turns(digest),
        *_checks(digest),
        *_features(digest),
        *_waves(digest),
        *_beyond(digest),
        context(Words("digest")["why"]),
        actions(
            *_opener(digest),
            *([see_all(digest, message)] if named < len(digest.entries) else []),
            button("What I follow", "following_open"),
        ),
    )
    return Message(person, digest.summary, blocks, cause=CAUSE, id=message)


@action("digest_all", role=Role.viewer)
async def show_all(ask: Interaction, store: Store) -> Reply:
    """Every customer that a digest told of, in pages; the digest stays."""
    return await _page(ask, store, id_in(ask.value), 0, replaces=False)


@action("digest_page", role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Another page of the same."""
    message, page = turned(ask.value)
    return await _page(ask, store, id_in(message), page, replaces=True)


async def _page(
    ask: Interaction, store: Store, message: UUID, page: int, *, replaces: bool
) -> Reply:
    async with store.reading(consistent=True) as reading:
        told = await reading.tidings.told_in(ask.person.id, message)
        if not told:
            raise Refused(Words("digest")["gone"])
        news = [each for tiding in told for each in tiding.news]
        digest = await _digest(reading, news, sum(tiding.beyond for tiding in told))
    return listed(digest, page, message, replaces=replaces)


def listed(digest: Digest, page: int, message: UUID, *, replaces: bool) -> Reply:
    """A page of the customers that a digest told of."""
    entries = digest.entries[page * PAGE : (page + 1) * PAGE]
    shown = Page(entries, page, len(digest.entries))
    runs = digest.together(entries, most=MOST_IN_LINE)
    choices = [(f"customer|{each.customer_id}", each.name) for each in entries]
    blocks = built(
        section(digest.summary),
        *map(section, lines(list(digest.lines(runs, most_named=MOST_IN_LINE)))),
        *_beyond(digest),
        context(shown.span),
        actions(
            opener("Open one of these", choices),
            *shown.turns("digest_page", str(message)),
        ),
    )
    return note(blocks, digest.summary, replaces=replaces)


async def _digest(reading: Reading, news: Sequence[News], beyond: int) -> Digest:
    return Digest(news, beyond, await reading.subscriptions.names(subjects_named(news)))


def see_all(digest: Digest, message: UUID) -> ButtonElement:
    """The button that leads to every customer of a digest."""
    return button(f"See all {len(digest.entries):,}", "digest_all", str(message))


def _opener(digest: Digest) -> list[StaticSelectElement]:
    choices = [(f"customer|{id_}", name) for id_, name in digest.customers[:MOST_OPENED]]
    return [opener("Open one of these", choices)] if choices else []


def _turns(digest: Digest) -> list[Block]:
    if not digest.turns:
        return []
    more = Words("digest", more=len(digest.turns) - MOST_LINES)
    rest = [more["more_turns"]] if len(digest.turns) > MOST_LINES else []
    texts = [more["turns_heading"], *digest.turns[:MOST_LINES], *rest]
    return [section(text) for text in lines(texts)]


def _checks(digest: Digest) -> list[Block]:
    if not digest.checks:
        return []
    words = Words("digest_checks", more=len(digest.checks) - MOST_LINES)
    rest = [words["more_customers"]] if len(digest.checks) > MOST_LINES else []
    texts = [words["heading"], *digest.checks[:MOST_LINES], *rest]
    return [section(text) for text in lines(texts)]


def _features(digest: Digest) -> list[Block]:
    if not digest.features:
        return []
    heading = Words("digest", more=len(digest.features) - MOST_LINES)
    more = [heading["more_features"]] if len(digest.features) > MOST_LINES else []
    texts = [heading["features_heading"], *digest.features[:MOST_LINES], *more]
    return [section(text) for text in lines(texts)]


def _waves(digest: Digest) -> list[Block]:
    if not digest.waves:
        return []
    texts = [Words("digest")["waves_heading"], *digest.wave_lines()]
    return [section(text) for text in lines(texts)]


def _beyond(digest: Digest) -> list[Block]:
    if not digest.beyond:
        return []
    return [context(Words("digest", beyond=digest.beyond)["beyond"])]
