"""Who hears that locations failed to migrate: whoever owns or follows them, except who marked them."""

from collections import defaultdict

from handlers.concerned import tell_concerned
from handlers.digest_waves import LOCATIONS_FAILED, WAVE_TURN
from handlers.wave_turn import Batch
from rules.following import Kind, News, Subject
from rules.location_life import Step
from store.session import Transaction

LONGEST_WORDS = 200


async def follow_batch(tx: Transaction, batch: Batch) -> None:
    """Tell of all that failed at once: a piece of news for each customer and cause."""
    failed: dict[tuple[str, str], list[Subject]] = defaultdict(list)
    for line in batch.lines:
        if line.step is Step.fail:
            location = Subject(Kind.location, line.location_id)
            failed[line.row.customer_id, line.words].append(location)
    news = [
        News(
            WAVE_TURN,
            frozenset({Subject(Kind.customer, customer), *locations}),
            {
                "week": batch.week.isoformat(),
                "step": LOCATIONS_FAILED,
                "words": cause[:LONGEST_WORDS],
                "customer": customer,
                "locations": len(locations),
            },
        )
        for (customer, cause), locations in failed.items()
    ]
    await tell_concerned(tx, f"failed {batch.id}", news, but={batch.by})
