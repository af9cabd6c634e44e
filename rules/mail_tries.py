"""When a mail that no server took is tried again, and when it is given up."""

from datetime import timedelta

GIVEN_UP_AFTER = timedelta(days=1)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=30)
MOST_DOUBLINGS = 16


def pause(tries: int, age: timedelta) -> timedelta | None:
    """How long to wait after so many tries, twice as long each time; None where it is given up.

    The last try is made when the mail is a day old, whatever pause would come then.

    >>> pause(1, timedelta(0)), pause(9, timedelta(hours=2)) == LONGEST_PAUSE
    (datetime.timedelta(seconds=30), True)
    >>> pause(50, timedelta(hours=23, minutes=50)), pause(51, GIVEN_UP_AFTER)
    (datetime.timedelta(seconds=600), None)
    """
    if age >= GIVEN_UP_AFTER:
        return None
    doublings = min(max(tries - 1, 0), MOST_DOUBLINGS)
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE, GIVEN_UP_AFTER - age)
