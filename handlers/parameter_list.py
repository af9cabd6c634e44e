"""/wavepost parameters: the numbers that decide scores and plans, and every version of them."""

from slack_sdk.models.blocks import Block

from handlers.blocks import Words, actions, built, button, context, escape, lines, section, who
from handlers.doors import action, topic
from handlers.interaction import Interaction
from handlers.lists import PAGE, Page, turned
from handlers.parameter_versions import Standing, standing
from handlers.parameter_words import changed_in, chapter_words
from handlers.reply import Reply, note
from rules.adjusting import CHAPTERS, differences
from rules.parameters import Parameters
from rules.roles import Role
from store.parameters import Version
from store.session import Reading, Store

MOST_IN_TEXT = 2_000


@topic("parameters", role=Role.lead, says="the numbers behind scores and plans, and change them")
async def list_all(_ask: Interaction, store: Store) -> Reply:
    """All numbers, by chapter, each with a button to change it."""
    async with store.reading() as reading:
        return overview(await standing(reading))


def overview(now: Standing) -> Reply:
    """All numbers that count now."""
    changed = len(differences(Parameters(), now.parameters))
    head = Words("parameters", version=now.saved, changed=changed)["head"]
    chapters = [
        section(
            chapter_words(chapter, now.parameters),
            accessory=button("Change", f"parameters_change:{chapter.key}", chapter.key),
        )
        for chapter in CHAPTERS
    ]
    row = [
        *([button("Earlier versions", "parameters_history", "all|0")] if now.saved else []),
        *([button("Back to the defaults", "parameters_reset")] if changed else []),
    ]
    blocks = [
        section(head),
        *([context(_saved_by(now.saved))] if now.saved else []),
        *chapters,
        context(Words("parameters")["nothing_yet"]),
        *([actions(*row)] if row else []),
    ]
    return note(built(*blocks), head)


@action("parameters_history", role=Role.lead)
async def show_history(ask: Interaction, store: Store) -> Reply:
    """A page of the versions, the newest first, each with what it changed."""
    _, page = turned(ask.value)
    async with store.reading(consistent=True) as reading:
        return await history(reading, page)


async def history(reading: Reading, page: int) -> Reply:
    """Who saved what, when and why."""
    rows, total = await reading.parameters.page(skip=page * PAGE, most=PAGE + 1)
    head = Words("parameters", total=total)["history"]
    here = Page(rows[:PAGE], page, total)
    before = [*rows[1:], None]
    texts = [
        "\n".join(
            [_saved_by(version), *(f"• {escape(line)}" for line in changed_in(version, older))]
        )
        for version, older in zip(here.items, before, strict=False)
    ]
    turns = here.turns("parameters_history", "all")
    blocks: list[Block] = [section(head), *map(section, lines(texts, most=MOST_IN_TEXT))]
    if here.last:
        blocks += [context(here.span), actions(*turns)]
    return note(built(*blocks), head, replaces=False)


def _saved_by(version: Version) -> str:
    return Words("parameters", version=version, by=who(version.saved_by))["saved_by"]
