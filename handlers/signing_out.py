"""Signing out on the web: in this browser, or everywhere."""

from handlers.page_doors import form
from handlers.pages import Answer, GoTo
from handlers.visit import Visit
from rules.roles import Role
from store.session import Store

SIGNED_OUT = "/signed-out"


@form("/sign-out", role=Role.viewer)
async def sign_out(visit: Visit, store: Store) -> Answer:
    """In this browser; whoever has a copy of its session is signed out with it."""
    async with store.transaction(actor=visit.person.id) as tx:
        await tx.web_sessions.end(visit.token)
    return GoTo(SIGNED_OUT)


@form("/sign-out-everywhere", role=Role.viewer)
async def sign_out_everywhere(visit: Visit, store: Store) -> Answer:
    """In every browser of this person."""
    async with store.transaction(actor=visit.person.id) as tx:
        await tx.web_sessions.end_all(visit.person.id)
    return GoTo(SIGNED_OUT)
