"""The form by which an approver rolls back a wave or some of its locations, or rehearses it."""

from datetime import date

from slack_sdk.models.blocks import (
    Block,
    ExternalDataMultiSelectElement,
    RadioButtonsElement,
)

from handlers.approving import WORDS, words_field
from handlers.blocks import MOST_IN_OPTION_VALUE, Words, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.doors import action, options, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, closing, offer, show
from handlers.rollback_jobs import MOST_AT_ONCE, begin_later
from handlers.rolling_back import WayBack, begin_rollback
from handlers.running import kept
from handlers.windows import over
from rules.roles import Role
from rules.wave_life import State
from store.session import Store
from store.wave_rows import WaveRow

WHAT, WHICH, HOW = "what", "which", "how"
WHOLE, SOME = "whole", "some"
REAL, REHEARSAL = "real", "rehearsal"
MOST_OFFERED = 20
MOST_CHOSEN = 100


@action("rollback_form", role=Role.approver)
async def open_form(ask: Interaction, store: Store) -> Reply:
    """The form, about the wave of a button or of a menu."""
    async with store.reading(consistent=True) as reading:
        wave = await kept(reading, date.fromisoformat(ask.value))
        if wave.started_at is None:
            words = Words("rollback", row=wave)
            raise Refused(words["not_started"], plain=words.plain("not_started"))
        days = (await reading.parameters.current()).rollback.old_system_days
        view = form(wave, days)
    return await over(ask, view)


def form(wave: WaveRow, days: int) -> dict[str, object]:
    """What goes back, whether for real, and why; `days` is how long the old system is kept."""
    words = Words("rollback", row=wave, days=days)
    whole = [option("The whole wave", WHOLE)] if wave.state == State.paused else []
    some = option("Some locations, which you choose below", SOME)
    what = RadioButtonsElement(
        action_id=WHAT, options=[*whole, some], initial_option=None if whole else some
    )
    which = ExternalDataMultiSelectElement(
        action_id="rollback_which",
        placeholder=plain("Type a few letters"),
        min_query_length=0,
        max_selected_items=MOST_CHOSEN,
    )
    how = RadioButtonsElement(
        action_id=HOW,
        options=[option("For real", REAL), option("As a rehearsal", REHEARSAL)],
    )
    fields: list[Block] = [
        section(words["form_intro"]),
        ask_for("What goes back", what, block_id=WHAT, hint=words.plain("whole_hint")),
        ask_for(
            "Which locations",
            which,
            block_id=WHICH,
            hint=words.plain("which_hint"),
            optional=True,
        ),
        ask_for("How", how, block_id=HOW, hint=words.plain("how_hint")),
        words_field("Why", words.plain("words_hint")),
    ]
    return modal(
        "rollback_begun",
        "Roll back",
        fields,
        submit="Roll back",
        close="Cancel",
        kept=wave.week.isoformat(),
    )


@options("rollback_which", role=Role.approver)
async def offer_locations(ask: Interaction, store: Store) -> Reply:
    """Locations of the wave that can go back, by their names or those of their customers."""
    week = date.fromisoformat(ask.filled.private_metadata)
    async with store.reading() as reading:
        found = await reading.rollbacks.like(week, ask.value.strip(), most=MOST_OFFERED)
    return offer(
        [
            option(f"{name} ({customer})" if name != customer else name, id_).to_dict()
            for id_, name, customer in found
            if len(id_) <= MOST_IN_OPTION_VALUE
        ]
    )


@submission("rollback_begun", role=Role.approver)
async def submit(ask: Interaction, store: Store) -> Reply:
    """Begin it, of many locations by a job; who has a task and everybody concerned hear of it."""
    filled = ask.filled
    which, words = filled.several(WHICH), filled.typed(WORDS).strip()
    is_whole = filled.chosen(WHAT) == WHOLE
    said = Words("rollback")
    if is_whole and which:
        raise FormErrors({WHICH: said.plain("both_chosen")})
    if not is_whole and not which:
        raise FormErrors({WHICH: said.plain("nothing_chosen")})
    if not words:
        raise FormErrors({WORDS: Words("deciding").plain("words_missing")})
    wish = WayBack(
        week=date.fromisoformat(filled.private_metadata),
        words=words,
        locations=None if is_whole else which,
        is_rehearsal=filled.chosen(HOW) == REHEARSAL,
    )
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        locations = len(which) or sum((await tx.waves.counts(wish.week)).values())
        if locations > MOST_AT_ONCE:
            return tx.answers(show(await begin_later(tx, wish, locations)))
        try:
            await begin_rollback(tx, wish)
        except Refused as refused:
            raise FormErrors({WHAT if is_whole else WHICH: refused.plain}) from refused
        return tx.answers(closing())
