"""Marking in Slack: from the list, from one location, or many at once by a form."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.blocks import Words, modal
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.mark_form import (
    ALL,
    ASKS,
    CAUSE,
    MINE,
    NAME,
    SOME,
    WORDS,
    About,
    Filled,
    form,
)
from handlers.mark_jobs import MOST_AT_ONCE, mark_later
from handlers.marking import Mark, mark_all, remedy_for
from handlers.reply import Reply, show
from handlers.wave_location import card_view, line_of
from handlers.wave_shown import Pressed, shown, standing_of
from handlers.wave_words import Standing
from handlers.windows import in_place
from rules.catalogue import Cause, meant
from rules.location_life import Step
from rules.naming import is_said
from rules.roles import Role
from store.session import Reading, Store, Transaction


@action("wave_row", role=Role.viewer)
async def choose_in_list(ask: Interaction, store: Store) -> Reply:
    """Something was chosen beside a location: it is marked migrated at once, all else asks for words."""
    pressed = Pressed.read(ask.value)
    week, location_id = pressed.place.week, pressed.location_id
    if pressed.step is Step.migrate:
        async with store.transaction(ask.key, actor=ask.person.id) as tx:
            mark = Mark(Step.migrate, [(location_id, pressed.version)])
            marked = await mark_all(tx, week, mark, by=ask.person)
            said = "" if marked.taken else marked.refused[0].words
            return tx.answers(await shown(tx, ask, pressed.place, said=said))
    async with store.reading(consistent=True) as reading:
        if pressed.step is None:
            view = await card_view(reading, ask.person, week, location_id)
        else:
            about = About(pressed.step, week, pressed.version, location_id)
            view = await one_form(reading, about)
    return await in_place(ask, view)


@action("wave_mark", role=Role.csa)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """A button under a wave, or in the look of one location: the form, or the mark itself."""
    about = About.read(ask.value)
    if about.location_id and about.step is Step.migrate:
        async with store.transaction(ask.key, actor=ask.person.id) as tx:
            mark = Mark(Step.migrate, [(about.location_id, about.version)])
            marked = await mark_all(tx, about.week, mark, by=ask.person)
            said = "" if marked.taken else marked.refused[0].words
            view = await card_view(tx, ask.person, about.week, about.location_id, said=said)
            return tx.answers(show(view))
    async with store.reading(consistent=True) as reading:
        if about.location_id:
            view = await one_form(reading, about)
        else:
            standing = await standing_of(reading, about.week, ask.person)
            view = _several(standing, about)
    return await in_place(ask, view)


async def one_form(reading: Reading, about: About) -> dict[str, object]:
    """The form about one location, with the remedy that worked before."""
    line = await line_of(reading, about.week, about.location_id)
    remedy = None
    if about.step is Step.try_again:
        remedy = await remedy_for(reading, line.cause_id)
    return form(about, line=line, remedy=remedy)


@submission(NAME, role=Role.csa)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Mark them; where the words are like a cause that is known, ask which is meant first."""
    about, filled = About.read(ask.filled.private_metadata), Filled.of(ask.filled)
    _check(about, filled)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        alike = await _alike(tx, about, filled)
        if alike:
            return tx.answers(show(await _asked_again(tx, ask, about, filled, alike)))
        if about.location_id:
            return tx.answers(show(await _mark_one(tx, ask, about, filled)))
        chosen = await _chosen(tx, ask, about, filled)
        mark = _mark(about, filled, [(each, None) for each in chosen])
        if len(chosen) > MOST_AT_ONCE:
            return tx.answers(show(await mark_later(tx, about.week, mark)))
        marked = await mark_all(tx, about.week, mark, by=ask.person)
        return tx.answers(show(modal("wave_told", "Marked", marked.blocks)))


def _check(about: About, filled: Filled) -> None:
    """Raises FormErrors where something is missing that Slack's own form does not ask for."""
    words = Words("wave")
    if about.step in ASKS and not is_said(filled.words):
        raise FormErrors({WORDS: words.plain("missing_words")})
    if not about.location_id and filled.whose not in (MINE, ALL) and not filled.some:
        raise FormErrors({SOME: words.plain("missing_which")})


async def _alike(reading: Reading, about: About, filled: Filled) -> Sequence[Cause]:
    """Causes that may be meant by the words of a new one, unless that was asked before."""
    if about.step is not Step.fail or filled.cause is not None or filled.meant:
        return ()
    return meant(filled.words, await reading.wave_day.causes()).alike


async def _asked_again(
    tx: Transaction, ask: Interaction, about: About, filled: Filled, alike: Sequence[Cause]
) -> dict[str, object]:
    if about.location_id:
        line = await line_of(tx, about.week, about.location_id)
        return form(about, line=line, filled=filled, alike=alike)
    standing = await standing_of(tx, about.week, ask.person)
    return _several(standing, about, filled, alike)


def _several(
    standing: Standing, about: About, filled: Filled | None = None, alike: Sequence[Cause] = ()
) -> dict[str, object]:
    """The form for many; only a lead is offered to mark those of everybody with one press."""
    everybody = standing.counts if standing.is_lead else None
    return form(about, counts=everybody, mine=standing.mine, filled=filled, alike=alike)


async def _mark_one(
    tx: Transaction, ask: Interaction, about: About, filled: Filled
) -> dict[str, object]:
    """Mark the one location, and look at it as it is then."""
    mark = _mark(about, filled, [(about.location_id, about.version)])
    marked = await mark_all(tx, about.week, mark, by=ask.person)
    if not marked.taken:
        field = CAUSE if about.step is Step.fail else WORDS
        raise FormErrors({field: marked.refused[0].plain})
    said = marked.words["paused_by_that"] if marked.is_pause else ""
    return await card_view(tx, ask.person, about.week, about.location_id, said=said)


async def _chosen(tx: Transaction, ask: Interaction, about: About, filled: Filled) -> Sequence[str]:
    """The ids of the locations that are meant.

    Raises:
        Refused: nobody of them is left.
    """
    if filled.whose == MINE:
        chosen = await tx.wave_day.left(about.week, (ask.person.email or "").lower())
    elif filled.whose == ALL and ask.person.may(Role.lead):
        chosen = await tx.wave_day.left(about.week)
    else:
        named = [value.partition("|")[::2] for value, _ in filled.some]
        locations = [id_ for kind, id_ in named if kind == "location"]
        customers = [id_ for kind, id_ in named if kind == "customer"]
        chosen = await tx.wave_day.meant(about.week, locations, customers)
    if not chosen:
        raise Refused("Nobody of these is left to migrate.")
    return chosen


def _mark(about: About, filled: Filled, at: Sequence[tuple[str, int | None]]) -> Mark:
    mark = Mark(about.step, at, words=filled.words, lost_orders=filled.lost_orders)
    return mark if filled.cause is None else replace(mark, cause=filled.cause, words="")
