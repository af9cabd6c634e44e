"""Setting triage up, by whichever door: what may be saved, and what is said of it."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from handlers.blocks import Words, built, section
from handlers.errors import Expected, Refused
from handlers.escalation_clock import rewind
from handlers.escalation_jobs import ask_to_move
from rules.slack_ids import is_person
from rules.triage import Triage
from store.audit import Change
from store.channels import ChannelRow
from store.outbox import Message
from store.session import Reading, Transaction
from store.triage import NO_VERSION, Outcome

CAUSE = "triage set up"
SAME = "This is how it is set up already, so nothing was saved."
MEANWHILE = (
    "{by} changed this while you had it open, so nothing was saved. "
    "Open it again to see how it is now."
)
SHARED = (
    "#{name} is shared with another company, and escalations tell of customers. Choose another."
)
GUESTS = "Guests read along in #{name}, and escalations tell of customers. Choose another."
TIMES = {"zone", "opens", "closes", "weekdays", "holidays_of", "clocks"}
"""The settings by which clocks run."""
A_WEEK = timedelta(days=7)


class UnfitTriage(Expected):
    """Some of it cannot be used: name of the setting to words."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join([*problems.values(), "Nothing was saved."]))
        self.problems = problems


async def set_up(
    tx: Transaction, changes: Mapping[str, Any], *, based_on: int | None = None
) -> Triage:
    """Save some settings anew, for who this transaction is by; `based_on` is the version they saw.

    Raises:
        UnfitTriage: they cannot be used, alone or together.
        Refused: nothing is different, or somebody saved meanwhile.
    """
    await tx.triage.lock()
    before = await tx.triage.now()
    if based_on not in (None, before.version):
        raise Refused(MEANWHILE.format(by=await called(tx, before.saved_by)))
    try:
        after = Triage.model_validate({**before.triage.model_dump(), **changes})
    except ValidationError as error:
        raise UnfitTriage(_problems(error, changes)) from error
    if after == before.triage:
        raise Refused(SAME)
    await tx.triage.save(after, by=tx.actor, at=await tx.clock.now())
    was, now = (each.model_dump(mode="json") for each in (before.triage, after))
    changed = [name for name in now if now[name] != was[name]]
    tx.audit(
        Change(
            "triage set up",
            "triage",
            before={name: was[name] for name in changed},
            after={name: now[name] for name in changed},
        )
    )
    if set(changed) & TIMES:
        await rewind(tx)
    return after


async def place_in(tx: Transaction, typed: str, *, zone: str | None = None) -> ChannelRow:
    """Let escalations be decided in a channel, which hears of it; a job shows it what is open.

    `zone` is that of the team as long as nobody has set one.

    Raises:
        Refused: escalations cannot be posted there, or are already.
    """
    channel = await fit_channel(tx, typed)
    before = await tx.triage.now()
    changes: dict[str, str] = {"channel": channel.id}
    if before.version == NO_VERSION and zone:
        changes["zone"] = zone
    after = await set_up(tx, changes)
    if before.triage.channel is None:
        await _begin_summaries(tx, after, await tx.clock.now())
    words = Words("triage", by=tx.actor, is_person=is_person(tx.actor))["begun"]
    tx.say(Message(channel.id, words, built(section(words)), cause=CAUSE))
    await ask_to_move(tx)
    return channel


async def fit_channel(reading: Reading, typed: str) -> ChannelRow:
    """The channel that was typed, where escalations can be posted.

    Raises:
        Refused: it is not known, Wavepost is not in it, or not only colleagues read it.
    """
    name = typed.strip().lstrip("#").lower()
    channel = await reading.channels.named(name)
    if channel is None:
        raise Refused(
            f"I know no channel #{name}. If it is private, or new, invite me there first with "
            "/invite @Wavepost. Archived ones cannot be used."
        )
    if not channel.joined:
        raise Refused(f"I am not in #{name}. Invite me there with /invite @Wavepost, then again.")
    if channel.shared:
        raise Refused(SHARED.format(name=name))
    if await reading.channels.has_outsiders(channel.id):
        raise Refused(GUESTS.format(name=name))
    return channel


async def called(reading: Reading, person: str) -> str:
    """A person's name; whoever is at the command line is called as the audit has them."""
    holder = await reading.roles.holder(person)
    return holder.name if holder else person


async def _begin_summaries(tx: Transaction, triage: Triage, now: datetime) -> None:
    """The first summary is of the week that runs: nobody was to be told of the one before."""
    last = triage.summary_due(now)[0]
    await tx.triage.claim_week(last, Outcome.skipped, "there was no channel yet")


def _problems(error: ValidationError, changes: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong, at the setting that it is about; of all together, at the first that changed."""
    problems: dict[str, str] = {}
    for problem in error.errors():
        name = ".".join(map(str, problem["loc"])) or next(iter(changes))
        words = str(problem["msg"]).removeprefix("Value error, ")
        problems.setdefault(name, words if words.endswith(".") else f"{words}.")
    return problems
