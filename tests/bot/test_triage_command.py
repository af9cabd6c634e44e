"""`wavepost triage` and `wavepost rota` as somebody at a terminal meets them."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner, Result

from bot.rota_command import rota
from bot.terminal import console
from bot.triage_command import triage
from rules.roles import Kind, Role
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store

Command = Callable[..., Result]


@pytest.fixture
def run(database_url: str, logging_restored: None, monkeypatch: pytest.MonkeyPatch) -> Command:
    async def begin() -> None:
        store = Store(database_url)
        async with store.transaction(actor="test") as tx:
            await tx.clock.set_now(datetime(2022, 1, 19, 15, tzinfo=UTC))
            for name in ("Lea", "Ada", "Vic"):
                email = f"{name.lower()}@northwind.example"
                await tx.people.keep(
                    [PersonRow(id=f"U{name}", name=name, email=email, kind=Kind.member)]
                )
            for lead in ("ULea", "UAda"):
                await tx.roles.give(lead, Role.lead, by="test")
            await tx.channels.keep([ChannelRow(id="C1", name="triage", joined=True)])
        await store.close()

    asyncio.run(begin())
    monkeypatch.setenv("WAVEPOST_DATABASE_URL", database_url)
    monkeypatch.setattr(console, "width", 300)  # no word of a table is broken

    def run(command: typer.Typer, *words: str) -> Result:
        return CliRunner().invoke(command, list(words))

    return run


def test_triage_is_shown_and_set_up(run: Command) -> None:
    shown = run(triage)
    assert shown.exit_code == 0
    assert "the leads, as direct messages" in shown.output
    assert "Mon to Fri, 09:00 to 17:00, UTC" in shown.output

    saved = run(triage, "set", "--channel", "#triage", "--closes", "16:30", "--holidays", "DE-BY")
    assert "Saved. The team works Mon to Fri, 09:00 to 16:30, UTC." in saved.output
    saved = run(triage, "set", "--days", "Mon,tue", "--urgent-hours", "2", "--quota", "6")
    assert saved.exit_code == 0
    shown = run(triage)
    assert "#triage" in shown.output
    assert "Germany, BY (DE-BY)" in shown.output
    assert "Mon, Tue, 09:00 to 16:30, UTC" in shown.output
    assert "2 hours" in shown.output.replace("\N{NO-BREAK SPACE}", " ")
    assert "6 for each CSA" in shown.output

    for words, problem in (
        (("--zone", "Mars/Base"), "There is no time zone 'Mars/Base'"),
        (("--closes", "08:00"), "cannot end at 08:00"),
        (("--holidays", "XX"), "Nobody knows the public holidays of 'XX'"),
        (("--urgent-hours", "0"), "greater than 0"),
        (("--quota", "6"), "set up already, so nothing was saved"),
    ):
        refused = run(triage, "set", *words)
        assert (refused.exit_code, problem in refused.output) == (2, True), refused.output
    assert run(triage, "set").exit_code == 2
    assert run(triage, "set", "--opens", "early").exit_code == 2


def test_the_rota_is_shown_and_changed(run: Command) -> None:
    assert "Nobody is on duty." in run(rota).output
    changed = run(rota, "set", "ada@northwind.example", "lea@northwind.example")
    assert "Ada is on duty." in changed.output
    assert "Mon 24 Jan 2022" in changed.output

    changed = run(rota, "stand-in", "lea@northwind.example", "2022-01-19", "2022-01-20")
    assert "Lea is on duty." in changed.output
    assert "Thu 20 Jan 2022" in changed.output
    assert "Ada is on duty." in run(rota, "take-back", "1").output

    for words, problem in (
        (("set", "vic@northwind.example"), "Vic may not decide escalations"),
        (("set", "nobody@northwind.example"), "I know nobody with the address"),
        (("set", "ada@northwind.example", "ada@northwind.example"), "named twice"),
        (("stand-in", "lea@northwind.example", "2022-01-20", "2022-01-19"), "before the first"),
        (("stand-in", "lea@northwind.example", "2022-01-02", "2022-01-03"), "is over"),
        (("take-back", "1"), "gone already"),
    ):
        refused = run(rota, *words)
        assert (refused.exit_code, problem in refused.output) == (2, True), refused.output
