"""How fast forecasts are: `python -m tests.benchmarks.bench_forecast`.

Beside each the same tries run by run in plain Python, from a few runs. Then as many rates at once as
ten people ask for who want to know other ones, each in a thread as in the program: the slowest of them
is to stay below the two seconds that an answer may take.
"""

import random
import resource
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from rules.forecast import HORIZON, forecast

PLAIN_RUNS = 20
AT_ONCE = 10
CASES = ((10_000, 400, 0.8), (1_000_000, 20_000, 0.95), (100_000, 400, 0.3), (1_000, 5, 0.01))


def main() -> None:
    """Print seconds, P50/80/95 and the ratio to plain Python for easy and for hopeless cases."""
    for locations, per_week, success in CASES:
        begin = time.perf_counter()
        made = forecast(locations, per_week, success)
        seconds = time.perf_counter() - begin
        begin = time.perf_counter()
        for seed in range(PLAIN_RUNS):
            chance = random.Random(seed)
            _plain_run(locations, per_week, success, chance)
        ratio = (time.perf_counter() - begin) / PLAIN_RUNS * made.finish.size / seconds
        weeks = "/".join(str(made.finish_by(share) or "-") for share in (0.5, 0.8, 0.95))
        sys.stdout.write(
            f"{locations:,} locations, {per_week:,} a week, {success:.0%}: {seconds:.2f} s, "
            f"P50/80/95 {weeks} weeks; plain Python {ratio:,.0f} times as long\n"
        )
    for locations, per_week, lowest in ((1_000_000, 20_000, 0.5), (100_000, 400, 0.3)):
        _say_at_once(locations, per_week, lowest)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"{peak:.0f} MB at the peak\n")


def _say_at_once(locations: int, per_week: int, lowest: float) -> None:
    begin = time.perf_counter()

    def answered(rate: float) -> float:
        forecast(locations, per_week, rate)
        return time.perf_counter() - begin

    with ThreadPoolExecutor(AT_ONCE) as threads:
        rates = [lowest + at / 100 for at in range(AT_ONCE)]
        slowest = max(threads.map(answered, rates))
    sys.stdout.write(
        f"{AT_ONCE} rates at once from {lowest:.0%}, {locations:,} locations: "
        f"the last after {slowest:.2f} s\n"
    )


def _plain_run(locations: int, per_week: int, success: float, rng: random.Random) -> int:
    rate = rng.betavariate(20 * success, 20 * (1 - success))
    ready, back, left = locations, [0, 0], locations
    for week in range(HORIZON):
        ready += back[week % 2]
        tried = min(ready, per_week)
        failed = sum(rng.random() >= rate for _ in range(tried))
        ready, back[week % 2] = ready - tried, failed
        left -= tried - failed
        if left == 0:
            return week + 1
    return HORIZON + 1


if __name__ == "__main__":
    main()
