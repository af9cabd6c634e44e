"""Duty: who decides escalations now, and who is asked after them."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime

from rules.roles import Role
from rules.rota import Override, Rota, next_asked
from rules.triage import Triage
from store.session import Reading
from store.triage import SetUp, StandIn


@dataclass(frozen=True, slots=True)
class Duty:
    """The rota at an instant, and the names of all who may decide, by id."""

    set_up: SetUp
    rota: Rota
    stand_ins: tuple[StandIn, ...]
    names: Mapping[str, str]
    now: datetime

    @property
    def triage(self) -> Triage:
        """How triage is set up."""
        return self.set_up.triage

    @property
    def on_duty(self) -> str | None:
        """Who is on duty and may decide: where somebody lost the role, or left, the next one."""
        return self.after(frozenset())

    @property
    def overrides(self) -> tuple[Override, ...]:
        """Who stands in now or later."""
        return tuple(each.override for each in self.stand_ins)

    def after(self, asked: AbstractSet[str]) -> str | None:
        """Who is asked after all these; None where nobody is left."""
        return next_asked(self.rota.chain(self.now), asked, self.names.keys())


async def duty(reading: Reading, now: datetime) -> Duty:
    """Who is on duty at an instant, and who comes after them."""
    set_up = await reading.triage.now()
    stand_ins = tuple(await reading.triage.stand_ins(now))
    names = {each.id: each.name for each in await reading.roles.members_who_may(Role.lead)}
    rota = set_up.triage.rota(tuple(each.override for each in stand_ins))
    return Duty(set_up, rota, stand_ins, names, now)
