"""The page of a wave: what it shows, and what its forms do."""

import re
from html import unescape

import httpx
import pytest

from bot.assembly import Wavepost
from bot.sandbox.server import Sandbox
from handlers.roles import give
from handlers.running import start_wave
from rules.roles import Role
from rules.wave_life import Who
from store.session import Store
from tests.bot.web_browser import csrf_in, own, sign_in, web_browser
from tests.handlers.test_wave import MONDAY, OMAR
from tests.world import ANA, World

PATH = f"/wave/{MONDAY}"
MANY = 60


@pytest.fixture
async def _under_way(store: Store, wavepost: Wavepost) -> None:
    """Ana has 60 locations in a wave that goes on, Omar has one."""
    world = World()
    world.csa()
    world.csa(OMAR, "Omar Haddad")
    names = [f"Store {number:02}" for number in range(MANY)]
    world.customer("Joe's <Pizza>", id="joes", weeks={MONDAY: MANY}, locations=names)
    world.customer("Wim's", id="wims", csa=OMAR, weeks={MONDAY: 1})
    await world.keep(store)
    async with store.transaction(actor="test") as tx:
        for csa in (ANA, OMAR):
            await give(tx, csa, Role.csa)
        await start_wave(tx, MONDAY, by="test", who=Who.lead)


async def sent(browser: httpx.AsyncClient, address: str = PATH, **fields: str) -> str:
    """Fill in and send the form of the page; gives what the answer says, without its markup."""
    proof = csrf_in((await browser.get(address)).text)
    form = fields | {"csrf": proof}
    return plain(await browser.post(address, data=form, headers=own(browser)))


def plain(answer: httpx.Response) -> str:
    assert answer.status_code == 200, answer.text
    words = unescape(re.sub(r"<[^>]+>", " ", answer.text)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(words.split())


@pytest.mark.usefixtures("_under_way")
async def test_a_wave_is_read_and_marked_on_its_page(sandbox: Sandbox, wavepost: Wavepost) -> None:
    async with web_browser(wavepost) as ana, web_browser(wavepost) as vic:
        await sign_in(ana, sandbox, "ana")
        to = await ana.get("/wave")
        assert to.headers.get("location") == PATH, to.headers
        seen = plain(await ana.get(PATH))
        assert "is running: 0 of 61 locations migrated, 0 failed." in seen
        assert "Store 00 Joe's <Pizza> , Ana Reyes to migrate" in seen
        assert "1–50 of 61" in seen
        assert "Store 59" in plain(await ana.get(PATH, params={"page": "2"}))
        of_omar = plain(await ana.get(PATH, params={"csa": OMAR}))
        assert "Wim's" in of_omar
        assert "Store 00" not in of_omar

        done = await sent(ana, **{"at:joes-L1": "1", "at:joes-L2": "1", "step": "mark migrated"})
        assert "2 locations are marked migrated." in done
        assert "2 of 61 locations migrated" in done
        # The page of before is sent once more, by somebody who did not see that.
        again = await sent(ana, **{"at:joes-L1": "1", "step": "mark migrated"})
        assert "Store 00 is migrated already (Ana Reyes marked it migrated" in again

        fail = {"at:joes-L3": "1", "step": "mark failed"}
        assert "Say in a few words why it failed" in await sent(ana, **fail, cause="...!!!")
        assert "1 location is marked failed: No menu." in await sent(ana, **fail, cause="No menu")
        assert "Tick the locations that you mean" in await sent(ana, step="mark failed", cause="x")

        like = {"at:joes-L4": "1", "step": "mark failed", "cause": "menu: no"}
        asked = await sent(ana, **like)
        assert "“menu: no” is like a cause that is known" in asked
        assert "3 failed" not in asked
        meant = {"asked": "menu: no", "meant": "1"}
        assert "1 location is marked failed: No menu." in await sent(ana, **like, **meant)

        retried = {"at:joes-L3": "2", "step": "try again", "words:try again": "Sent it anew"}
        assert "to be tried again" in await sent(ana, **retried)
        assert "2 of 61 locations migrated, 1 failed." in plain(await ana.get(PATH))

        await sign_in(vic, sandbox, "vic")
        shown = await vic.get(PATH)
        assert "Store 02" in plain(shown)
        assert 'type="checkbox"' not in shown.text
        proof = csrf_in(shown.text)
        refused = await vic.post(PATH, data={"csrf": proof}, headers=own(vic))
        assert refused.status_code == 403
        assert (await vic.get("/wave/2022-03-07")).status_code == 404
        assert (await vic.get("/wave/soon")).status_code == 404


@pytest.mark.usefixtures("_under_way")
async def test_what_the_page_did_not_write_is_answered_in_words(
    sandbox: Sandbox, wavepost: Wavepost
) -> None:
    async with web_browser(wavepost) as ana:
        await sign_in(ana, sandbox, "ana")
        form = {"csrf": csrf_in((await ana.get(PATH)).text), "step": "mark migrated"}

        assert "Store 00" in plain(await ana.get(PATH, params={"csa": "\0"}))
        assert "There is no location L-0" in await sent(ana, **form, **{"at:L-\x000": "1"})
        fail = {"at:joes-L1": "1", "step": "mark failed", "cause": "No\0 menu"}
        assert "1 location is marked failed: No menu." in await sent(ana, **fail)
        unseen = await sent(ana, **form, **{"at:joes-L2": "7"})
        assert "Store 01 is still to move, which is not what you saw." in unseen
        for version in ("9" * 20, "9" * 5_000, "\uffff1", ""):
            refused = await ana.post(PATH, data=form | {"at:joes-L2": version}, headers=own(ana))
            assert refused.status_code == 400
            assert "This page marks nothing like that, so nothing was changed." in refused.text
