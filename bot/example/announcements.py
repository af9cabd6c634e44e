"""What the example announces every week: in which channel, by whom it was set up, and when."""

from dataclasses import dataclass
from datetime import date, time

from bot.example.people import LEAD, SECOND_LEAD
from rules.announcement import Topic

BEGUN_ON = date(2022, 1, 3)
"""The day on which they were set up: a world that lives on 15 January has two weeks of them."""


@dataclass(frozen=True, slots=True)
class Weekly:
    """One of them; `hour` is that of its time in UTC, in winter."""

    channel: str
    topic: Topic
    weekday: int
    at: time
    zone: str
    hour: int
    by: str = LEAD.email
    language: str = "en-US"


MONDAY, _, WEDNESDAY, THURSDAY, FRIDAY = range(5)
WEEKLY = (
    Weekly("migration", Topic.waves, MONDAY, time(9), "America/New_York", 14),
    Weekly("csa-team", Topic.everything, MONDAY, time(8), "America/Chicago", 14),
    Weekly("partners-courier-co", Topic.waves, MONDAY, time(9), "America/Chicago", 15),
    Weekly("roadmap", Topic.roadmap, WEDNESDAY, time(10), "America/Los_Angeles", 18),
    Weekly("migration-triage", Topic.failures, THURSDAY, time(16), "America/New_York", 21),
    Weekly(
        "roadmap",
        Topic.progress,
        FRIDAY,
        time(15),
        "Europe/London",
        15,
        by=SECOND_LEAD.email,
        language="en-GB",
    ),
)
