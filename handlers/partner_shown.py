"""What to tell about a wave, as one reads it: the words that count, those that wait, what one can do."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import (
    MOST_IN_OPTION_VALUE,
    Mrkdwn,
    actions,
    built,
    button,
    context,
    day,
    lines,
    modal,
    quoted,
    section,
)
from handlers.choices import chooser, named
from handlers.dates import Dated, look_up, short
from handlers.difference_shown import quotations
from handlers.interaction import Interaction
from handlers.partner_told import WHOM, Place, Pressed, Told, people_named
from handlers.reply import Reply, note
from handlers.wave_said import see_button
from handlers.windows import over
from rules.partner_message import WRITES, Audience, Step, Version, reads_drafts
from rules.word_difference import word_difference
from store.people import Person
from store.session import Reading

TITLE = "What to tell them"
WINDOW = "tell"
"""All windows about it are called so: each takes the place of the one before."""
MOST_IN_MESSAGE = 10_000
"""Of the words that somebody wrote: a message takes 13,000 in all."""
MOST_WEEKS = 100
MOST_IN_TITLE = 24
LABELS = {
    Step.approve: "Approve",
    Step.decline: "Decline",
    Step.rewrite: "Change the draft",
    Step.drop: "Take it back",
}


async def shown(reading: Reading, ask: Interaction, place: Place, *, said: str = "") -> Reply:
    """What to tell, as an answer: a message, or a window of its own. `said` is told above it."""
    if ask.in_modal or ask.channel is None or place.about:
        return await over(ask, await window(reading, ask, place, said=said), instead_of=WINDOW)
    blocks = await look(reading, ask, place, said=said)
    return note(built(*blocks), said or f"What to tell {WHOM[place.audience]}")


async def window(
    reading: Reading, ask: Interaction, place: Place, *, said: str = ""
) -> dict[str, object]:
    """All that is shown of a message, in a window that names the customer whom it is about."""
    dated = await _about(reading, ask, place)
    blocks = await look(reading, ask, place, said=said)
    return modal(WINDOW, titled(dated) if dated else TITLE, blocks)


async def look(reading: Reading, ask: Interaction, place: Place, *, said: str = "") -> list[Block]:
    """All that is shown of a message."""
    told = await Told.of(reading, place)
    dated = await _about(reading, ask, place)
    return [
        *([section(said)] if said else []),
        *current_words(told, dated, ask.person),
        *draft_words(told, ask.person),
        *ways_on(told, ask.person),
        actions(*others(place), *await waves(reading, place, dated), see_button(place.week)),
    ]


async def _about(reading: Reading, ask: Interaction, place: Place) -> Dated | None:
    return await look_up(reading, named(place.about), ask.today) if place.about else None


def titled(dated: Dated) -> str:
    """The title of a window with words for a customer."""
    return "Tell " + short(dated.known.name, MOST_IN_TITLE - len("Tell "))


def current_words(told: Told, dated: Dated | None, person: Person) -> list[Block]:
    """The words that count; where nobody approved any, that, and what follows from the plan."""
    words = told.words(name=dated.known.name if dated else "")
    head = section(words["head"])
    if told.current:
        texts = lines(quoted(told.current.text).split("\n"))
        stopped = [section(words["stopped"])] if told.stopped else []
        return [head, *within(texts, words["cut"]), context(words["standing"]), *stopped]
    if dated and told.place.audience is Audience.customer:
        return [head, section(f"```{dated.words['tell']}```"), context(words["not_approved"])]
    if told.draft:
        return [head]
    return [head, context(words["offer" if person.may(WRITES) else "csa_writes"])]


def draft_words(told: Told, person: Person) -> list[Block]:
    """The version that waits: whole for those who write and approve, a line for everybody else."""
    if told.draft is None:
        return []
    words = told.words(writers=people_named(sorted(told.draft.writers)))
    if not reads_drafts(person.roles):
        return [context(words["draft_for_readers"])] if told.current else []
    return [
        section(words["draft_head"]),
        *within(proposed(told.draft, told.current), words["cut"]),
        *([context(words["legend"])] if told.current else []),
        context(words["approvers"]),
    ]


def proposed(draft: Version, current: Version | None) -> list[Mrkdwn]:
    """The words of a draft, whole, with the marks of what differs from those that count."""
    if current is None:
        return [Mrkdwn(text) for text in lines(quoted(draft.text).split("\n"))]
    return quotations(word_difference(current.text, draft.text))


def within(texts: Sequence[str], rest: str, room: int = MOST_IN_MESSAGE // 2) -> list[Block]:
    """Texts as far as there is room for them, and where the rest is to be found."""
    blocks: list[Block] = []
    for text in texts:
        room -= len(text)
        if blocks and room < 0:
            return [*blocks, context(rest)]
        blocks.append(section(text))
    return blocks


def ways_on(told: Told, person: Person) -> list[Block]:
    """What this person can do with the words."""
    row: list[InteractiveElement] = []
    if told.current:
        value = str(Pressed(told.place, told.current.number))
        style = None if told.stopped else "primary"
        row.append(button("Copy the words", "partner_copy", value, style=style))
    if told.draft:
        value = str(Pressed(told.place, told.draft.number, told.draft.standing.version))
        steps = told.draft.open_to(person.id, person.roles)
        row += [button(LABELS[step], f"partner_{step}", value) for step in LABELS if step in steps]
    elif person.may(WRITES):
        label = "Write a new version" if told.current else "Write them"
        style = "primary" if told.stopped else None
        row.append(button(label, "partner_write", str(told.place), style=style))
    if told.message.read_by(person.roles):
        row.append(button("Versions", "partner_versions", f"{told.place}|0"))
    return [actions(*row)] if row else []


def others(place: Place) -> list[InteractiveElement]:
    """The ways to what the other audiences are told of the same wave."""
    return [
        button(f"For {WHOM[each]}", f"tell_open:{each}", str(Place(place.week, each, place.about)))
        for each in Audience
        if each is not place.audience
    ]


async def waves(reading: Reading, place: Place, dated: Dated | None) -> list[InteractiveElement]:
    """The way to other waves: all, or those of the customer that one came from."""
    weeks = list(dated.schedule.dates) if dated else await reading.schedules.weeks()
    near = sorted(weeks, key=lambda week: abs(week - place.week))[:MOST_WEEKS]
    choices = [
        (_option(replace(place, week=week)), f"Week of {day(week)}")
        for week in sorted(near)
        if week != place.week
    ]
    return [chooser("Another wave", "tell_open:wave", choices)] if choices else []


def _option(place: Place) -> str:
    """What an option carries; who it is about is left out where that is too long for one."""
    value = str(place)
    return value if len(value) <= MOST_IN_OPTION_VALUE else str(replace(place, about=""))


def back_button(place: Place) -> InteractiveElement:
    """The way back to all that is shown of a message."""
    return button("Back", "tell_open:back", str(place))
