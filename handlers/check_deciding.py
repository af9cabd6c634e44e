"""What people do about a check: accept, not pass, mend and check anew, report lost orders."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import PlainTextInputElement

from handlers.blocks import Words, modal, question, section
from handlers.check_shown import BUTTONS, LOST, check_view
from handlers.doors import action, submission
from handlers.errors import FormErrors
from handlers.interaction import Interaction
from handlers.mark_form import MOST_WORDS, WORDS, About
from handlers.reply import Reply, show
from handlers.running import take_steps
from handlers.wave_location import line_of
from handlers.wave_turn import Outcome, Wish
from handlers.windows import in_place
from rules.location_life import Step, Who
from rules.roles import Role
from rules.verdicts import Verdict, Why
from rules.wave_day import part_at_location
from store.people import Person
from store.session import Reading, Store, Transaction

MISSING = "Please say it in a few words: others will read them."


@action("check_decide", role=Role.csa)
async def open_decision(ask: Interaction, store: Store) -> Reply:
    """A button under a check: what it needs words for."""
    return await _opened(ask, store, "check_decided", "decide")


@submission("check_decided", role=Role.csa)
async def submit_decision(ask: Interaction, store: Store) -> Reply:
    """Decide, and look at the check as it is then."""
    about = About.read(ask.filled.private_metadata)
    return await _submitted(ask, store, about)


@action("orders_lost", role=Role.csa)
async def open_lost(ask: Interaction, store: Store) -> Reply:
    """Somebody says that a location which moved lost orders."""
    return await _opened(ask, store, "orders_lost_told", "lost")


@submission("orders_lost_told", role=Role.csa)
async def submit_lost(ask: Interaction, store: Store) -> Reply:
    """It does not pass whatever its figures say, and its wave is paused at once."""
    about = About.read(ask.filled.private_metadata)
    return await _submitted(ask, store, about, lost_orders=True)


async def decide(
    tx: Transaction, about: About, words: str, *, by: Person, lost_orders: bool = False
) -> Outcome:
    """Take the step that somebody decides on; lost orders are a report, and Wavepost judges by it."""
    part = part_at_location(by.roles)
    if lost_orders and part is not Who.lead:
        part = Who.wavepost
    if lost_orders:
        words = f"Lost orders were reported: {words}"
    noted: Mapping[str, object] = {"look_on": None} if about.step is Step.misses else {}
    if lost_orders:
        noted = {**noted, "verdict": int(Verdict.failed), "why": int(Why.lost_orders)}
    wish = Wish(
        about.location_id,
        about.step,
        words,
        lost_orders=lost_orders,
        version=about.version,
        noted=noted,
    )
    return await take_steps(tx, about.week, [wish], by=by.id, who=part or Who.csa)


async def _opened(ask: Interaction, store: Store, name: str, kind: str) -> Reply:
    about = About.read(ask.value)
    async with store.reading(consistent=True) as reading:
        view = await _form(reading, about, name, kind)
    return await in_place(ask, view)


async def _form(reading: Reading, about: About, name: str, kind: str) -> dict[str, Any]:
    line = await line_of(reading, about.week, about.location_id)
    block = "lost" if kind == "lost" else about.step.value.replace(" ", "_")
    words = Words("check_deciding", line=line)
    typed = PlainTextInputElement(action_id=WORDS, multiline=True, max_length=MOST_WORDS)
    label, hint = words.plain(f"{block}_label"), words.plain(f"{block}_hint")
    title = LOST if kind == "lost" else BUTTONS[about.step]
    fields = [section(words[f"{block}_intro"]), question(label, typed, block_id=WORDS, hint=hint)]
    return modal(name, title, fields, submit="Send", close="Cancel", kept=str(about))


async def _submitted(
    ask: Interaction, store: Store, about: About, *, lost_orders: bool = False
) -> Reply:
    words = ask.filled.typed(WORDS).strip()
    if not words:
        raise FormErrors({WORDS: MISSING})
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        outcome = await decide(tx, about, words, by=ask.person, lost_orders=lost_orders)
        if outcome.refused:
            raise FormErrors({WORDS: outcome.refused[0].plain})
        view = await check_view(tx, ask.person, about.week, about.location_id)
        return tx.answers(show(view))
