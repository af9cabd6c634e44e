"""What is kept of an announcement is read again as it was, and tells what became of features since."""

import json
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from rules.announced import Feature, Figures, Scope
from rules.announcement import Topic, announcement
from rules.announcement_content import Content, with_news
from tests.rules.test_announcement import FIGURES, figures, scopes

EVERYBODY = Scope()
MARCH, APRIL = date(2022, 3, 1), date(2022, 4, 1)


def content(told: Figures = FIGURES, *, topic: Topic = Topic.everything) -> Content:
    made = announcement(topic, EVERYBODY, told)
    return Content.of(made, told, about="Ana Reyes", picture={"digest": "d", "fan": [[1, 2.5]]})


def of_features(*features: Feature) -> Figures:
    return replace(FIGURES, features=features)


def told_of(now: Feature, *, after: Feature) -> Feature:
    (feature,) = with_news(of_features(now), content(of_features(after))).features
    return feature


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(Topic), scopes, figures)
def test_whatever_was_kept_is_read_again_as_it_was(
    topic: Topic, scope: Scope, figures: Figures
) -> None:
    kept = Content.of(announcement(topic, scope, figures), figures, picture={"total": 9})
    again = Content.from_json(json.loads(json.dumps(kept.to_json())))
    assert again.to_json() == kept.to_json()
    assert again.digest == kept.digest
    for was, read in zip(kept.announcement.parts, again.announcement.parts, strict=True):
        assert (was.words, was.total, was.week, was.state) == (
            *(read.words, read.total, read.week, read.state),
        )
        assert kept.figures.past == again.figures.past
        assert (was.features, was.causes) == (read.features, read.causes)
        assert [(each.id, each.name, each.locations) for each in was.customers] == [
            (each.id, each.name, each.locations) for each in read.customers
        ]


def test_what_was_kept_before_it_told_of_last_week_is_still_read() -> None:
    kept = content().to_json()
    del kept["figures"]["past"]
    assert Content.from_json(kept).figures.past == ()


def test_what_is_said_alike_has_one_digest_and_anything_else_another() -> None:
    assert content().digest == content().digest
    assert content(replace(FIGURES, moved=21)).digest != content().digest
    assert replace(content(), about="Ben").digest != content().digest


def test_a_picture_is_kept_only_where_it_belongs_to_what_is_said() -> None:
    assert content().picture
    assert content(topic=Topic.waves).picture is None


def test_a_feature_that_got_another_day_or_came_since_is_news() -> None:
    loyalty = Feature("loyalty", "Loyalty", MARCH)
    moved = told_of(replace(loyalty, target_on=APRIL), after=loyalty)
    assert (moved.slipped_from, moved.is_new) == (MARCH, False)
    released = told_of(replace(loyalty, released_on=MARCH), after=loyalty)
    assert (released.slipped_from, released.is_new) == (None, True)
    assert not told_of(loyalty, after=loyalty).is_news


def test_what_was_told_as_released_is_no_news_again() -> None:
    news = Feature("loyalty", "Loyalty", released_on=MARCH, is_new=True)
    assert not told_of(replace(news, is_new=False), after=news).is_news


def test_a_feature_that_the_last_one_did_not_tell_of_is_no_news() -> None:
    kiosk = Feature("kiosk", "Kiosk", MARCH)
    assert with_news(of_features(kiosk), None).features == (kiosk,)
    assert not told_of(kiosk, after=Feature("loyalty", "Loyalty", APRIL)).is_news
