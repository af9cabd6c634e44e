"""Whether somebody gets the bytes now: asked anew at every click, of what holds at that moment."""

from dataclasses import dataclass
from datetime import datetime

from rules.file_life import OUT, State
from rules.receipts import Refusal


@dataclass(frozen=True)
class Asked:
    """Who asks for which bytes, as everything stands now.

    `organisation` is whose they are, None for nobody's; `most_fetches` is how often each recipient
    may fetch it, None for as often as they like, and `fetched` how often this one did.
    """

    state: State
    expires_at: datetime
    is_removed: bool
    organisation: str | None
    of_organisation: str
    is_member: bool
    most_fetches: int | None = None
    fetched: int = 0


def refusal(asked: Asked, now: datetime) -> Refusal | None:
    """Why they do not get it; None where they do.

    A stranger learns nothing of the file: of several reasons, that they do not belong there comes
    first.
    """
    is_foreign = asked.organisation != asked.of_organisation
    is_spent = asked.most_fetches is not None and asked.fetched >= asked.most_fetches
    stands = {
        Refusal.other_organisation: is_foreign,
        Refusal.no_member: not asked.is_member,
        Refusal.superseded: asked.state is State.superseded,
        Refusal.revoked: asked.state is State.revoked,
        # What is gone cannot be asked for again: it says so, and not that it expired.
        Refusal.removed: asked.is_removed,
        Refusal.expired: asked.state is State.expired,
        Refusal.not_released: asked.state not in OUT,
        Refusal.limit_reached: is_spent,
    }
    if asked.state is State.released:
        # The day has come, though Wavepost has not noted it yet.
        stands[Refusal.expired] = asked.expires_at <= now
    return next((why for why, holds in stands.items() if holds), None)
