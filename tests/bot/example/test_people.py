"""The people of the example: who is in which channel, who has which role, and what they escalate."""

from pathlib import Path

import polars as pl

from bot.example.sheets import (
    ESCALATED_FILE,
)
from bot.example.workspace import roles, workspace
from rules.columns import Kind, guess_kind


def test_the_workspace_begins_with_ana_and_knows_every_csa(folder: Path) -> None:
    users = workspace()["users"]
    members = {user["email"] for user in users if user["kind"] == "member"}

    assert users[0]["real_name"] == "Ana Reyes"
    assert set(pl.read_csv(folder / "csas.csv")["email"]) <= members
    assert {user["kind"] for user in users} == {"member", "guest", "stranger", "deactivated"}
    assert len({user["key"] for user in users}) == len(users)


def test_channels_and_groups_name_people_of_the_workspace() -> None:
    everything = workspace()
    keys = {user["key"] for user in everything["users"]}

    for place in [*everything["channels"], *everything["usergroups"]]:
        assert place["members"]
        assert set(place["members"]) <= keys
    assert all(len(channel["topic"]) <= 250 for channel in everything["channels"])


def test_a_stranger_is_only_where_the_channel_is_shared() -> None:
    everything = workspace()
    strangers = {user["key"] for user in everything["users"] if user["kind"] == "stranger"}

    for channel in everything["channels"]:
        assert channel["shared"] == bool(strangers & set(channel["members"]))


def test_each_role_has_somebody() -> None:
    given = roles()
    known = {user["email"] for user in workspace()["users"]}

    assert set(given) <= known
    assert {role for some in given.values() for role in some} == {
        "admin",
        "lead",
        "approver",
        "sender",
    }


def test_ten_stores_are_escalated_by_people_of_the_workspace(folder: Path) -> None:
    escalated = pl.read_csv(folder / ESCALATED_FILE)
    master = pl.read_excel(folder / "master-sheet.xlsx", read_options={"header_row": 1})

    assert guess_kind(escalated.columns) is Kind.escalated_stores
    assert escalated.height == escalated["Store ID"].n_unique() == 10
    assert set(escalated["Store ID"]) <= set(master["Store ID"])
    assert set(escalated["Requested by"]) <= {user["email"] for user in workspace()["users"]}
    assert (escalated["Reason"].str.len_chars() > 40).all()
