"""Changing the day of a file: it is the day of who chooses it, and stays where nobody chose another."""

from datetime import UTC, date, datetime

import pytest

from bot.sandbox.person import Person
from rules.file_days import end_of
from rules.file_life import State, Step
from store.shared_files import SharedFile
from tests.handlers.files.release_world import SEALED, House
from tests.world import run

ZONES = ("Pacific/Auckland", "Europe/Berlin", "America/Los_Angeles")


async def lives_in(house: House, person: str, zone: str) -> None:
    moved = "UPDATE people SET timezone = :zone WHERE id = :id"
    await run(house.store, moved, zone=zone, id=house.ids[person])


async def day_shown(person: Person, file: SharedFile) -> str:
    """The day in the form that changes it, opened anew."""
    if person.modal.is_open:
        await person.modal.close(everything=True)
    assert (await person.command(f"/share {file.number}")).ok
    await person.modal.opened()
    await person.press("Change the day", in_="modal")
    await person.modal.opened()
    return str(person.modal.holds("day"))


@pytest.mark.parametrize("zone", ZONES)
async def test_a_day_that_is_sent_as_it_was_shown_stays_however_often(
    house: House, sue: Person, zone: str
) -> None:
    await lives_in(house, "sue", zone)
    # Clocks are changed between today and that day.
    until = end_of(date(2022, 4, 10), zone)
    [file] = await house.sent("Menus", expires_at=until)
    for _ in range(2):
        assert await day_shown(sue, file) == "2022-04-10"
        assert await sue.modal.submit(day=date(2022, 4, 10)) is None
        assert sue.modal.depth == 1, "a window below would say the day that it had"
        assert (await house.file(file.id)).row.expires_at == until


async def test_who_lives_elsewhere_moves_nothing_by_sending_what_is_shown(
    house: House, sue: Person
) -> None:
    until = end_of(date(2022, 2, 10), "Pacific/Auckland")
    [file] = await house.sent("Menus", expires_at=until)
    for zone in ZONES:
        await lives_in(house, "sue", zone)
        shown = await day_shown(sue, file)
        assert await sue.modal.submit(day=date.fromisoformat(shown)) is None
        assert (await house.file(file.id)).row.expires_at == until
    await day_shown(sue, file)
    assert await sue.modal.submit(day=date(2022, 2, 11)) is None
    moved = (await house.file(file.id)).row.expires_at
    assert moved == datetime(2022, 2, 12, 7, 59, tzinfo=UTC)


async def test_the_same_days_are_taken_as_when_it_is_sent(house: House, sue: Person) -> None:
    await lives_in(house, "sue", "UTC")
    [file] = await house.sent("Menus")
    await day_shown(sue, file)
    assert "Choose a later day" in str(await sue.modal.submit(day=date(2022, 1, 14)))
    assert "at most 5 years" in str(await sue.modal.submit(day=date(2027, 2, 1)))
    assert await sue.modal.submit(day=date(2026, 12, 31)) is None
    assert (await house.file(file.id)).row.expires_at == end_of(date(2026, 12, 31), "UTC")


async def test_the_last_day_of_the_calendar_is_too_far_where_it_has_no_end(
    house: House, sue: Person
) -> None:
    await lives_in(house, "sue", "America/Los_Angeles")
    [file] = await house.sent("Menus")
    await day_shown(sue, file)
    assert "at most 5 years" in str(await sue.modal.submit(day=date(9999, 12, 31)))


async def test_another_day_for_what_waits_is_a_step_so_that_who_decides_has_seen_it(
    house: House, sue: Person, ben: Person
) -> None:
    over = end_of(date(2022, 1, 14), "UTC")
    [file] = await house.sent("Menus", **SEALED, expires_at=over)
    assert await sue.sees("Choose another day", in_="DM")
    await sue.press("Choose another day", in_="DM")
    await sue.modal.opened()
    assert await sue.modal.submit(day=date(2022, 1, 31)) is None
    mended = await house.file(file.id)
    assert mended.state is State.in_review
    assert mended.last
    assert mended.last.step is Step.mend
    assert mended.row.version == file.row.version + 1
    assert await ben.sees("Release", in_="DM")
    assert (await ben.press("Release", in_="DM")).ok
    assert (await house.file(file.id)).state is State.released
