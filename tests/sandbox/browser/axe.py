"""What axe-core finds wrong with a page, for people who hear it or steer it by keyboard."""

from importlib.resources import files

from playwright.async_api import Page

# Its own Playwright door is not used: the page's Content-Security-Policy lets no script in but ours,
# and what the debugger evaluates is not asked.
_SOURCE = files("axe_playwright_python").joinpath("axe.min.js").read_text()
# A colour on its way to another one is not judged.
_STILL = """() => Promise.allSettled(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < Infinity).map((one) => one.finished))"""
_RUN = """async () => (await axe.run({ resultTypes: ["violations"] })).violations.flatMap(
  ({ id, help, nodes }) => nodes.map(({ target, failureSummary }) =>
    `${id}: ${help}\\n  ${target.join(" ")}\\n  ${failureSummary.replaceAll("\\n", "\\n  ")}`))"""


async def faults_of(page: Page) -> list[str]:
    """Each violation of axe's rules, its best practices among them, in words; of the page as it is."""
    await page.evaluate(_STILL)
    await page.evaluate(_SOURCE)
    found: list[str] = await page.evaluate(_RUN)
    return found
