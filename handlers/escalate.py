"""/escalate: ask for a customer to move sooner. Command, buttons and shortcut open the form."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.blocks import Words, actions, as_typed, built, button, section
from handlers.choices import GONE, label, named, which_one
from handlers.doors import action, command, shortcut
from handlers.errors import Refused
from handlers.escalation_form import form
from handlers.escalation_known import known_of
from handlers.escalation_shown import shown_with_number
from handlers.escalation_typed import MOST_EXPLAINED, NAME, Kept, Typed
from handlers.interaction import Interaction
from handlers.my_escalations import everybodys, mine
from handlers.name_finding import Meant, is_name, meant, name_within
from handlers.offers import CUSTOMER
from handlers.reply import Reply, note, nothing
from handlers.windows import over
from rules.asking import Topic, question
from rules.finding import Named
from rules.roles import Role
from store.session import Reading, Store

OPENS = "escalate"
"""The action that opens the form for a customer or location."""
OPEN = frozenset({"open", "all"})
MOST_LOOKED_AT = 300
"""So much of a message is searched for a name."""


@command(
    "/escalate",
    role=Role.viewer,
    says="ask for a customer to move sooner, and follow what becomes of it",
    example=CUSTOMER,
)
async def answer_escalate(ask: Interaction, store: Store) -> Reply:
    """The form; with a name, for that one. With a number, "mine" or "open": what was asked for."""
    words = ask.text.strip()
    asked = question(words, ask.today)
    index = await store.names(ask.newest_import) if words else None
    if index is None or is_name(index, words):
        names = meant(index, asked) if index else []
        return await open_for(ask, store, names)
    if asked.subject and asked.subject.topic is Topic.help:
        return usage(ask)
    if asked.subject and asked.subject.topic is Topic.mine:
        async with store.reading(consistent=True) as reading:
            return await mine(reading, ask)
    if words.casefold() in OPEN:
        async with store.reading(consistent=True) as reading:
            return await everybodys(reading, ask)
    if words.removeprefix("#").isdecimal():
        return await shown_with_number(ask, store, words.removeprefix("#"))
    return await open_for(ask, store, meant(index, asked))


@action(OPENS, role=Role.viewer)
async def open_from_button(ask: Interaction, store: Store) -> Reply:
    """The form, from the button of an answer; without a value, empty or as it was left."""
    async with store.reading(consistent=True) as reading:
        typed = Typed()
        if ask.value:
            found = await _called(reading, named(ask.value))
            typed = Typed(what=((ask.value, label(found)),))
        view = await _form(reading, ask, typed)
    return await over(ask, view)


@shortcut("escalate_this", role=Role.viewer)
async def open_from_message(ask: Interaction, store: Store) -> Reply:
    """The form, with what a message says and the way to it; and whom it names, if that is clear."""
    message = ask.payload["message"]
    words = as_typed(str(message.get("text") or "")).strip()
    index = await store.names(ask.newest_import)
    within = name_within(index, words[:MOST_LOOKED_AT]) if words else None
    typed = Typed(
        what=_options([within] if within else []),
        explanation=words[:MOST_EXPLAINED],
        link=_address(ask),
    )
    async with store.reading(consistent=True) as reading:
        await ask.open(await _form(reading, ask, typed))
    return nothing()


async def open_for(ask: Interaction, store: Store, names: Sequence[Meant]) -> Reply:
    """The form for those who are meant; the question back where that is not clear."""
    doubtful = next((each for each in names if not each.matches.only), None)
    if doubtful:
        return which_one(doubtful.matches, doubtful.typed, opens=OPENS)
    async with store.reading(consistent=True) as reading:
        await ask.open(await _form(reading, ask, Typed(what=_options(names))))
    return nothing()


def usage(ask: Interaction) -> Reply:
    """What can be asked, and how."""
    words = Words("escalation_form", command=ask.called)["help"]
    return note(built(section(words), actions(button("Open the form", OPENS))), words)


async def _form(reading: Reading, ask: Interaction, typed: Typed) -> dict[str, object]:
    """The form with this in it, or with the draft where that is about the same, or about anything."""
    draft = await reading.form_drafts.of(ask.person.id, NAME)
    kept = Typed.from_json(draft) if draft else None
    is_draft = kept is not None and (typed == Typed() or typed == Typed(what=kept.what))
    if kept and is_draft:
        typed = kept
    known = await known_of(reading, typed.what, typed.wished_on, ask.today)
    return form(typed, Kept.new(), known, person=ask.person.id, is_draft=is_draft)


async def _called(reading: Reading, which: Named) -> Named:
    """The same with its name."""
    found = await reading.places.called(which.kind, which.id)
    if found is None:
        raise Refused(GONE)
    return replace(which, name=found)


def _options(names: Sequence[Meant]) -> tuple[tuple[str, str], ...]:
    found = [each.matches.only for each in names if each.matches.only]
    return tuple((f"{each.kind}|{each.id}", label(each)) for each in found)


def _address(ask: Interaction) -> str:
    """The address of the message, as Slack makes it: its own method would take longer than a press lasts."""
    team, message = ask.payload["team"]["domain"], str(ask.payload["message"]["ts"])
    return f"https://{team}.slack.com/archives/{ask.channel}/p{message.replace('.', '')}"
