"""Interaction keys: the same thing again has no second effect."""

import json

import pytest

from handlers.reply import Form, Reply, closing, errors, home, note, nothing, offer, push, show
from store.interactions import AlreadyDone, InteractionKey
from store.session import Store
from tests.world import counted, run

KEY = InteractionKey.of("event", "Ev1", b"payload")


async def done(store: Store, key: InteractionKey) -> AlreadyDone:
    with pytest.raises(AlreadyDone) as again:
        async with store.transaction(key, actor="U1"):
            pytest.fail("the block ran again")
    return again.value


REPLIES = (
    nothing(),
    note([{"type": "divider"}], "words", replaces=False),
    show({"type": "modal"}),
    push({"type": "modal"}),
    errors({"field": "words"}),
    offer([{"value": "x"}]),
    home({"type": "home"}),
    closing(),
)


async def test_every_reply_comes_back_as_it_was_given(store: Store) -> None:
    assert {reply.form for reply in REPLIES} == set(Form)
    for reply in REPLIES:
        key = InteractionKey.of("event", reply.form, b"payload")
        async with store.transaction(key, actor="U1") as tx:
            tx.answers(reply)

        again = await done(store, key)

        assert again.same_payload
        kept = Reply.from_json(again.reply or {})
        assert json.dumps(kept.to_json()) == json.dumps(reply.to_json())
        assert kept.form is reply.form


async def test_without_an_answer_there_is_none_to_repeat(store: Store) -> None:
    async with store.transaction(KEY, actor="U1"):
        pass

    assert (await done(store, KEY)).reply is None


async def test_other_content_under_the_same_key_is_noticed(store: Store) -> None:
    async with store.transaction(KEY, actor="U1"):
        pass

    other = InteractionKey.of(KEY.kind, KEY.id, b"other")

    assert not (await done(store, other)).same_payload


async def test_keys_of_other_kinds_are_others(store: Store) -> None:
    for kind in ("event", "command"):
        async with store.transaction(InteractionKey.of(kind, "1", b""), actor="U1"):
            pass

    assert await counted(store, "interactions") == 2


async def test_only_old_keys_are_forgotten(store: Store) -> None:
    for identity in ("old", "new"):
        async with store.transaction(InteractionKey.of("event", identity, b""), actor="U1"):
            pass
    await run(store, "UPDATE interactions SET at = now() - interval '31 days' WHERE id = 'old'")

    async with store.transaction(actor="clock") as tx:
        assert await tx.interactions.forget_older_than(30) == 1

    assert await counted(store, "interactions WHERE id = 'new'") == 1
