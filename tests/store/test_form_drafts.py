"""What was typed into a form is kept for a day."""

from store.session import Store
from tests.world import run


async def test_what_was_typed_last_is_kept_until_it_is_sent(store: Store) -> None:
    async with store.transaction(actor="U1") as tx:
        await tx.form_drafts.keep("U1", "escalation", {"explanation": "first"})
        await tx.form_drafts.keep("U1", "escalation", {"explanation": "second"})
        assert await tx.form_drafts.of("U1", "escalation") == {"explanation": "second"}
        assert await tx.form_drafts.of("U2", "escalation") is None
        await tx.form_drafts.drop("U1", "escalation")
        assert await tx.form_drafts.of("U1", "escalation") is None


async def test_after_a_day_it_is_forgotten(store: Store) -> None:
    async with store.transaction(actor="U1") as tx:
        await tx.form_drafts.keep("U1", "escalation", {})
        await tx.form_drafts.keep("U2", "escalation", {})
    await run(store, "UPDATE form_drafts SET kept_at = now() - interval '25 h' WHERE person = 'U1'")
    async with store.transaction(actor="clock") as tx:
        assert await tx.form_drafts.of("U1", "escalation") is None
        assert await tx.form_drafts.forget_old() == 1
        assert await tx.form_drafts.of("U2", "escalation") == {}
