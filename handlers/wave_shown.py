"""A wave in Slack: where it stands, its locations a page at a time, and what its reader can do."""

from dataclasses import dataclass, replace
from datetime import date

from slack_sdk.models.blocks import (
    Block,
    InteractiveElement,
    OverflowMenuElement,
    SectionBlock,
    StaticSelectElement,
)

from handlers.blocks import (
    MOST_IN_OPTION_VALUE,
    Words,
    actions,
    button,
    context,
    modal,
    option,
    plain,
    section,
)
from handlers.choices import chooser
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turn, turned
from handlers.partner_told import tell_wave_button
from handlers.reply import Reply, show
from handlers.wave_said import decide_buttons
from handlers.wave_words import BUTTONS, GROUPS, Standing, row
from handlers.web_links import link_button
from handlers.windows import answered
from rules.location_life import Step
from rules.roles import Role
from rules.wave_day import Group, marks, turns
from rules.wave_life import State as WaveState
from rules.wave_life import Step as WaveStep
from store.people import Person
from store.session import Reading
from store.wave_day import Line, Which
from store.wave_rows import WaveRow

TURNS = "wave_page"
OPENS = "open"
TITLE = "The wave’s day"
ROLLED_BACK_IN_PART = (WaveState.running, WaveState.checking)
NAMED_TURNS = {WaveStep.start: "Start the wave", WaveStep.pause: "Pause the wave"}


@dataclass(frozen=True, slots=True)
class Place:
    """What a person looks at: a wave, which of its locations, and which page of them."""

    week: date
    group: Group = Group.everything
    page: int = 0

    def __str__(self) -> str:
        return turn(f"{self.week}/{self.group}", self.page)

    @classmethod
    def read(cls, value: str) -> "Place":
        """The place that a button or option stands for."""
        scope, page = turned(value)
        week, _, group = scope.partition("/")
        return cls(date.fromisoformat(week), Group(group), page)


@dataclass(frozen=True, slots=True)
class Pressed:
    """What was chosen beside a location in the list: a step, or to open it; and where the list was."""

    step: Step | None
    location_id: str
    version: int
    place: Place

    def __str__(self) -> str:
        return f"{self.step or OPENS}|{self.version}|{self.location_id}|{self.place}"

    @classmethod
    def read(cls, value: str) -> "Pressed":
        """What a choice stands for; an id may hold the sign between the parts."""
        step, version, rest = value.split("|", 2)
        location, scope, page = rest.rsplit("|", 2)
        place = Place.read(f"{scope}|{page}")
        return cls(None if step == OPENS else Step(step), location, int(version), place)


async def standing_of(reading: Reading, week: date, person: Person) -> Standing:
    """Where a wave stands, as this person is told it."""
    kept = await reading.waves.get(week) or WaveRow(week=week)
    steps = await reading.waves.steps(week)
    is_started = kept.started_at is not None
    email = (person.email or "").lower()
    day = reading.wave_day
    return Standing(
        row=kept,
        counts=await day.counts(week, is_started=is_started),
        mine=await day.counts(week, is_started=is_started, csa=email),
        turn=steps[-1] if steps else None,
        is_lead=person.may(Role.lead),
        parameters=await reading.parameters.current(),
    )


async def page_of(
    reading: Reading, standing: Standing, place: Place, person: Person
) -> tuple[Place, Page[Line]]:
    """A page of the locations, one's own first; the last page where that one is not there any more."""
    total = standing.counts.of(place.group)
    number = min(place.page, Page((), 0, total).last)
    which = Which(states=place.group.states, first=(person.email or "").lower())
    lines = await reading.wave_day.page(
        place.week, which, is_started=standing.is_started, skip=number * PAGE, most=PAGE
    )
    return replace(place, page=number), Page(lines, number, total)


async def shown(reading: Reading, ask: Interaction, place: Place, *, said: str = "") -> Reply:
    """A wave as an answer: a message, in a modal a new look of it, and from Home a modal.

    `said` is told above it: what a press did, or why not.
    """
    standing = await standing_of(reading, place.week, ask.person)
    blocks = await look(reading, ask, standing, place, said=said)
    return await answered(ask, "wave", TITLE, blocks, said or standing.words()["head"])


async def shown_over(reading: Reading, ask: Interaction, week: date) -> Reply:
    """A wave in place of the modal that was submitted: as it is after that."""
    standing = await standing_of(reading, week, ask.person)
    return show(modal("wave", TITLE, await look(reading, ask, standing, Place(week))))


async def look(
    reading: Reading, ask: Interaction, standing: Standing, place: Place, *, said: str = ""
) -> list[Block]:
    """All that is shown of a wave at a place of it."""
    place, page = await page_of(reading, standing, place, ask.person)
    return [
        *([section(said)] if said else []),
        *head(standing, standing.words()),
        *ways_on(standing, ask.person),
        *await choices(reading, standing, place),
        *rows(standing, page, place, ask.person),
        *turning(ask, page, place),
    ]


def head(standing: Standing, words: Words) -> list[Block]:
    """Where the wave stands, in its first lines."""
    small = [words["counts"]] if standing.counts.total else []
    if standing.mine.total and standing.mine != standing.counts:
        small.append(words["mine"])
    blocks: list[Block] = [section(words["head"])]
    if standing.turn and standing.row.state is not WaveState.announced:
        blocks.append(section(words["turn"]))
    if standing.brake:
        blocks.append(section(standing.brake["stands"]))
    if standing.worked_out:
        small.append(standing.worked_out)
    return [*blocks, *(context(each) for each in small)]


def rows(standing: Standing, page: Page[Line], place: Place, person: Person) -> list[Block]:
    """A page of locations, each with a menu of what can be told of it."""
    if not page.items:
        words = Words("wave", group=place.group, group_name=GROUPS[place.group].lower())
        return [context(words["nobody"])] if standing.counts.total else []
    own = (person.email or "").lower()
    return [
        *(_row(standing, line, place, person, is_own=line.csa_email == own) for line in page.items),
        context(page.span),
    ]


def _row(
    standing: Standing, line: Line, place: Place, person: Person, *, is_own: bool
) -> SectionBlock:
    menu = _menu(standing, line, place, person) if standing.is_started else None
    return section(row(line, owner=not is_own), accessory=menu)


def _menu(
    standing: Standing, line: Line, place: Place, person: Person
) -> OverflowMenuElement | None:
    """What can be done with a location; None where its id is too long to be carried by a menu."""
    possible = marks(line.state, standing.row.state, person.roles)
    choices = [
        (str(Pressed(step, line.location_id, line.version, place)), BUTTONS[step])
        for step in possible
    ]
    choices.append((str(Pressed(None, line.location_id, line.version, place)), "Open it"))
    if any(len(value) > MOST_IN_OPTION_VALUE for value, _ in choices):
        return None
    options = [option(label, value) for value, label in choices]
    return OverflowMenuElement(action_id=f"wave_row:{line.location_id}", options=options)


def ways_on(standing: Standing, person: Person) -> list[Block]:
    """What can be done with the wave by this person."""
    week = str(standing.week)
    does: list[InteractiveElement] = [
        button(
            NAMED_TURNS[step],
            f"wave_{step}",
            f"{week}|{standing.row.version}",
            style="primary" if step is WaveStep.start else None,
        )
        for step in turns(standing.row.state, person.roles)
        if standing.counts.total
    ]
    if standing.row.state is WaveState.paused and person.may(Role.approver):
        does += decide_buttons(standing.row)
    elif standing.row.state in ROLLED_BACK_IN_PART and person.may(Role.approver):
        does.append(button("Roll some back", "rollback_form:some", week))
    if person.may(Role.csa) and standing.is_started:
        does += marking_buttons(standing, week)
    return [actions(*does)] if does else []


async def choices(reading: Reading, standing: Standing, place: Place) -> list[Block]:
    """Menus of the locations that can be looked at, and of the other waves."""
    weeks = await reading.wave_day.weeks(await reading.schedules.weeks())
    others = [each for each in weeks if each != place.week]
    menus: list[InteractiveElement] = [_groups(standing, place)] if standing.is_started else []
    if others:
        menus.append(_others(others, place.week))
    return [actions(*menus)] if menus else []


def turning(ask: Interaction, page: Page[Line], place: Place) -> list[Block]:
    """The way to the other pages, to the same one anew, and to the web."""
    scope = str(place).rpartition("|")[0]
    return [
        actions(
            *page.turns(TURNS, scope),
            button("Refresh", f"{TURNS}:again", str(place)),
            tell_wave_button(place.week),
            *link_button(ask, f"/wave/{place.week}", "Open on the web"),
        )
    ]


def marking_buttons(standing: Standing, week: str) -> list[InteractiveElement]:
    """The buttons that mark many at once, as far as somebody is left to move."""
    if not standing.counts.of(Group.left):
        return []
    value = f"{week}|0|"
    is_running = standing.row.state is WaveState.running
    moved = button("Mark several migrated", f"wave_mark:{Step.migrate}", f"{Step.migrate}|{value}")
    failed = button("Mark several failed", f"wave_mark:{Step.fail}", f"{Step.fail}|{value}")
    sheet = button("Mark by a sheet", "mark_form")
    return [moved, failed, sheet] if is_running else [sheet]


def _groups(standing: Standing, place: Place) -> StaticSelectElement:
    """A menu of the groups that there are."""
    there = [
        group
        for group in Group
        if group is Group.everything or standing.counts.of(group) or group is place.group
    ]
    options = {
        group: option(
            f"{GROUPS[group]} ({standing.counts.of(group):,})",
            str(Place(place.week, group)),
        )
        for group in there
    }
    return StaticSelectElement(
        placeholder=plain("Show"),
        action_id=f"{TURNS}:group",
        options=list(options.values()),
        initial_option=options[place.group],
    )


MOST_WEEKS = 100


def _others(weeks: list[date], shown_now: date) -> StaticSelectElement:
    near = sorted(sorted(weeks, key=lambda week: abs(week - shown_now))[:MOST_WEEKS])
    choices = [(str(Place(week)), f"Week of {week.day} {week:%b %Y}") for week in near]
    return chooser("Another wave", f"{TURNS}:wave", choices)
