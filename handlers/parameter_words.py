"""Parameters and what they would do, in words: for Slack, and plain for the terminal."""

from collections.abc import Mapping, Sequence

from handlers.blocks import Mrkdwn, Words
from handlers.dates import short
from rules.adjusting import Chapter, Difference, chapter_of, differences, written
from rules.effects import Effects, Mover
from rules.following import Kind, Subject
from rules.health import Colour
from rules.parameters import Parameters
from store.parameters import UnreadableParameters, Version
from store.session import Reading

MOST_CHANGES = 12
LONGEST_NAME = 40


def changes_of(changes: Sequence[Difference]) -> list[str]:
    """A line for each number that changes, as plain words, and how many more there are."""
    said = [
        Words(
            "parameters",
            change=change,
            chapter=chapter_of(change.number).title if change.number.is_weight else "",
            before=written(change.before),
            after=written(change.after),
        ).plain("change")
        for change in changes[:MOST_CHANGES]
    ]
    more = len(changes) - MOST_CHANGES
    return [*said, Words("parameters", more=more).plain("more_changes")] if more > 0 else said


def changed_in(version: Version, before: Version | None) -> list[str]:
    """What a version changed, next to the one before it or the defaults."""
    try:
        older = before.parameters if before else Parameters()
        changes = changes_of(differences(older, version.parameters))
    except UnreadableParameters:
        return [Words("parameters").plain("unreadable")]
    return changes or [Words("parameters").plain("unchanged")]


def chapter_words(chapter: Chapter, parameters: Parameters) -> Mrkdwn:
    """All numbers of a chapter; those that are not the default say what that is."""
    numbers = [
        (number.title, written(number.of(parameters)), written(number.default))
        for number in chapter.numbers
    ]
    return Words("parameters", chapter=chapter, numbers=numbers)["chapter"]


async def effects_words(reading: Reading, effects: Effects) -> list[str]:
    """What other parameters would do, sentence by sentence, as plain words."""
    if not effects.locations:
        return [Words("parameters").plain("nobody")]
    if not effects.changes_scores:
        return [Words("parameters").plain("no_effect")]
    movers = [*effects.gains, *effects.losses]
    subjects = [Subject(Kind.customer, mover.customer_id) for mover in movers]
    names = await reading.subscriptions.names(subjects)
    words = Words(
        "parameters",
        effects=effects,
        colours=_from_to({colour.value: pair for colour, pair in effects.colours.items()}),
        states=_from_to({state.name: pair for state, pair in effects.states.items()}),
    )
    said = [words.plain(block) for block in ("colours", "states", "order")]
    for block, some in (("gain", effects.gains), ("lose", effects.losses)):
        if some:
            each = [f"• {_mover(mover, names)}" for mover in some]
            said.append("\n".join([f"{words.plain(block)}:", *each]))
    return said


def _mover(mover: Mover, names: Mapping[Subject, str]) -> str:
    name = names.get(Subject(Kind.customer, mover.customer_id), mover.customer_id)
    return Words(
        "parameters",
        mover=mover,
        name=short(name, LONGEST_NAME),
        before=f"{mover.before:.1f}",
        after=f"{mover.after:.1f}",
    ).plain("mover")


def _from_to(counts: Mapping[str, tuple[int, int]]) -> str:
    """Counts before and after, those of nobody left out: "green 1,200 (was 1,300)"."""
    return ", ".join(
        f"{name} {after:,}" if before == after else f"{name} {after:,} (was {before:,})"
        for name, (before, after) in counts.items()
        if name != Colour.no_data or before or after
    )
