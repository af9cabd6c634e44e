from datetime import date, timedelta

import pytest

from rules.releases import Features, Release, features_of, release_of

TODAY = date(2022, 1, 15)
SOON, LATER = TODAY + timedelta(weeks=2), TODAY + timedelta(weeks=8)
FEATURES: Features = {
    "done": (None, TODAY - timedelta(days=3)),
    "soon": (SOON, None),
    "later": (LATER, None),
    "also later": (LATER, None),
    "overdue": (TODAY - timedelta(days=1), None),
    "undated": (None, None),
}


@pytest.mark.parametrize(
    ("requires", "from_day", "decided_by"),
    [
        ("", None, ()),
        ("done", TODAY - timedelta(days=3), ()),
        ("soon;done", SOON, ("soon",)),
        ("soon;later", LATER, ("later",)),
        ("later;soon;also later", LATER, ("also later", "later")),
    ],
)
def test_the_last_feature_decides(
    requires: str, from_day: date | None, decided_by: tuple[str, ...]
) -> None:
    release = release_of(requires, FEATURES, TODAY)
    assert release == Release(requires, from_day, decided_by)
    assert release.waits is None


@pytest.mark.parametrize(
    ("requires", "decided_by"),
    [
        ("undated", ("undated",)),
        ("soon;overdue", ("overdue",)),
        ("nobody knows;undated;done", ("nobody knows", "undated")),
    ],
)
def test_a_feature_without_a_day_decides_whatever_the_others_say(
    requires: str, decided_by: tuple[str, ...]
) -> None:
    release = release_of(requires, FEATURES, TODAY)
    assert not release.has_day
    assert (release.from_day, release.decided_by) == (None, decided_by)
    assert features_of(release.waits or "") == list(decided_by)


def test_a_reason_that_is_no_feature_names_none() -> None:
    assert features_of("capacity of the CSA") == []
