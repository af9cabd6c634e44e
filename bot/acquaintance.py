"""Who somebody is: as the directory has them, and looked up in Slack where it does not have them yet."""

from slack_sdk.web.async_client import AsyncWebClient

from handlers.directory import meet
from store.people import Asking
from store.session import Store


async def acquainted(store: Store, client: AsyncWebClient, person_id: str, team: str) -> Asking:
    """The person with this Slack id; who is not of `team`, our own workspace, is met as a stranger."""
    async with store.reading() as reading:
        asking = await reading.people.asking(person_id)
    if asking.person:
        return asking
    found = await client.users_info(user=person_id)
    async with store.transaction(actor="slack") as tx:
        await meet(tx, found["user"], team)
        return await tx.people.asking(person_id)
