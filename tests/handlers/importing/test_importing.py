"""Sheets coming in: what is written, and what is only said."""

from datetime import date

import xlsxwriter

from store.session import Store
from tests.handlers.importing.desk import MASTER, TODAY, Desk, bring, counts, rows


async def test_only_what_differs_is_changed(store: Store, desk: Desk) -> None:
    header = f"{MASTER},location_name,orders_28d,requires"
    await desk.bring(
        "a.csv",
        header,
        "1,C1,Joe,ana@x.de,Main St,5,loyalty;catering",
        "2,C1,Joe,ana@x.de,Elm St,7,",
    )
    report = await desk.bring(
        "b.csv", header, "1,C1,Joe,ana@x.de,Main St,6,catering", "2,C1,Joe,ana@x.de,Elm St,7,"
    )
    assert (report.sheets[0].changed, report.sheets[0].unchanged) == (1, 1)
    assert [
        tuple(row)
        for row in await rows(store, "SELECT id, orders_28d, requires FROM locations ORDER BY id")
    ] == [
        ("1", 6, ["catering"]),
        ("2", 7, []),
    ]
    audit = await rows(store, "SELECT actor, action, subject, after FROM audit ORDER BY id")
    assert audit[1].actor == "U_ANA"
    assert (audit[1].action, audit[1].subject) == ("imported", "master b.csv")
    assert audit[1].after == {"added": 0, "changed": 1, "unchanged": 1, "rejected": 0}


async def test_columns_that_a_sheet_lacks_stay_as_they_were(store: Store, desk: Desk) -> None:
    await desk.bring(
        "a.csv",
        f"{MASTER},location_name,orders_28d,status",
        "1,C1,Joe,ana@x.de,Main St,5,offboarded",
    )
    report = await desk.bring("b.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us-east")
    assert report.sheets[0].changed == 1
    kept = (await rows(store, "SELECT name, orders_28d, status, region FROM locations"))[0]
    assert tuple(kept) == ("Main St", 5, "offboarded", "us-east")


async def test_a_cell_that_was_emptied_is_emptied(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us-east")
    await desk.bring("b.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,")
    assert (await rows(store, "SELECT region FROM locations"))[0].region is None


async def test_the_four_required_columns_are_enough(store: Store, desk: Desk) -> None:
    report = await desk.bring("a.csv", MASTER, "1,C1,Joe,Ana@X.de")
    assert report.notes == (
        "There is no list of CSAs: 20 locations a week for each CSA, and no leave.",
        "There is no order history: who is inactive is told from the master sheet alone.",
        "There is no list of blackouts: no week is closed.",
        "No time zones: the zone of the region is used.",
        "No regions: all locations are in one.",
        "Locations without a status are active.",
        "No location names: locations are called by their customer and id.",
    )
    kept = (await rows(store, "SELECT name, status, requires FROM locations"))[0]
    assert tuple(kept) == ("Joe 1", "active", [])
    assert (await rows(store, "SELECT csa_email FROM customers"))[0].csa_email == "ana@x.de"


async def test_names_that_nothing_explains_are_told(desk: Desk) -> None:
    await desk.bring("csas.csv", "email,name,weekly_capacity", "ana@x.de,Ana,10")
    await desk.bring("features.csv", "key,name,target_release_on", "loyalty,Loyalty,2022-03-01")
    report = await desk.bring(
        "a.csv", f"{MASTER},requires", "1,C1,Joe,ana@x.de,loyalty", "2,C2,Bo,bo@x.de,magic;loyalty"
    )
    assert (
        "1 CSA of the master sheet is not in the list of CSAs, so 20 locations a week are counted on: "
        "bo@x.de." in report.notes
    )
    assert "1 location waits for a feature nobody knows: magic." in report.notes
    assert not any("ana@x.de" in note or "knows: loyalty" in note for note in report.notes)


async def test_history_of_unknown_locations_is_rejected(store: Store, desk: Desk) -> None:
    files = (
        desk.write("history.csv", "store id,week_start,orders", "1,2022-01-03,5", "9,2022-01-03,5"),
        desk.write("master.csv", MASTER, "1,C1,Joe,ana@x.de"),
    )
    report = await bring(store, *files)
    history = report.sheets[1]
    assert (history.sheet.kind, history.added, history.rejected) == ("history", 1, 1)
    assert history.sheet.rejects.rows() == [
        (3, "store id", "9", "No location has this id; import it with the master sheet first.")
    ]
    assert (await counts(store, "history"))["history"] == 1


async def test_history_is_kept_by_location_and_week(store: Store, desk: Desk) -> None:
    await desk.bring("master.csv", MASTER, "1,C1,Joe,ana@x.de")
    header = "location_id,week_start,orders,missed_orders"
    await desk.bring("a.csv", header, "1,2022-01-03,5,1")
    report = await desk.bring("b.csv", header, "1,2022-01-03,6,1", "1,2022-01-10,7,")
    assert (report.sheets[0].added, report.sheets[0].changed) == (1, 1)
    kept = await rows(store, "SELECT orders, missed_orders FROM history ORDER BY week_start")
    assert [tuple(row) for row in kept] == [(6, 1), (7, None)]


async def test_a_target_that_moved_later_is_a_slip(store: Store, desk: Desk) -> None:
    header = "key,name,target_release_on,released_on"
    await desk.bring(
        "a.csv", header, "a,A,2022-02-01,", "b,B,2022-02-01,", "c,C,2022-02-01,", "d,D,2022-01-01,"
    )
    report = await desk.bring(
        "b.csv", header, "a,A,2022-03-01,", "b,B,2022-01-20,", "c,C,,", "d,D,,2022-01-10"
    )
    assert report.notes[0] == "The target date moved later, or away, for 2 features: a, c."
    slips = await rows(
        store, "SELECT feature_key, from_date, to_date FROM feature_slips ORDER BY 1"
    )
    assert [tuple(row) for row in slips] == [
        ("a", date(2022, 2, 1), date(2022, 3, 1)),
        ("c", date(2022, 2, 1), None),
    ]
    released = await rows(store, "SELECT released_on FROM features WHERE key = 'd'")
    assert released[0].released_on == date(2022, 1, 10)


async def test_leave_is_replaced_for_the_csas_in_the_sheet(store: Store, desk: Desk) -> None:
    header = "email,name,weekly_capacity,leave_weeks"
    await desk.bring(
        "a.csv", header, "ana@x.de,Ana,10,2022-02-07;2022-02-14", "bo@x.de,Bo,5,2022-03-07"
    )
    report = await desk.bring("b.csv", header, "ANA@x.de,Ana,10,2022-02-21")
    assert report.sheets[0].changed == 1
    assert any(
        note == "Not in the list of CSAs, kept as before: 1 CSA: bo@x.de." for note in report.notes
    )
    leave = await rows(store, "SELECT email, week FROM csa_leave ORDER BY email")
    assert [tuple(row) for row in leave] == [
        ("ana@x.de", date(2022, 2, 21)),
        ("bo@x.de", date(2022, 3, 7)),
    ]


async def test_blackouts_are_kept_by_region_and_days(store: Store, desk: Desk) -> None:
    await desk.bring(
        "a.csv", "region,from,to,why", "*,2022-02-07,2022-02-08,Fair", "us,2022-03-07,2022-03-08,"
    )
    report = await desk.bring("b.csv", "region,from,to,why", "*,2022-02-07,2022-02-08,Big fair")
    assert report.sheets[0].changed == 1
    assert (
        "Not in the list of blackouts, kept as before: 1 blackout: us 2022-03-07 2022-03-08."
        in report.notes
    )
    kept = await rows(store, "SELECT region, why FROM blackouts ORDER BY region")
    assert [tuple(row) for row in kept] == [("*", "Big fair"), ("us", None)]


async def test_new_customers_and_new_locations_go_on_the_timeline(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de", "2,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "3,C1,Joe,ana@x.de", "4,C2,Bo,bo@x.de")
    entries = await rows(
        store, "SELECT customer_id, event, facts, actor, happened_at FROM timeline ORDER BY id"
    )
    assert [(row.customer_id, row.event, row.facts, row.actor) for row in entries] == [
        ("C1", "imported", {"locations": 2, "file": "a.csv"}, "U_ANA"),
        ("C2", "imported", {"locations": 1, "file": "b.csv"}, "U_ANA"),
        ("C1", "grew", {"locations": 1, "ids": ["3"], "file": "b.csv"}, "U_ANA"),
    ]
    assert entries[0].happened_at.date() == TODAY


async def test_a_later_sheet_of_a_kind_has_the_last_word(store: Store, desk: Desk) -> None:
    files = (
        desk.write("old.csv", f"{MASTER},region", "1,C1,Joe,ana@x.de,us", "2,C1,Joe,ana@x.de,us"),
        desk.write("new.csv", MASTER, "1,C1,Joe's,bo@x.de"),
    )
    report = await bring(store, *files)
    assert [(sheet.added, sheet.replaced) for sheet in report.sheets] == [(1, 1), (1, 0)]
    assert [tuple(row) for row in await rows(store, "SELECT name, csa_email FROM customers")] == [
        ("Joe's", "bo@x.de")
    ]
    assert {row.region for row in await rows(store, "SELECT region FROM locations")} == {"us"}
    assert not (await bring(store, *files)).changes_something


async def test_people_find_a_renamed_customer_and_not_the_old_name(
    store: Store, desk: Desk
) -> None:
    header = f"{MASTER},location_name"
    await desk.bring(
        "a.csv", header, "1,C1,Café Zoë,ana@x.de,Zoë Boston", "2,C2,Bo,bo@x.de,Bo's O'Neill \\ Bar"
    )
    await desk.bring("b.csv", header, "1,C1,Blue Heron,ana@x.de,Zoë Boston")
    async with store.reading() as reading:
        assert [named.id for named in (await reading.names.find("blue herron")).found] == ["C1"]
        assert (await reading.names.find("cafe")).total == 0
        assert [named.id for named in (await reading.names.find("oneill bar")).found] == ["2"]


async def test_a_location_that_changed_hands_is_found_under_its_new_customer(
    store: Store, desk: Desk
) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    await desk.bring("b.csv", MASTER, "1,C2,Bo,bo@x.de")
    async with store.reading() as reading:
        assert (await reading.names.find("1")).found[0].customer_id == "C2"


async def test_a_name_of_signs_only_is_kept_and_found(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", f"{MASTER},location_name", "1,C1,'\\',ana@x.de,🍕")
    async with store.reading() as reading:
        assert (await reading.names.find("🍕")).found[0].id == "1"


async def test_a_new_store_may_bring_its_customer_a_new_csa(store: Store, desk: Desk) -> None:
    await desk.bring("a.csv", MASTER, "1,C1,Joe,ana@x.de")
    report = await desk.bring("b.csv", MASTER, "2,C1,Joe,bo@x.de")
    assert (report.sheets[0].added, report.sheets[0].changed) == (1, 0)
    assert (await rows(store, "SELECT csa_email FROM customers"))[0].csa_email == "bo@x.de"


async def test_a_page_of_remarks_is_passed_over_and_said(desk: Desk, store: Store) -> None:
    path = desk.write("book.xlsx")
    with xlsxwriter.Workbook(path) as book:
        remarks, stores = book.add_worksheet("Remarks"), book.add_worksheet("Stores")
        remarks.write_row(0, 0, ["Topic", "Said by"])
        remarks.write_row(1, 0, ["Printers", "Bo"])
        stores.write_row(0, 0, MASTER.split(","))
        stores.write_row(1, 0, ["1", "C1", "Joe", "ana@x.de"])
    report = await bring(store, path)
    assert report.sheets[0].added == 1
    assert (
        report.sheets[0]
        .sheet.notes[-1]
        .startswith(
            "Passed over. book.xlsx, sheet Remarks: Its headers do not tell what it is about"
        )
    )
