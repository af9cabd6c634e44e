"""What the clock does about waves and rollbacks: somebody left who was to decide, or had a task.

Any number of replicas may knock at once: the row that is held decides who acts, and what is said is
committed with what was changed, so each thing is said once.
"""

from handlers.blocks import Words, actions, built, section
from handlers.duty import duty
from handlers.rollback_confirming import hand_over, under_way
from handlers.rollback_posts import Share
from handlers.wave_deciders import deciders
from handlers.wave_said import CAUSE, Told, see_button
from handlers.wave_telling import about
from handlers.wave_turn import WAVEPOST
from rules.roles import Role
from rules.wave_life import State, Step
from store.outbox import Message
from store.rollback_rows import RollbackRow
from store.session import Reading, Store, Transaction
from store.wave_rows import WaveRow


async def knock(store: Store) -> None:
    """Hand over what somebody left, and see that somebody can decide about each wave that is paused."""
    while await _hand_next_over(store):
        pass
    async with store.reading() as reading:
        paused = [row.week for row in await reading.waves.all() if row.state == State.paused]
    for week in paused:
        async with store.transaction(actor=WAVEPOST) as tx:
            wave = await tx.waves.get(week, for_change=True)
            if wave and wave.state == State.paused:
                await _see_to_deciders(tx, wave)


async def _hand_next_over(store: Store) -> bool:
    """Hand the tasks of somebody who left to a lead; False where nobody did, or nobody is there."""
    async with store.transaction(actor=WAVEPOST) as tx:
        found = await tx.rollbacks.left_behind()
        if found is None:
            return False
        number, owner = found
        under = await under_way(tx, number, for_change=True)
        to = await _successor(tx, under.row)
        if to is None:
            return False
        share = Share.of(under.rollback, owner)
        if share.now or share.later:
            await hand_over(tx, under, owner, to)
    return True


async def _successor(reading: Reading, row: RollbackRow) -> str | None:
    """Who is on duty, else any lead, else who decided the rollback; None where they all left."""
    on_duty = (await duty(reading, await reading.clock.now())).on_duty
    leads = await reading.roles.people_with(Role.lead)
    holder = await reading.roles.holder(row.by)
    return on_duty or (leads[0] if leads else None) or (holder.id if holder else None)


async def _see_to_deciders(tx: Transaction, wave: WaveRow) -> None:
    """Tell who became an approver while a wave is paused; where nobody is any more, the leads."""
    now = await deciders(tx)
    paused = (await tx.waves.steps(wave.week))[-1].taken
    if not now.people:
        await _tell_leads(tx, wave)
        return
    knowing = {*await tx.posts.of(about(wave.week)), paused.by}
    new = [person for person in now.people if person not in knowing]
    if not new or paused.step is not Step.pause:
        return
    told = await Told.of(tx, wave, paused)
    mine = await tx.wave_owners.people(wave.week)
    for person in new:
        message = told.to(person, mine=mine.get(person, 0))
        tx.say(message)
        await tx.posts.keep(about(wave.week), person, message.id)


async def _tell_leads(tx: Transaction, wave: WaveRow) -> None:
    """Tell the leads once that nobody can decide, and who can give the role."""
    if not await tx.triage.claim_notice(f"wave {wave.week}", f"no approver at {wave.version}"):
        return
    words = Words("wave_telling", week=wave.week)
    said = built(
        section(words["nobody_left"]),
        section((await deciders(tx)).words),
        actions(see_button(wave.week)),
    )
    for lead in await tx.roles.people_with(Role.lead):
        tx.say(Message(lead, words.plain("nobody_left"), said, cause=CAUSE))
