"""What is over comes to nobody new: not by a colleague's link, and not by a press in Slack."""

import pytest

from rules.file_life import Step, Who
from rules.receipts import Refusal
from tests.handlers.files.portal_world import PortalWorld, press
from tests.store.parcels_given import step
from tests.world import counted

OVER = {
    "revoked": (Step.revoke, Who.sender, Refusal.revoked),
    "superseded": (Step.supersede, Who.wavepost, Refusal.superseded),
    "expired": (Step.expire, Who.wavepost, Refusal.expired),
}


@pytest.mark.parametrize("state", OVER)
async def test_what_is_over_comes_to_nobody_new_by_a_colleague_s_link(
    world: PortalWorld, state: str
) -> None:
    taken, who, why = OVER[state]
    given = await world.given(await world.recipient("ivy@acme.example"), title="Secret list")
    async with world.store.transaction(actor="test") as tx:
        await step(tx, given.file.id, taken, who)
    bob = await world.recipient("bob@acme.example")
    async with world.browser(bob) as browser:
        shown = await press(browser, given.link + "/open")
        listed = await browser.get("/portal")
        page = await browser.get(given.page)
    assert (shown.status_code, page.status_code) == (403, 404)
    for each in (shown, listed, page):
        assert "Secret list" not in each.text
        assert (given.file.sha256 or "none") not in each.text
    assert await counted(world.store, f"deliveries WHERE file_id = '{given.file.id}'") == 1
    assert [each.why for each in (await world.receipt(given)).refusals] == [why]
