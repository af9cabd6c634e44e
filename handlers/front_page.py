"""The front page: your customers by date, or the next wave for who has none."""

from handlers.lists import PAGE, Page
from handlers.page_doors import page
from handlers.pages import Answer, shown, turns
from handlers.visit import Visit
from rules.roles import Role
from store.schedule_lines import Line
from store.session import Reading, Store


@page("/", role=Role.viewer)
async def front(visit: Visit, store: Store) -> Answer:
    """Who has customers sees these; who has none, the next wave."""
    async with store.reading(consistent=True) as reading:
        if visit.person.owns_customers:
            return await mine(reading, visit)
        return await next_wave(reading, visit)


async def mine(reading: Reading, visit: Visit, number: int | None = None) -> Answer:
    """The customers of who asks, by date."""
    number = visit.page() if number is None else number
    email = (visit.person.email or "").lower()
    lines, total = await reading.schedules.of_csa(
        email, today=visit.today, skip=number * PAGE, most=PAGE
    )
    if number and not lines:
        return await mine(reading, visit, 0)
    return _listed(visit, Page(lines, number, total), is_mine=True)


async def next_wave(reading: Reading, visit: Visit, number: int | None = None) -> Answer:
    """The customers of the wave that comes next."""
    number = visit.page() if number is None else number
    week = await reading.schedules.next_week(visit.today)
    if week is None:
        return _listed(visit, Page([], 0, 0), is_mine=False)
    lines, total = await reading.schedules.of_week(week, skip=number * PAGE, most=PAGE)
    if number and not lines:
        return await next_wave(reading, visit, 0)
    return _listed(visit, Page(lines, number, total), is_mine=False)


def _listed(visit: Visit, lines: Page[Line], *, is_mine: bool) -> Answer:
    return shown("front", visit, lines=lines, turns=turns(visit, lines), is_mine=is_mine)
