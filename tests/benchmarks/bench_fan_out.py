"""A Monday at nine, to everybody: `python -m tests.benchmarks.bench_fan_out 500 5000 4`.

So many channels hear two announcements each and so many people a direct message, none of whom was
ever written to; one courier, and then three, deliver them to the stand-in at Slack's rates. The last
number is how many times as fast as Slack's all clocks run. The best possible time is what the
stand-in's own windows allow to someone who knows them.
"""

import asyncio
import sys

from tests.benchmarks.rush import Rush, best_possible

ANNOUNCEMENTS = 2
PERMITTED = 1.15


def main(channels: str = "500", people: str = "5000", speed: str = "4") -> None:
    """Print seconds, the ratio to the best possible, and what each lane heard."""
    asyncio.run(_measure(int(channels), int(people), float(speed)))


async def _measure(channels: int, people: int, speed: float) -> None:
    rush = Rush(channels=channels, people=people, speed=speed)
    said = [(lane, f"digest for {lane}") for lane in rush.lanes[channels:]]
    for number in range(ANNOUNCEMENTS):
        said += [(lane, f"announcement {number}") for lane in rush.lanes[:channels]]
    best = best_possible(len(said), speed)
    for processes in (1, 3):
        outcome = await rush.delivered(said, processes)
        ratio = outcome.seconds / best
        sys.stdout.write(
            f"{len(said):,} messages ({channels} channels × {ANNOUNCEMENTS}, {people:,} people) "
            f"from {processes} process(es): {outcome.seconds:.1f} s, best possible {best:.1f} s, "
            f"ratio {ratio:.3f}{'' if ratio <= PERMITTED else ' (TOO SLOW)'}; "
            f"{outcome.refused} refused for a while; "
            f"{outcome.right(said):,} of {len(rush.lanes):,} lanes complete, once and in order\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
