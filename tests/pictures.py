"""The pictures of docs/sandbox.md, taken anew: `python -m tests.pictures`.

Starts a sandbox of its own in a folder that is thrown away, and does in Chromium what people do.
"""

import asyncio
import re
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.async_api import FilePayload, Locator, Page, async_playwright, expect

from bot.example.people import address
from bot.trial import Trial
from tests.chromium import QUIET, chromium
from tests.pictures_of_announcements import (
    announced,
    announced_paused,
    announced_roadmap,
    communication,
    reached,
)
from tests.pictures_of_escalations import displaced, escalate, late, question, triage
from tests.pictures_of_files import OF_FILES
from tests.pictures_of_news import digest, following
from tests.pictures_of_waves import causes, paused, rollback, wave, wave_page, what_happened
from tests.picturing import (
    BETWEEN_LOOKS,
    FOLDER,
    PHONE,
    UNTIL_THE_CLOCK_KNOCKS,
    Picture,
    act_as,
    say,
    take,
)

TODAY = date(2022, 1, 15)


async def schedule(page: Page) -> None:
    """A customer's date, asked for with a typo."""
    await say(page, "/schedule joes piza")
    await expect(page.get_by_role("log")).to_contain_text("moves in the week of")


async def look_up(page: Page) -> None:
    """The form in which one looks up another."""
    await schedule(page)
    await page.get_by_role("button", name="Look up another").last.click()
    await page.get_by_role("dialog").get_by_role("combobox").fill("noo")
    await expect(page.get_by_role("option").first).not_to_have_text("Looking…")


async def my_customers(page: Page) -> None:
    """A CSA's customers by date."""
    await say(page, "/schedule")
    await expect(page.get_by_role("log")).to_contain_text(re.compile("You have.35.customers"))
    await page.locator(".scroller").evaluate("node => { node.scrollTop = 0; }")


async def home(page: Page) -> None:
    """A CSA's Home: her customers by date, and what waits."""
    await page.get_by_role("button", name="Wavepost", exact=True).click()
    await expect(page.get_by_role("tabpanel", name="Home")).to_contain_text(
        re.compile("1–15 of.35")
    )


async def migration(page: Page) -> None:
    """How far the migration is, with its picture."""
    await say(page, "/migration")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("With a date")
    show = log.get_by_role("button", name="Show the picture")
    while await show.count():
        await show.click()
        await page.wait_for_timeout(BETWEEN_LOOKS)
    await expect(log.get_by_role("img", name=re.compile("^Chart"))).to_be_visible()


async def why(page: Page) -> None:
    """Why one goes before another."""
    await say(page, "/migration why is Thai Basil ahead of Joe's Pizza?")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("What keeps")
    await log.get_by_text("What keeps").scroll_into_view_if_needed()


async def parameters(page: Page) -> None:
    """What other parameters would do, before they are saved."""
    await say(page, "/wavepost parameters")
    log = page.get_by_role("log")
    change = log.get_by_role("button", name="Change")
    await change.nth(6).click()
    form = page.get_by_role("dialog", name="Priority weights")
    await form.get_by_label("Benefit").fill("0.35")
    await form.get_by_label("Health").fill("0.45")
    await form.get_by_role("button", name="See the effect").click()
    await page.get_by_role("dialog").get_by_label("Close").first.click()
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    await expect(page.get_by_role("button", name="Save", exact=True)).to_be_visible(timeout=60_000)


async def forecast(page: Page) -> None:
    """When all will have moved, and how sure that is, with its picture."""
    await say(page, "/forecast 85 % 90 by 1 September")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("The chance to be done by")
    show = log.get_by_role("button", name="Show the picture")
    while await show.count():
        await show.click()
        await page.wait_for_timeout(BETWEEN_LOOKS)
    await expect(log.get_by_role("img", name=re.compile("^Chart"))).to_be_visible()


async def roadmap(page: Page) -> None:
    """Features by date, who waits, and what decides every other date."""
    await say(page, "/roadmap")
    await expect(page.get_by_role("log")).to_contain_text("What decides the date")


async def feature(page: Page) -> None:
    """A feature with its slips, and which of one's customers wait."""
    await say(page, "/roadmap loyalty")
    await expect(page.get_by_role("log")).to_contain_text("Put off")


async def health(page: Page) -> None:
    """The page of the health score, with a real location as its example."""
    await on_the_web(page)
    await page.goto(re.sub(r"(?<=\d)/.*", "/health-score", page.url))
    await expect(page.get_by_role("heading", name="The health score")).to_be_visible()


async def inspector(page: Page) -> None:
    """What went between Slack and Wavepost for one answer."""
    await schedule(page)
    await page.get_by_role("button", name="Inspector", exact=True).click()
    row = page.get_by_role("listitem").filter(has_text="/schedule").first
    await row.locator("summary").click()
    await expect(row.get_by_role("button", name="Copy the request")).to_be_visible()


async def faults(page: Page) -> None:
    """Slack made to refuse calls."""
    await page.get_by_role("link", name="Faults").click()
    await page.wait_for_selector("html[data-ready]")
    await page.get_by_text("Too many calls").click()
    await page.get_by_role("button", name="Begin Too many calls").click()
    await expect(page.get_by_role("list", name="Faults at work")).to_contain_text("429")


async def on_the_web(page: Page) -> None:
    """A customer's page, after signing in."""
    address = await page.get_by_role("link", name="Wavepost on the web").get_attribute("href")
    await page.goto(f"{address}/search?q=joes pizza")
    await page.get_by_role("link", name="Sign in with Slack").click()
    await page.get_by_role("button", name="Ana Reyes").click()
    await expect(page.get_by_role("heading", name="What happened so far")).to_be_visible()


async def import_sheet(page: Page) -> None:
    """What a sheet would change, shown before it does."""
    csa = address("Ana Reyes")
    rows = [f"N-{at},C-N{at},Noodle Bar {at},{csa}" for at in range(1, 25)]
    await look_at(page, "new-stores.csv", "Store No.,customer_id,customer_name,csa_email", *rows)


async def look_at(page: Page, name: str, *rows: str) -> Locator:
    """Give a sheet to be imported, and wait for what it would do; gives the button that imports it."""
    await say(page, "/wavepost import")
    form = page.get_by_role("dialog", name="Import sheets")
    sheet = "\n".join([*rows, ""])
    given: FilePayload = {"name": name, "mimeType": "text/csv", "buffer": sheet.encode()}
    await form.locator("input[type=file]").set_input_files(given)
    await expect(form).to_contain_text(name)
    await form.get_by_role("button", name="Look at them").click()
    await page.get_by_role("dialog").get_by_label("Close").first.click()
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    shown = page.get_by_role("article").filter(has_text=name)
    button = shown.get_by_role("button", name="Import", exact=True)
    await expect(button).to_be_visible(timeout=60_000)
    return button


async def draft(page: Page) -> None:
    """A draft beside the plan in force, after a CSA's leave was imported."""
    leave = ";".join(f"{TODAY + timedelta(days=days):%Y-%m-%d}" for days in (9, 16, 30))
    row = f"{address('Ana Reyes')},Ana Reyes,11,{leave}"
    button = await look_at(page, "leave.csv", "email,name,weekly_capacity,leave_weeks", row)
    await button.click()
    await page.get_by_role("button", name="Draft a new plan").click(timeout=60_000)
    await expect(page.get_by_role("button", name="Publish")).to_be_visible(timeout=60_000)
    image = page.get_by_role("img", name=re.compile("^How full each week"))
    await expect(image).to_be_visible()


async def moved(page: Page) -> None:
    """The one message of a CSA whose customers moved when that draft was published."""
    await page.get_by_role("navigation").get_by_role("button", name="Wavepost").click()
    await page.get_by_role("tab", name="Messages").click()
    await page.get_by_role("button", name="Publish").click()
    await page.get_by_role("dialog").get_by_role("button", name="Publish").click()
    await expect(page.get_by_role("log")).to_contain_text("holds now", timeout=60_000)
    await act_as(page, "ana")
    news = page.get_by_text("News of what you follow")
    await expect(news.first).to_be_visible()
    before = await news.count()
    await digest(page)
    await expect(news).to_have_count(before + 1, timeout=UNTIL_THE_CLOCK_KNOCKS)
    # Once the end was seen, no button says that there is something new.
    await page.locator(".scroller").evaluate("node => { node.scrollTop = node.scrollHeight; }")
    await expect(page.get_by_role("button", name="New messages")).to_have_count(0)
    await news.last.evaluate("node => node.scrollIntoView()")


PICTURES = [
    Picture("schedule", schedule),
    Picture("look-up", look_up, "migration"),
    Picture("triage", triage, "migration-triage", "priya", size=(1060, 900)),
    Picture("escalate", escalate, person="keisha", size=(1060, 860)),
    Picture("list", my_customers, "csa-team"),
    Picture("announced", announced, "csa-team", person="priya", size=(860, 980)),
    Picture("announced-roadmap", announced_roadmap, "roadmap", "priya", size=(1060, 1090)),
    Picture("communication", communication, person="priya", size=(900, 1000)),
    Picture("web", on_the_web, "roadmap", size=(1060, 760)),
    Picture("home", home, size=(1000, 700)),
    Picture("migration", migration, "migration", size=(1000, 860)),
    Picture("forecast", forecast, "migration", "marcus", size=(1000, 900)),
    Picture("roadmap", roadmap, "roadmap", "marcus", size=(960, 660)),
    Picture("feature", feature, "csa-team", "marcus", size=(1060, 560)),
    Picture("health", health, "roadmap", size=(780, 1160)),
    Picture("inspector", inspector, "roadmap", size=(1140, 620)),
    Picture("phone", schedule, "random", size=PHONE),
    Picture("faults", faults),
    Picture("following", following, "customer-joes-pizza"),
    Picture("digest", digest, size=(1060, 600)),
    Picture("why", why, "roadmap", size=(1060, 720)),
    Picture("parameters", parameters, "migration", person="priya", size=(1060, 720)),
    Picture("import", import_sheet, person="priya", size=(1060, 760)),
    Picture("draft", draft, "random", person="priya", size=(1000, 1120)),
    Picture("moved", moved, "random", person="priya", size=(1000, 560)),
    Picture("question", question, "migration-triage", "priya", size=(1060, 560)),
    Picture("displaced", displaced, "migration-triage", "priya", size=(1060, 600)),
    Picture("late", late, person="priya", size=(1060, 620)),
    Picture("wave", wave, "random", person="priya", size=(960, 820)),
    Picture("wave-page", wave_page, "random", person="priya", size=(1000, 900)),
    Picture("what-happened", what_happened, "random", size=(1000, 760)),
    Picture("causes", causes, "random", person="priya", size=(1000, 820)),
    Picture("paused", paused, "random", person="priya", size=(1000, 560)),
    Picture("announced-paused", announced_paused, "migration", person="priya", size=(1000, 760)),
    Picture("reached", reached, "random", person="priya", size=(1000, 480)),
    Picture("rollback", rollback, "random", person="ruth", size=(1000, 620)),
    *OF_FILES,
]


async def main() -> None:
    """Start a sandbox, take every picture, and throw the sandbox away."""
    said: list[str] = []

    async def sitting() -> None:
        found = re.search(r"ready: (http://\S+)", "\n".join(said))
        if found is None:
            raise ValueError(f"no address was printed: {said}")
        FOLDER.mkdir(exist_ok=True)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=QUIET)
            for picture in PICTURES:
                await take(picture, browser, found[1])
            await browser.close()

    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Path(folder) / "sandbox", today=TODAY, port=0, say=said.append)
        await trial.play(until=sitting, open_page=False)


if __name__ == "__main__":
    asyncio.run(main())
