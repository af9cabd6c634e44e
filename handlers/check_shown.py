"""One check with all its numbers, how it came about, and what people can do about it."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement, DividerBlock

from handlers.blocks import Words, actions, button, context, facts, lines, modal, section
from handlers.check_button import OPENS
from handlers.check_words import points, sentence, share, silence, span, title, whole
from handlers.dates import short
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.mark_form import About
from handlers.reply import Reply
from handlers.wave_location import line_of
from handlers.wave_words import LABELS
from handlers.windows import in_place
from rules.guards import Checks as Rules
from rules.location_life import Step, Who, possible
from rules.looks import Weeks
from rules.roles import Role
from rules.verdicts import Changed, Check, Counts, revision
from rules.wave_day import part_at_location
from store.check_rows import CheckRow
from store.checks import check_of
from store.people import Person
from store.session import Reading, Store
from store.wave_day import Line
from store.wave_rows import WaveRow

MOST_CHECKS = 12
MOST_NAME = 40
BUTTONS = {
    Step.accept: "Accept",
    Step.misses: "Does not pass",
    Step.check_anew: "Mended: check anew",
}
"""What people can do about a check, in the order of the buttons."""
LOST = "Report lost orders"
LIKELY = 0.5
"""A silence that is as likely as this is none."""


@action(OPENS, role=Role.viewer)
async def open_check(ask: Interaction, store: Store) -> Reply:
    """The check of a location, over whatever it was opened in."""
    week, _, location = ask.value.partition("|")
    async with store.reading(consistent=True) as reading:
        view = await check_view(reading, ask.person, date.fromisoformat(week), location)
    return await in_place(ask, view)


async def check_view(
    reading: Reading, person: Person, week: date, location_id: str
) -> dict[str, Any]:
    """The check of a location with all its numbers, in a modal.

    Raises:
        NotThere: it is in no wave of this week that was started.
    """
    line = await line_of(reading, week, location_id)
    rows = await reading.checks.of_location(week, location_id)
    wave = await reading.waves.get(week) or WaveRow(week=week)
    words = Words("check_shown", line=line, label=LABELS[line.state])
    blocks: list[Block] = [section(words["head"])]
    if rows:
        check = check_of(rows[-1])
        called = await reading.checks.called(check.data.controls)
        names = [f"{short(called.get(id_, ''), MOST_NAME)} ({id_})" for id_ in check.data.controls]
        blocks += _numbers(check, names)
        if line.look_on:
            blocks.append(context(words["next"]))
    else:
        blocks.append(section(words["not_yet"]))
    buttons = _buttons(week, line, wave, person)
    if buttons:
        blocks.append(actions(*buttons))
    if rows:
        blocks += [DividerBlock(), *map(section, lines(["*How it came about*", *_told(rows)]))]
    return modal("check", "Check", blocks)


def _numbers(check: Check, names: Sequence[str]) -> list[Block]:
    data = check.data
    rules = Rules.model_validate_json(data.rules)
    is_silent = data.stopped_chance is not None and data.stopped_chance < LIKELY
    more = Words(
        "check_shown",
        title=title(check),
        sentence=sentence(check),
        day=check.look * rules.look_days,
        change=points(check.change),
        between=span(check.low, check.high),
        volume=whole(check.volume),
        chance=silence(data.stopped_chance) if is_silent else "",
        pass_below=points(rules.pass_below),
        fail_above=points(rules.fail_above),
        least_volume=whole(rules.least_volume),
        certainty=whole(rules.certainty),
        usual=share(data.usual[0] / data.usual[1]),
        strength=f"{data.usual[1]:.0f}",
        alike=data.alike,
        names=names,
    )
    before, after = (_weeks(weeks) for weeks in (data.compared.before, data.compared.after))
    pairs = [
        ("Before the move", f"{before}\n{_counts(data.before)}"),
        ("Since the move", f"{after}\n{_counts(data.after)}"),
        *(
            [
                ("Those like it, before", _counts(data.controls_before)),
                ("Those like it, since", _counts(data.controls_after)),
            ]
            if names
            else []
        ),
        ("Missed orders, next to them", more["change"]),
        ("Orders left", more["volume"]),
    ]
    small = [more["silence"], more["limits"], more["assumed"], more["controls"] if names else ""]
    return [
        section(more["verdict"]),
        facts(*pairs),
        context("\n".join(each for each in small if each)),
    ]


def _weeks(weeks: Weeks) -> str:
    last = weeks.until - timedelta(days=1)
    return Words("check_shown", weeks=weeks, first=weeks.first, last=last)["weeks"]


def _counts(counts: Counts) -> str:
    return Words("check_shown", counts=counts, rate=share(counts.rate))["counts"]


def _buttons(week: date, line: Line, wave: WaveRow, person: Person) -> list[ButtonElement]:
    part = part_at_location(person.roles)
    steps = possible(line.state, part, wave.state) if part else ()
    decisions = [
        button(
            BUTTONS[step],
            f"check_decide:{step}",
            str(About(step, week, line.version, line.location_id)),
        )
        for step in BUTTONS
        if step in steps
    ]
    may_be_lost = part and Step.misses in possible(line.state, Who.wavepost, wave.state)
    lost = str(About(Step.misses, week, line.version, line.location_id))
    return [*decisions, *([button(LOST, "orders_lost", lost)] if may_be_lost else [])]


def _told(rows: Sequence[CheckRow]) -> list[str]:
    """Every verdict, the newest first, and why it was judged anew."""
    by_id = {row.id: row for row in rows}
    told: list[str] = []
    for row in reversed(rows[-MOST_CHECKS:]):
        check = check_of(row)
        revised = by_id.get(row.revises) if row.revises else None
        again = revision(check_of(revised), check) if revised else None
        words = Words(
            "check_shown",
            at=row.judged_at,
            day=check.look * Rules.model_validate_json(check.data.rules).look_days,
            title=title(check),
            sentence=sentence(check),
            changed=list(dict.fromkeys(map(_changed, again.changed))) if again else [],
        )
        told.append(words["history"])
    return told


def _changed(changed: Changed) -> str:
    old = _counts(changed.old) if isinstance(changed.old, Counts) else ""
    return Words("check_shown", name=changed.name, old=old)["changed"]
