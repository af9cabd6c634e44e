"""How fast messages leave under Slack's rates: `python -m tests.benchmarks.bench_courier 5000 10`.

So many messages wait in 100 channels; one courier, and then three in processes of their own, deliver
them to the stand-in, which allows 600 a minute in the workspace and about one a second in each
channel. The second number is how many times as fast as Slack's all clocks run (1: the real thing, 8
minutes for 5,000 messages). The best possible time is what the stand-in's own windows allow to
someone who knows them: 600 at once, and the next 600 a minute later.
"""

import asyncio
import sys

from tests.benchmarks.rush import Rush, best_possible

CHANNELS = 100


def main(messages: str = "5000", speed: str = "10") -> None:
    """Print seconds, the ratio to the best possible, and how often Slack had to say no."""
    asyncio.run(_measure(int(messages), float(speed)))


async def _measure(messages: int, speed: float) -> None:
    rush = Rush(channels=CHANNELS, speed=speed)
    said = [(rush.lanes[number % CHANNELS], f"{number}") for number in range(messages)]
    best = best_possible(messages, speed)
    for processes in (1, 3):
        outcome = await rush.delivered(said, processes)
        sys.stdout.write(
            f"{messages:,} messages over {CHANNELS} channels from {processes} process(es): "
            f"{outcome.seconds:.1f} s, best possible {best:.1f} s, "
            f"ratio {outcome.seconds / best:.2f}; {outcome.refused} refused for a while; "
            f"{outcome.right(said)} of {CHANNELS} channels complete and in order\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
