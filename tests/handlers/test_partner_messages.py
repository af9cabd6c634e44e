"""What is said of messages to partners: Slack takes it, whatever was written."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import text as text_of

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers import partner_copying, partner_writing
from handlers.blocks import built
from handlers.partner_draft import STANDS, draft_words
from handlers.partner_news import changed, decision, show_waiting, waiting
from handlers.partner_shown import current_words, ways_on
from handlers.partner_shown import draft_words as waiting_words
from handlers.partner_told import Place, Pressed, Told
from handlers.partner_versions import versions
from handlers.wave_deciders import Deciders
from rules.partner_message import LONGEST, Audience, Copy, Message, Step, Taken, Who
from rules.roles import Kind, Role, effective
from rules.wave_life import State
from rules.wave_life import Step as WaveStep
from store.outbox import Message as Said
from store.people import Person, PersonRow
from store.session import Store

MONDAY = date(2022, 1, 24)
NINE = datetime(2022, 1, 18, 9, tzinfo=UTC)
PLACE = Place(MONDAY, Audience.customer, "customer|C-7")
ROUGH = ("<!channel> *x* " + "&" * 90 + "\n") * 40
OTHER = ("<@U1> ~y~ " + "< " * 90 + "\n") * 40
TEXTS = [
    ("Your stores move on Monday.", "Your stores move on Thursday."),
    (ROUGH[:LONGEST], OTHER[:LONGEST]),
    ("a" + "&" * (LONGEST - 1), "b" + "<" * (LONGEST - 1)),
]


def person(*given: Role, id: str = "U1") -> Person:  # noqa: A002 - the field's word
    roles = effective(set(given), Kind.member, active=True)
    return Person(id, "Somebody", None, "UTC", Kind.member, roles)


VIEWER, CSA, BEN = person(id="U0"), person(Role.csa), person(Role.approver, id="U2")


def step(step: Step, by: str = BEN.id, words: str = "") -> Taken:
    return Taken(step, by, Who.second, 1, NINE, words)


def message(first: str, second: str) -> Message:
    """The first version counts, the second waits."""
    approved = Message().begun(first, CSA.id).after(1, step(Step.approve))
    return approved.begun(second, CSA.id)


def told(about: Message, *approvers: str, stopped: WaveStep | None = None) -> Told:
    return Told(PLACE, about, Deciders(approvers, ("U9",)), 3, stopped)


def text(blocks: Sequence[Any]) -> str:
    return json.dumps(blocks, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


def shown(about: Told, reader: Person) -> str:
    blocks = built(
        *current_words(about, None, reader),
        *waiting_words(about, reader),
        *ways_on(about, reader),
    )
    check_message({"text": "What to tell", "blocks": blocks})
    return text(blocks)


def taken(said: Said) -> str:
    check_message({"text": said.fallback, "blocks": list(said.blocks)})
    assert "<!channel>" not in text(said.blocks)
    return text(said.blocks)


@pytest.mark.parametrize(("first", "second"), TEXTS)
def test_slack_takes_all_that_is_shown_and_told_whatever_was_written(
    first: str, second: str
) -> None:
    both = message(first, second)
    after = both.after(2, step(Step.approve))
    assert both.draft
    assert after.current
    for reader in (VIEWER, CSA, BEN):
        assert "<!channel>" not in shown(told(both, BEN.id), reader)
    taken(waiting(BEN.id, PLACE, both.draft, both.current, by=CSA.id))
    taken(waiting(BEN.id, PLACE, both.draft, None, by=CSA.id))
    taken(decision(CSA.id, PLACE, Step.decline, by=BEN.id, words=ROUGH[:1_000]))
    taken(changed("U5", PLACE, both.versions[0], after.current))
    check_view(partner_writing.form(told(both), Pressed(PLACE, 2, 1), second), kind="modal")
    check_view(partner_copying.words_alone(Pressed(PLACE, 2), after.current), kind="modal")
    copies = [Copy(f"U{number}", 1) for number in range(30)]
    steps = {1: [step(Step.approve)], 2: [step(Step.approve)]}
    view = versions(PLACE, after, steps, copies, CSA)
    check_view(view, kind="modal")
    assert "and 22 more people" in text([view])


def test_the_words_that_count_are_shown_with_who_approved_them_and_how_many_copied_them() -> None:
    seen = shown(told(message("We move.", "We wait."), BEN.id), VIEWER)
    assert "*What to tell customers* about the wave of Mon 24 Jan 2022:" in seen
    assert "> We move." in seen
    assert "Version 1, approved by <@U2>" in seen
    assert "copied by 3 people" in seen
    # Who neither writes nor approves reads only that other words wait.
    assert "We wait." not in seen
    assert "Version 2 waits to be approved. Until then the words above count." in seen
    assert "partner_copy" in seen
    assert "partner_write" not in seen


def test_a_draft_is_shown_as_what_would_change_to_those_who_write_and_approve() -> None:
    both = told(message("We move.", "We wait."), BEN.id)
    writer, second = shown(both, CSA), shown(both, BEN)
    assert "> We ~move.~ *wait.*" in writer
    assert "<@U2> can approve it." in writer
    assert "partner_rewrite" in writer
    assert "partner_drop" in writer
    assert "partner_approve" not in writer
    assert "partner_approve" in second
    assert "partner_decline" in second
    assert "partner_rewrite" not in second


def test_where_nobody_else_can_approve_it_one_reads_who_can_change_that() -> None:
    alone = told(message("We move.", "We wait."), CSA.id)
    assert "Nobody else can approve it yet: <@U9> can make somebody an approver" in shown(
        alone, CSA
    )


def test_without_words_those_who_write_are_led_to_write_some() -> None:
    nothing = told(Message(), BEN.id)
    head = "Nobody has approved words for *customers* about the wave of Mon 24 Jan 2022 yet."
    assert head in shown(nothing, CSA)
    assert "Write them" in shown(nothing, CSA)
    assert head in shown(nothing, VIEWER)
    assert "Write them" not in shown(nothing, VIEWER)


def test_words_that_were_approved_before_the_wave_stopped_are_marked() -> None:
    both = message("We move.", "We wait.")
    assert "the wave was paused after these" in shown(told(both, stopped=WaveStep.pause), VIEWER)
    assert "Look twice" not in shown(told(both), VIEWER)


def test_whoever_copies_words_of_a_wave_that_stopped_is_warned_again() -> None:
    current = message("We move.", "We wait.").current
    assert current
    paused = partner_copying.words_alone(Pressed(PLACE, 1), current, WaveStep.pause)
    check_view(paused, kind="modal")
    assert "Look twice" in text([paused])
    assert "Look twice" not in text([partner_copying.words_alone(Pressed(PLACE, 1), current)])
    only = Message().begun("We move.", CSA.id).after(1, step(Step.approve))
    copying, writing = ways_on(told(only, stopped=WaveStep.pause), CSA)[0].to_dict()["elements"][:2]
    assert ("style" in copying, writing["style"]) == (False, "primary")


def test_who_copied_reads_what_is_gone_and_what_is_new() -> None:
    after = message("We move on Monday.", "We move on Thursday.").after(2, step(Step.approve))
    assert after.current
    said = changed("U5", PLACE, after.versions[0], after.current)
    assert "You copied version 1 of the words about the wave of" in taken(said)
    assert "> We move on ~Monday.~ *Thursday.*" in taken(said)


def test_versions_tell_what_each_changed_and_why_one_was_declined() -> None:
    declined = message("We move.", "We wait.").after(2, step(Step.decline, words="Not yet."))
    third = declined.begun("We rest.", CSA.id)
    view = text([versions(PLACE, third, {1: [step(Step.approve)]}, [], CSA)])
    assert "> We ~move.~ *rest.*" in view
    assert "declined by <@U2>" in view
    assert "> Not yet." in view
    assert "counts now" in view


def test_readers_find_approved_versions_alone_and_no_way_to_others() -> None:
    declined = message("We move.", "We wait.").after(2, step(Step.decline, words="Not yet."))
    third = declined.begun("We rest.", CSA.id)
    view = text([versions(PLACE, third, {1: [step(Step.approve)]}, [], VIEWER)])
    assert "> We move." in view
    for hidden in ("We wait", "We rest", "rest.", "Not yet"):
        assert hidden not in view
    assert "partner_versions" in shown(told(third), VIEWER)

    unapproved = Message().begun("We rest.", CSA.id)
    assert "Nothing was written yet" in text([versions(PLACE, unapproved, {}, [], VIEWER)])
    assert "partner_versions" not in shown(told(unapproved), VIEWER)
    assert "partner_versions" in shown(told(unapproved), BEN)


async def test_who_approves_no_more_reads_so_and_is_not_called_a_writer(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.people.keep(
            [PersonRow(id=id_, name=id_, kind=Kind.member) for id_ in ("U1", "U2", "U3")]
        )
        for each in ("U2", "U3"):
            await tx.roles.give(each, Role.approver, by="test")
    draft = Message().begun("We move.", CSA.id)
    async with store.transaction(actor=CSA.id) as tx:
        await show_waiting(tx, PLACE, draft)
    async with store.transaction(actor="test") as tx:
        await tx.roles.take("U2", Role.approver)
    changed_by_other = draft.after(1, step(Step.rewrite, "U3", "We wait."))
    async with store.transaction(actor="U3") as tx:
        await show_waiting(tx, PLACE, changed_by_other)
    async with store.reading() as reading:
        query = text_of("SELECT lane, blocks::text FROM outbox ORDER BY number")
        said = {row.lane: row.blocks for row in await reading.connection.execute(query)}
    assert "waits to be approved, but not by you any more" in said["U2"]
    assert "You wrote some of" in said["U3"]


@pytest.mark.parametrize("audience", Audience)
@pytest.mark.parametrize("state", State)
def test_a_first_draft_fits_names_the_week_and_promises_nothing_that_is_stopped(
    audience: Audience, state: State
) -> None:
    words = draft_words(Place(MONDAY, audience), state, locations=1_200, customers=1)
    assert 0 < len(words) < LONGEST
    assert "Mon 24 Jan 2022" in words
    assert ("planned to move" in words) is (STANDS.get(state, "to come") == "to come")
    assert "\N{NO-BREAK SPACE}" not in words
    # Numbers go out of date without anybody approving others: outside they are not told.
    assert audience is Audience.internal or "1,200" not in words


def test_a_place_and_what_was_pressed_survive_a_button() -> None:
    odd = Place(MONDAY, Audience.partner, "location|L/7|x")
    assert Place.read(str(odd)) == odd
    for pressed in (Pressed(odd, 3, 2), Pressed(odd, 3, 2, on_post=True)):
        assert Pressed.read(str(pressed)) == pressed
