"""Who hears of a message to partners: who can approve it, who wrote it, and who copied an older one."""

from collections.abc import Sequence
from dataclasses import replace

from slack_sdk.models.blocks import Block, ButtonElement

from handlers.blocks import Words, actions, built, button, context, lines, quoted, section
from handlers.difference_shown import difference
from handlers.partner_shown import MOST_IN_MESSAGE, proposed, within
from handlers.partner_told import Place, Pressed, partner_words
from handlers.wave_deciders import deciders
from rules.partner_message import Message as PartnerMessage
from rules.partner_message import Step, Version, holding_older
from store.outbox import Message
from store.session import Transaction

CAUSE = "message to partners"


async def show_waiting(tx: Transaction, place: Place, message: PartnerMessage) -> None:
    """Show the draft to each who can approve it: as a message, which changes when the draft does."""
    draft = message.draft
    if draft is None:
        return
    approvers = (await deciders(tx)).people
    posts = await tx.posts.of(place.subject)
    for person in sorted({*posts, *approvers}):
        there = posts.get(person)
        if person in approvers and person not in draft.writers:
            said = waiting(person, place, draft, message.current, by=tx.actor)
        elif there:
            words = partner_words(place)
            block = "waiting_yours" if person in draft.writers else "waiting_others"
            said = _message(person, words, block, [actions(open_button(place))])
        else:
            continue
        tx.say(replace(said, updates=there))
        if there is None:
            await tx.posts.keep(place.subject, person, said.id)


async def close_waiting(tx: Transaction, place: Place, number: int, step: Step) -> None:
    """Say what became of a draft in the place of the messages to those who could approve it."""
    words = partner_words(place, by=tx.actor, number=number)
    for person, there in (await tx.posts.of(place.subject)).items():
        said = _message(person, words, f"decided_{step}", [actions(open_button(place))])
        tx.say(replace(said, updates=there))
    await tx.posts.forget(place.subject)


def decision(person: str, place: Place, step: Step, *, by: str, words: str = "") -> Message:
    """The message to who wrote a version, that it was approved, or declined and why."""
    said = partner_words(place, by=by)
    why = map(section, lines(quoted(words).split("\n"))) if words else ()
    return _message(person, said, f"yours_{step}", [*why, actions(open_button(place))])


async def tell_copiers(tx: Transaction, place: Place, after: PartnerMessage) -> list[str]:
    """Tell each who copied an older version what is different in the one that counts now; gives them."""
    copies = await tx.partner_messages.copies_of_members(place.week, place.audience)
    holders = sorted(holding_older(after, copies).items())
    for person, number in holders:
        if after.current:
            tx.say(changed(person, place, after.versions[number - 1], after.current))
    return [person for person, _ in holders]


def waiting(
    person: str, place: Place, draft: Version, current: Version | None, *, by: str
) -> Message:
    """The message to somebody who can approve a draft."""
    words = partner_words(place, by=by, current=current)
    value = str(Pressed(place, draft.number, draft.standing.version, on_post=True))
    row = actions(
        button("Approve", "partner_approve", value, style="primary"),
        button("Decline", "partner_decline", value),
        open_button(place),
    )
    legend = [context(words["legend"])] if current else []
    texts = within(proposed(draft, current), words["cut"], MOST_IN_MESSAGE)
    return _message(person, words, "waiting", [*texts, *legend, row])


def changed(person: str, place: Place, had: Version, current: Version) -> Message:
    """The message to somebody who copied an older version."""
    words = partner_words(place, had=had.number, number=current.number)
    row = actions(
        button("Copy the words", "partner_copy", str(Pressed(place, current.number, on_post=True))),
        open_button(place),
    )
    texts = within(difference(had.text, current.text), words["cut"], MOST_IN_MESSAGE)
    small = [context(words["legend"]), context(words["changed_next"])]
    return _message(person, words, "changed", [*texts, *small, row])


def open_button(place: Place) -> ButtonElement:
    """The button that shows all that is told about a wave to an audience."""
    return button("See all", "tell_see", str(place))


def _message(person: str, words: Words, block: str, body: Sequence[Block]) -> Message:
    blocks = built(section(words[block]), *body)
    return Message(person, words.plain(block), blocks, cause=CAUSE)
