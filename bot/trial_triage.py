"""The triage of the trial: its channel, the hours of its leads, and who of them is on duty."""

from collections.abc import Mapping, Sequence

from handlers.roles import addressed
from handlers.rota_form import take_turns
from handlers.triage_settings import place_in, set_up
from rules.roles import Role
from store.session import Transaction

CHANNEL = "migration-triage"
ZONE = "America/New_York"
COUNTRY = "US"


async def begin_triage(tx: Transaction, roles: Mapping[str, Sequence[str]]) -> None:
    """Let the leads among these people decide escalations, by turns; `roles` are by e-mail address."""
    leads = [email for email, given in roles.items() if Role.lead in given]
    await place_in(tx, CHANNEL, zone=ZONE)
    await set_up(tx, {"holidays_of": COUNTRY})
    await take_turns(tx, [(await addressed(tx, lead)).id for lead in leads])
