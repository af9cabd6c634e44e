"""How often checks are right: `python -m tests.benchmarks.bench_checks 8`.

Portfolios of 4,000 locations of which 400 moved, so many times for each line: with and without a
real rise of the missed rate, with orders that are missed alone or together, and with locations that
moved by lot or the worst first. Wrong is a fail where nothing rose, and a pass where more than one
point did. Beside it the same without design effects; and how fast a large portfolio is judged.
"""

import resource
import sys
import time

import numpy as np

from rules.activity import Codes
from rules.checks import Checks, Portfolio, judge
from rules.controls import controls
from rules.parameters import Parameters
from rules.verdicts import Verdict, Why
from tests.benchmarks.moved import KINDS, Moved, moved

LOCATIONS, MOVING = 4000, 400
RISES = (0.0, 0.01, 0.02, 0.03, 0.05)
EVEN = Parameters.model_validate({"checks": {"alike_from": 1_000_000}})
VERDICTS = (Verdict.passed, Verdict.failed, Verdict.inconclusive)


def main(runs: str = "8", large: str = "1000000") -> None:
    """Print the share of each verdict after all looks, how often limits hold, and the seconds."""
    rng = np.random.default_rng(0)
    for weekly in (200.0, 800.0):
        orders = np.full(LOCATIONS, weekly)
        drawn = moved(rng, orders, np.full(LOCATIONS, 0.04), MOVING)
        first = _mean([_looks(drawn, Parameters())[:1]])
        sys.stdout.write(f"{weekly:.0f} orders a week, 4 % missed, first look: {first}\n")
    for kind in KINDS:
        for worst_first in (False, True):
            for rise in RISES:
                portfolios = [
                    _drawn(rng, kind, rise, worst_first=worst_first) for _ in range(int(runs))
                ]
                told = [_looks(each, Parameters()) for each in portfolios]
                plain = [_looks(each, EVEN) for each in portfolios]
                sys.stdout.write(
                    f"{kind}, {'worst first' if worst_first else 'by lot'}, + {rise:.0%}: "
                    f"{_mean(told)}, wrong {_wrong(told, rise):.1%}; {_holding(told, rise)}; "
                    f"without design effects {_mean(plain)}\n"
                )
                sys.stdout.flush()
    _speed(rng, int(large))


def _drawn(rng: np.random.Generator, kind: str, rise: float, *, worst_first: bool) -> Moved:
    orders = np.clip(rng.lognormal(4.5, 1.3, LOCATIONS), 2, 5000)
    rate = np.clip(rng.beta(2, 48, LOCATIONS), 0.0005, 1)
    return moved(rng, orders, rate, MOVING, kind=kind, rise=rise, worst_first=worst_first)


def _looks(drawn: Moved, parameters: Parameters) -> list[Checks]:
    matched = controls(
        drawn.region, drawn.health, drawn.before.weekly, drawn.moved, drawn.unmoved, parameters
    )
    return [
        judge(
            Portfolio(drawn.region, drawn.before, after, drawn.unmoved),
            drawn.moved,
            matched,
            look,
            parameters=parameters,
        )
        for look, after in enumerate(drawn.after, start=1)
    ]


def _final(looks: list[Checks]) -> Codes:
    """The first verdict that is one, i8[m]; inconclusive where no look had any."""
    final = np.zeros(looks[0].verdict.size, dtype=np.int8)
    for look in looks:
        final = np.where(final == Verdict.inconclusive, look.verdict, final)
    return final


def _mean(told: list[list[Checks]]) -> str:
    final = np.concatenate([_final(looks) for looks in told])
    lonely = np.concatenate([looks[-1].why for looks in told]) == Why.no_controls
    shares = ", ".join(f"{name.name} {(final == name).mean():.1%}" for name in VERDICTS)
    return f"{shares} ({lonely.mean():.0%} have no controls)"


def _wrong(told: list[list[Checks]], rise: float) -> float:
    """The share of fails where nothing rose, or of passes where more did than passes; else none."""
    final = np.concatenate([_final(looks) for looks in told])
    fails = (final == Verdict.failed) & (rise == 0)
    passes = (final == Verdict.passed) & (rise > Parameters().checks.pass_below)
    return float((fails | passes).mean())


def _holding(told: list[list[Checks]], rise: float) -> str:
    low = np.concatenate([look.difference.low for looks in told for look in looks])
    high = np.concatenate([look.difference.high for looks in told for look in looks])
    known = ~np.isnan(low)
    return f"limits hold {(low <= rise)[known].mean():.1%} and {(rise <= high)[known].mean():.1%}"


def _speed(rng: np.random.Generator, locations: int) -> None:
    orders = np.clip(rng.lognormal(4.5, 1.3, locations), 2, 5000)
    drawn = moved(rng, orders, np.clip(rng.beta(2, 48, locations), 0.0005, 1), 5000)
    begin = time.process_time()
    told = _looks(drawn, Parameters())
    judged = time.process_time() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(
        f"{locations:,} locations, {told[0].verdict.size:,} moved: matched and judged four times "
        f"in {judged:.1f} s of one processor, {peak:.0f} MB\n"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
