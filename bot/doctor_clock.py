"""Whether clocks agree, for the doctor."""

from datetime import UTC, datetime, timedelta

from store.files import Finding

MOST_SKEW = timedelta(seconds=60)
"""Slack's signatures are good for five minutes; a clock this wrong is on its way there."""


def clock_finding(there: datetime, whose: str = "the database's") -> Finding:
    """Whether another clock agrees with this machine's."""
    skew = abs(datetime.now(UTC) - there)
    if skew > MOST_SKEW:
        return Finding(
            f"This machine's clock and {whose} differ by {skew.total_seconds():,.0f} seconds.",
            "Set both by NTP: signatures older than five minutes are refused.",
        )
    return Finding(f"This machine's clock agrees with {whose}.")
