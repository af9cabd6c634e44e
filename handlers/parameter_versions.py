"""Saving parameters: what somebody proposes, what came in between, and the version that counts then."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Self

from handlers.errors import Expected, Refused
from rules.adjusting import NUMBERS, Difference, adjusted, differences, written
from rules.parameters import Parameters
from store.audit import Change
from store.jobs import Json
from store.parameters import Version
from store.session import Reading, Transaction

SAME = "These are the numbers that count now, so nothing was saved."
NO_VERSION = 0
"""In place of a version's number: nobody has saved one."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Numbers that somebody wants, by key, as they are written; and the version it was thought of for.

    `answer` is what was decided of it in Slack, None while it is open.
    """

    numbers: Mapping[str, str]
    note: str = ""
    based_on: int = NO_VERSION
    answer: str | None = None

    @classmethod
    def of(cls, kept: Json) -> Self:
        """The proposal that was kept with a job."""
        return cls(**kept)

    def to_json(self) -> Json:
        """The proposal as it is kept."""
        return asdict(self)

    def applied_to(self, parameters: Parameters) -> Parameters:
        """The parameters as proposed; raises UnfitNumbers where these do not go together."""
        return adjusted(parameters, self.numbers)


@dataclass(frozen=True)
class Standing:
    """What counts now, and since which version."""

    version: int = NO_VERSION
    parameters: Parameters = field(default_factory=Parameters)
    saved: Version | None = None


class SavedMeanwhile(Expected):
    """Somebody saved another version after this proposal was shown; nothing of it was saved."""

    def __init__(self, by: str, changes: list[Difference]) -> None:
        self.by = by
        self.changes = changes
        super().__init__(
            f"{by} saved other parameters meanwhile, so nothing was saved. Look again at what your "
            "change would do now."
        )


async def standing(reading: Reading) -> Standing:
    """The parameters that count now; raises UnreadableParameters where they cannot be used."""
    newest = await reading.parameters.newest()
    return Standing(newest.id, newest.parameters, newest) if newest else Standing()


def all_defaults(note: str = "", *, based_on: int = NO_VERSION) -> Proposal:
    """The proposal to go back to the defaults."""
    return Proposal({each.key: written(each.default) for each in NUMBERS}, note, based_on)


async def save(tx: Transaction, proposal: Proposal) -> tuple[int, list[Difference]]:
    """Save what was proposed, for who this transaction is by; the version's number, and what changed.

    Raises:
        SavedMeanwhile: it is based on a version that is not the newest any more.
        Refused: it changes nothing.
        UnfitNumbers: it cannot be used.
    """
    await tx.parameters.lock()
    now = await standing(tx)
    if now.version != proposal.based_on:
        raise await saved_since(tx, proposal.based_on, now)
    wanted = proposal.applied_to(now.parameters)
    changes = differences(now.parameters, wanted)
    if not changes:
        raise Refused(SAME)
    return await _keep(tx, wanted, changes, proposal.note), changes


async def start_over(tx: Transaction, note: str) -> int:
    """Save the defaults, whatever was saved before, even if nobody can read it; the version's number."""
    await tx.parameters.lock()
    return await _keep(tx, Parameters(), [], note)


async def saved_since(reading: Reading, version: int, now: Standing) -> SavedMeanwhile:
    """Who saved the newest version, and all that is different since the one named."""
    seen = await reading.parameters.get(version)
    before = seen.parameters if seen else Parameters()
    by = now.saved.saved_by if now.saved else ""
    return SavedMeanwhile(by, differences(before, now.parameters))


async def _keep(tx: Transaction, wanted: Parameters, changes: list[Difference], note: str) -> int:
    at = await tx.clock.now()
    version = await tx.parameters.save(wanted, by=tx.actor, at=at, note=note)
    tx.audit(
        Change(
            action="parameters saved",
            subject=f"parameters {version}",
            before={each.number.key: each.before for each in changes} or None,
            after={each.number.key: each.after for each in changes} or wanted.model_dump(),
            reason=note or None,
        )
    )
    return version
