"""Who decides about a wave that is paused; where nobody can, who gives the role."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.blocks import Mrkdwn, Words, mention
from handlers.leads import who_gives
from rules.roles import Role
from rules.wording import or_listed
from store.session import Reading

MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Deciders:
    """The ids of those who decide; without any, of those who can give the role approver."""

    people: tuple[str, ...]
    givers: tuple[str, ...]

    @property
    def words(self) -> Mrkdwn:
        """Whom to turn to, for who reads of a pause and cannot decide."""
        named = _named(self.people or self.givers)
        block = "they_decide" if self.people else "nobody_decides"
        return Words("wave_telling", named=named)[block]

    @property
    def named(self) -> Mrkdwn:
        """Who decides, by name; nothing where nobody can."""
        return _named(self.people)


async def deciders(reading: Reading) -> Deciders:
    """The approvers; where nobody was given that role, whoever has it by another one."""
    given = await reading.roles.people_with(Role.approver)
    people = given or [each.id for each in await reading.roles.members_who_may(Role.approver)]
    return Deciders(tuple(people), tuple(await who_gives(reading, Role.approver)))


def _named(people: Sequence[str]) -> Mrkdwn:
    return Mrkdwn(or_listed(mention(each) for each in people[:MOST_NAMED]))
