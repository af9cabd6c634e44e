"""One weekly announcement: all that is set, what it said last, and what leads can do with it."""

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.announce_standing import Standing, standing_of
from handlers.announce_words import place_of, weekly_said
from handlers.announcement_schedules import go_on, pause
from handlers.blocks import Mrkdwn, actions, button, context, facts, modal, section
from handlers.button_values import number_in
from handlers.date_languages import ENGLISH, OFFERED, named
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.reply import Reply, show
from handlers.windows import over
from rules.roles import Role
from store.session import Reading, Store

TITLE = "Weekly announcement"


@action("announce_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """All that is set of one."""
    async with store.reading(consistent=True) as reading:
        view = await shown(reading, ask, number_in(ask.value))
    return await over(ask, view)


@action("announce_back", role=Role.viewer)
async def go_back(ask: Interaction, store: Store) -> Reply:
    """The same, in place of the form that was open."""
    async with store.reading(consistent=True) as reading:
        return show(await shown(reading, ask, number_in(ask.value)))


@action("announce_pause", role=Role.lead)
async def pause_one(ask: Interaction, store: Store) -> Reply:
    """Say nothing there until it goes on."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await pause(tx, number_in(ask.value))
        return tx.answers(show(await shown(tx, ask, number_in(ask.value), "paused")))


@action("announce_go_on", role=Role.lead)
async def let_go_on(ask: Interaction, store: Store) -> Reply:
    """Say it again, from the next time on."""
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await go_on(tx, number_in(ask.value))
        return tx.answers(show(await shown(tx, ask, number_in(ask.value), "went_on")))


async def shown(reading: Reading, ask: Interaction, id_: int, done: str = "") -> dict[str, object]:
    """The view of one schedule; `done` names the words for what just became of it.

    Raises:
        NotThere: it was removed, or they may not know of it.
    """
    standing = await standing_of(reading, id_, ask)
    said = standing.words()[done] if done else None
    return view(standing, said, is_lead=ask.person.may(Role.lead))


def view(standing: Standing, said: Mrkdwn | None, *, is_lead: bool) -> dict[str, object]:
    """All that is set, with what was just done said first."""
    says = standing.says
    words = standing.words(
        when=weekly_said(says.weekday, says.at_time, says.zone),
        place=place_of(says.zone),
        zone=says.zone,
        since=standing.day(says.since),
        is_first=len(standing.schedule.versions) == 1,
    )
    blocks: list[Block | None] = [
        section(said) if said else None,
        section(words["title"]),
        facts(
            ("Every week", words["when"]),
            ("Next", words["next"] if not standing.trouble or says.is_paused else ""),
            ("Of whom", standing.whom),
            ("Dates in", named(says.language if says.language in OFFERED else ENGLISH)),
        ),
        section(words["trouble"]) if standing.needs_a_lead else None,
        section(words["shared"]) if standing.is_shared else None,
        section(words["guests"]) if standing.has_guests and is_lead else None,
        section(words["note_said"]) if standing.schedule.note else None,
        section(standing.last_said) if standing.last_said else None,
        context(words["changed"]),
        *(actions(*row) for row in _rows(standing, is_lead=is_lead)),
    ]
    return modal("announce_shown", TITLE, [each for each in blocks if each])


def back_button(id_: int, label: str = "Back") -> ButtonElement:
    """The button that leads from a form back to what it is about."""
    return button(label, "announce_back", str(id_))


def _rows(standing: Standing, *, is_lead: bool) -> list[list[ButtonElement]]:
    id_ = str(standing.schedule.id)
    history = button("History", "announce_history", f"{id_}|0")
    if not is_lead:
        return [[history]]
    turn = (
        button("Go on", "announce_go_on", id_, style="primary")
        if standing.says.is_paused
        else button("Pause", "announce_pause", id_)
    )
    note = "Change the note" if standing.schedule.note else "Add a note"
    return [
        [
            button("Preview", "announce_preview", id_),
            button("Send now", "announce_now", id_),
            button(note, "announce_note", id_),
        ],
        [
            button("Change", "announce_change", id_),
            turn,
            history,
            button("Remove", "announce_remove", id_),
        ],
    ]
