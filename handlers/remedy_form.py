"""The modals about remedies: what was done about failures, and whether it worked."""

from collections.abc import Sequence

from slack_sdk.models.blocks import (
    Block,
    Option,
    PlainTextInputElement,
    RadioButtonsElement,
    StaticMultiSelectElement,
)

from handlers.blocks import Words, context, modal, option, plain, section
from handlers.blocks import question as ask_for
from handlers.cause_card import LONGEST_NAME, LONGEST_REMEDY, called, named
from handlers.dates import short
from handlers.doors import action, submission
from handlers.errors import FormErrors, Refused
from handlers.interaction import Interaction
from handlers.reply import Reply, nothing, show
from rules.catalogue import Remedy, best_of, gathered
from rules.naming import is_said
from rules.roles import Role
from store.audit import Change
from store.catalogue import CauseCard, Met
from store.session import Store, Transaction

MOST_OFFERED = 100
LONGEST = 300
WHICH, WHAT, WORKED = "which", "what", "worked"
OUTCOMES = {"yes": True, "no": False}
TITLE = "What was done"
MEANWHILE = (
    "Somebody said what was done about some of these meanwhile, so nothing was changed. "
    "Close this and open the cause again."
)
NO_WORDS = "Say in a few words what was done."


# What was done


@action("remedy_say", role=Role.csa)
async def open_remedy(ask: Interaction, store: Store) -> Reply:
    """Failures about which nothing was done yet, and what was done."""
    async with store.reading(consistent=True) as reading:
        card = await named(reading, ask.value)
        waiting = await reading.catalogue.not_remedied(card.id, most=MOST_OFFERED)
        done = gathered((await reading.catalogue.remedies([card.id]))[card.id])
    if not waiting:
        raise Refused(_words(card)["all_remedied"])
    await ask.open(remedy_form(card, waiting, best_of(done)))
    return nothing()


def remedy_form(card: CauseCard, waiting: Sequence[Met], best: Remedy | None) -> dict[str, object]:
    """Which failures, what was done, and whether it worked, if that is known."""
    hint = Words("causes", best=best, remedy=short(best.words, LONGEST_REMEDY) if best else "")
    what = PlainTextInputElement(action_id=WHAT, max_length=LONGEST, multiline=False)
    fields: list[Block] = [
        ask_for("Which locations", _which(waiting), block_id=WHICH),
        *_left_out(len(waiting), card.without_remedy),
        ask_for(TITLE, what, block_id=WHAT, hint=hint.plain("done_hint")),
        ask_for("Did it work?", _outcomes("Not known yet"), block_id=WORKED),
    ]
    return modal("remedy_say", TITLE, fields, submit="Save", close="Cancel", kept=str(card.id))


@submission("remedy_say", role=Role.csa)
async def keep_remedy(ask: Interaction, store: Store) -> Reply:
    """Keep what was done about these failures."""
    filled = ask.filled
    remedy = " ".join(filled.typed(WHAT).split())
    if not is_said(remedy):
        raise FormErrors({WHAT: NO_WORDS})
    failures = [int(each) for each in filled.several(WHICH)]
    worked = OUTCOMES.get(filled.chosen(WORKED) or "")
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        card = await named(tx, filled.private_metadata)
        await remedied(tx, card, failures, remedy, worked=worked)
        told = Words(
            "causes",
            name=short(card.words),
            remedy=short(remedy, LONGEST),
            failures=len(failures),
        )["remedied"]
        return tx.answers(show(modal("remedy_kept", TITLE, [section(told)])))


async def remedied(
    tx: Transaction, card: CauseCard, failures: Sequence[int], remedy: str, *, worked: bool | None
) -> None:
    """Keep what was done about failures about which nothing was.

    Raises:
        FormErrors: somebody else said what was done about one of them.
    """
    at = await tx.clock.now()
    kept = await tx.catalogue.remedy(failures, remedy, by=tx.actor, at=at, worked=worked)
    if kept != sorted(failures):
        raise FormErrors({WHICH: MEANWHILE})
    after = {"failures": kept, "remedy": remedy, "worked": worked}
    tx.audit(Change("remedy noted", f"cause {card.id}", after=after))


# Did it work?


@action("remedy_judge", role=Role.csa)
async def open_outcome(ask: Interaction, store: Store) -> Reply:
    """Failures about which something was done, those first of which nobody knows whether it worked."""
    async with store.reading(consistent=True) as reading:
        card = await named(reading, ask.value)
        done = await reading.catalogue.remedied(card.id, most=MOST_OFFERED)
    if not done:
        raise Refused(_words(card)["none_remedied"])
    await ask.open(outcome_form(card, done))
    return nothing()


def outcome_form(card: CauseCard, done: Sequence[Met]) -> dict[str, object]:
    """Which failures, and whether what was done about them worked."""
    fields: list[Block] = [
        ask_for("Which locations", _which(done), block_id=WHICH),
        *_left_out(len(done), card.remedied),
        ask_for("Did what was done work?", _outcomes(), block_id=WORKED),
    ]
    return modal(
        "remedy_judge", "Did it work?", fields, submit="Save", close="Cancel", kept=str(card.id)
    )


@submission("remedy_judge", role=Role.csa)
async def keep_outcome(ask: Interaction, store: Store) -> Reply:
    """Keep whether it worked."""
    filled = ask.filled
    failures = [int(each) for each in filled.several(WHICH)]
    worked = OUTCOMES[filled.chosen(WORKED) or "no"]
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        card = await named(tx, filled.private_metadata)
        kept = await tx.catalogue.outcome(failures, worked=worked)
        after = {"failures": kept, "worked": worked}
        tx.audit(Change("remedy judged", f"cause {card.id}", after=after))
        told = Words("causes", name=short(card.words), failures=len(kept), worked=worked)
        said = section(told["outcome_kept"])
        return tx.answers(show(modal("remedy_kept", "Did it work?", [said])))


def _which(offered: Sequence[Met]) -> StaticMultiSelectElement:
    """Failures to choose from; all of them at once is the usual case where there are few."""
    choices = [option(_label(each), str(each.failure_id)) for each in offered]
    only: list[Option] | None = choices if len(choices) == 1 else None
    return StaticMultiSelectElement(
        placeholder=plain("Choose locations"),
        action_id=WHICH,
        options=choices,
        initial_options=only,
    )


def _label(met: Met) -> str:
    day = f"{met.failed_on.day} {met.failed_on:%b}"
    outcome = {True: ", worked", False: ", did not work", None: ""}[met.worked]
    return f"{called(met, 50)} ({day}{outcome})"


def _outcomes(unknown: str = "") -> RadioButtonsElement:
    choices = [option("It worked", "yes"), option("It did not work", "no")]
    choices += [option(unknown, "unknown")] if unknown else []
    first = choices[-1] if unknown else None
    return RadioButtonsElement(action_id=WORKED, options=choices, initial_option=first)


def _left_out(shown: int, total: int) -> list[Block]:
    """A note where not all can be chosen."""
    if total <= shown:
        return []
    return [context(Words("causes", shown=shown, total=total)["more_to_choose"])]


def _words(card: CauseCard) -> Words:
    return Words("causes", name=short(card.words, LONGEST_NAME))
