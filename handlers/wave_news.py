"""The wave that comes next week: told once to who follows it or owns customers in it."""

from handlers.concerned import tell_concerned
from handlers.digest_words import WAVE
from rules.following import Kind, News, Subject
from rules.hours import coming_wave
from store.session import Store

MOST = 1_000_000


async def tell_of_coming_wave(store: Store) -> None:
    """Let the people concerned by next week's wave hear of it in their digest.

    Whichever replica comes first does it; the others wait until that is done.
    """
    async with store.transaction(actor="clock") as tx:
        coming = coming_wave(await tx.clock.now())
        if not coming or coming[0] not in await tx.schedules.weeks():
            return
        week, since = coming
        if not await tx.tidings.claim_wave(week):
            return
        lines, _ = await tx.schedules.of_week(week, skip=0, most=MOST)
        of_wave = Subject(Kind.wave, week.isoformat())
        news = [
            News(
                WAVE,
                frozenset({of_wave, Subject(Kind.customer, line.customer_id)}),
                {
                    "customer": line.customer_id,
                    "week": week.isoformat(),
                    "locations": line.locations,
                },
            )
            for line in lines
        ]
        cause = f"wave {week} comes"
        await tell_concerned(tx, cause, news, happened_at=since, at_leisure=True)
