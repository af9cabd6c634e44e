"""The past of a trial: lived through what every door shares, as far as it lies before today."""

from datetime import date
from pathlib import Path

from sqlalchemy import text

from bot.example.workspace import roles, workspace
from bot.example.world import world
from bot.trial_past import Past
from handlers.roles import give
from rules.location_life import State
from rules.roles import Kind, Role
from rules.verdicts import Verdict
from rules.wave_life import State as WaveState
from store.channels import ChannelRow
from store.people import PersonRow
from store.session import Store, Transaction

WEDNESDAY = date(2022, 1, 12)
FIRST, SECOND, THIRD = date(2021, 12, 6), date(2021, 12, 13), date(2022, 1, 10)


async def somebody_is_there(tx: Transaction) -> None:
    users = workspace(WEDNESDAY)["users"]
    people = [
        PersonRow(
            id=f"U{user['key'].upper()}",
            name=user["real_name"],
            email=user["email"],
            kind=Kind.member,
            active=True,
        )
        for user in users
        if user["kind"] == "member"
    ]
    await tx.people.keep(people)
    channels = [
        ChannelRow(
            id=f"C{channel['key']}",
            name=channel["name"],
            shared=channel["shared"],
            joined=channel["app_is_member"],
        )
        for channel in workspace(WEDNESDAY)["channels"]
    ]
    await tx.channels.keep(channels)
    for email, given in roles().items():
        for role in given:
            await give(tx, email, Role(role))


async def test_waves_ran_up_to_today_and_only_the_newest_announcements_are_said_now(
    store: Store, tmp_path: Path
) -> None:
    async with store.transaction(actor="test") as tx:
        await tx.clock.set_today(WEDNESDAY)
        await somebody_is_there(tx)
        await Past(tx, tmp_path, world(WEDNESDAY)).live()

    async with store.reading() as reading:
        assert (await reading.clock.now()).date() == WEDNESDAY
        waves = {wave.week: wave.state for wave in await reading.waves.all()}
        assert waves[FIRST] is WaveState.closed
        assert waves[THIRD] is WaveState.running
        third = await reading.waves.counts(THIRD)
        assert third[State.planned] > third[State.migrated] > 0
        steps = [step.step for step in await reading.waves.steps(SECOND)]
        assert steps[:4] == ["announce", "start", "pause", "go on"]
        back = text("SELECT count(*) FROM rollback_items WHERE by IS NOT NULL")
        assert (await reading.connection.execute(back)).scalar_one() > 0
        judged = text("SELECT count(DISTINCT verdict) FROM checks")
        assert (await reading.connection.execute(judged)).scalar_one() == len(Verdict)
        told = text("SELECT (SELECT count(*) FROM outbox), (SELECT count(*) FROM tidings)")
        schedules = await reading.announcement_schedules.all()
        newest = await reading.announcement_lines.newest([each.id for each in schedules])
        said = sorted(each.channel for each in newest.values() if not each.why)
        assert tuple((await reading.connection.execute(told)).one()) == (len(said), 0)
        assert said == [
            *("Ccsa-team", "Cmigration", "Cmigration-triage", "Cpartners-courier-co"),
            *("Croadmap", "Croadmap"),
        ]
