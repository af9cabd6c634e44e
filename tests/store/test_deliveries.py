"""Deliveries: one to a recipient, counted and proven, reached by links that open nothing else."""

from store.session import Store
from tests.store.parcels_given import NOW, SENDER, delivered, member, released, space


async def test_a_file_is_delivered_to_each_recipient_once(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        other = await space(tx, "menus")
        kept = await released(tx, at, other)
        dana, emil = (
            await member(tx, at, "dana@acme.example"),
            await member(tx, at, "e@acme.example"),
        )
        made = await tx.deliveries.make(kept.id, {dana.id: at.id}, NOW)
        again = await tx.deliveries.make(kept.id, {dana.id: other.id, emil.id: other.id}, NOW)

        assert [each.recipient_id for each in made] == [dana.id]
        assert [each.recipient_id for each in again] == [emil.id]
        assert await tx.deliveries.get(made[0].id) == made[0]
        assert await tx.deliveries.of(kept.id, dana.id) == made[0]
        assert len(await tx.deliveries.of_file(kept.id)) == 2
        [(delivery, file)] = await tx.deliveries.to(dana.id)
        assert (delivery, file.id) == (made[0], kept.id)


async def test_a_link_leads_to_one_delivery_and_no_other_token_does(store: Store) -> None:
    async with store.transaction(actor="test") as tx:
        at = await space(tx)
        dana = await member(tx, at, "dana@acme.example")
        [delivery] = await delivered(tx, await released(tx, at), at, dana)
        tokens = [await tx.deliveries.new_link(delivery.id, SENDER) for _ in range(2)]

        for token in tokens:
            found = await tx.deliveries.by_link(token)
            assert found
            assert found.id == delivery.id
            for place, sign in enumerate(token):
                other = "A" if sign != "A" else "B"
                tampered = token[:place] + other + token[place + 1 :]
                assert await tx.deliveries.by_link(tampered) is None
        for token in ("", "\0", "\ud800", "é" * 500, tokens[0][:-1], tokens[0] + "="):
            assert await tx.deliveries.by_link(token) is None
