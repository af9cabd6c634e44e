"""A rollback in a modal: how far it is at each location, and what its reader can do; and its buttons."""

from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter

from slack_sdk.models.blocks import Block, DividerBlock, InteractiveElement

from handlers.blocks import Words, actions, button, context, lines, modal, section
from handlers.doors import action
from handlers.errors import Refused
from handlers.interaction import Interaction
from handlers.lists import Page, turned
from handlers.reply import Reply, nothing, show
from handlers.rollback_confirming import confirm, under_way
from handlers.rollback_posts import Share, Under, digest_of, tasks
from handlers.windows import over
from rules.roles import Role
from rules.rollback import TASKS, Item
from store.people import Person
from store.session import Store

TURNS = "rollback_page"


@action("rollback_open", role=Role.viewer)
async def open_view(ask: Interaction, store: Store) -> Reply:
    """How far a rollback is, and one's own tasks in it."""
    number, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        under = await under_way(reading, int(number))
    shown = view(under, ask.person, page)
    return await over(ask, shown)


@action(TURNS, role=Role.viewer)
async def turn_page(ask: Interaction, store: Store) -> Reply:
    """Other locations of the same."""
    number, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return show(view(await under_way(reading, int(number)), ask.person, page))


@action("rollback_done", role=Role.viewer)
async def done_at_all(ask: Interaction, store: Store) -> Reply:
    """A task is done at all locations that were shown with the button."""
    number, at, seen = ask.value.split("|")
    return await _done(ask, store, int(number), int(at), seen=seen)


@action("rollback_done_at", role=Role.viewer)
async def done_at_one(ask: Interaction, store: Store) -> Reply:
    """A task is done at one location."""
    number, at, location = ask.value.split("|", 2)
    return await _done(ask, store, int(number), int(at), location=location)


def view(under: Under, person: Person, page: int = 0) -> dict[str, object]:
    """What waits for the reader, then every location with its tasks, a page at a time."""
    share = Share.of(under.rollback, person.id)
    words = under.words(progress=under.rollback.progress, mine=len(share.now))
    blocks: list[Block] = [section(words["line"])]
    if under.row.is_rehearsal:
        blocks.append(context(words["rehearsal_note"]))
    if under.row.ended_at:
        blocks.append(context(words["over"]))
    blocks += map(section, lines(words["why"].split("\n")))
    if share.now:
        blocks += [DividerBlock(), section(words["waits_heading"]), *tasks(under, share)]
    here = _page(under, page)
    blocks += [DividerBlock(), *map(section, lines([_place(under, each) for each in here.items]))]
    blocks.append(context(here.span))
    row: list[InteractiveElement] = [*here.turns(TURNS, str(under.number))]
    if not under.row.ended_at and (share.now or share.later or person.may(Role.lead)):
        row.append(button("Hand over", "rollback_hand_over", str(under.number)))
    title = "Rehearsal" if under.row.is_rehearsal else "Rollback"
    return modal("rollback", title, [*blocks, *([actions(*row)] if row else [])])


def _page(under: Under, number: int) -> Page[list[Item]]:
    """The locations of a page, each with its tasks; those that are not back come first."""
    items = under.rollback.items
    places = [list(each) for _, each in groupby(items, attrgetter("location"))]
    in_order = sorted(places, key=lambda each: all(item.is_confirmed for item in each))
    return Page.of(in_order, number)


def _place(under: Under, items: Sequence[Item]) -> str:
    first = next((item for item in items if not item.is_confirmed), None)
    name = under.called(items[0].location)
    words = Words("rollback", name=name, items=items, next=first, is_back=first is None)
    return words["place"]


async def _done(
    ask: Interaction,
    store: Store,
    number: int,
    at: int,
    *,
    seen: str = "",
    location: str | None = None,
) -> Reply:
    """Confirm a task at one location, or at all that wait for this person as they were `seen`.

    Raises:
        Refused: others wait by now than were seen, or it cannot be confirmed.
    """
    task = TASKS[at]
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        under = await under_way(tx, number, for_change=True)
        waiting = Share.of(under.rollback, ask.person.id).at(task)
        if location is None and digest_of(waiting) != seen:
            raise Refused(Words("rollback", number=len(waiting))["changed"])
        is_lead = ask.person.may(Role.lead)
        locations = waiting if location is None else [location]
        under = await confirm(tx, under, task.key, locations, is_lead=is_lead)
        if ask.in_modal:
            return tx.answers(show(view(under, ask.person)))
        return tx.answers(nothing())
