"""Reading an announcement again: as it was said, with its whole lists, however long, and why."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sandbox.limits.views import check_view
from handlers.announcement_read import Place, as_said, whole
from handlers.announcement_why import reasons_of
from handlers.blocks import modal
from rules.announced import Breadth, Scope
from rules.announcement import Announcement, Section, Topic, announcement
from rules.announcement_content import Content
from store.announcement_rows import AnnouncementRow, Kind
from tests.handlers.test_announcement_messages import ROUGH, figures, spoken

NOW = datetime(2022, 1, 17, 9, tzinfo=UTC)


def content(name: str = "Joe's Pizza", *, many: int = 2) -> Content:
    told = figures(name, many=many)
    return Content.of(announcement(Topic.everything, Scope(), told), told)


def row(name: str = "Joe's Pizza", *, many: int = 2) -> AnnouncementRow:
    return AnnouncementRow(
        id=7,
        key="weekly 1 2022-01-17",
        kind=Kind.weekly,
        channel="C1WAVES",
        topic=Topic.everything,
        breadth=Breadth.everything,
        due_at=NOW,
        decided_at=NOW,
        content="digest",
        said=list(spoken(figures(name, many=many)).blocks),
    )


def shown(view: dict[str, Any]) -> str:
    check_view(view, kind="modal")
    return json.dumps(view, ensure_ascii=False).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize("section", [Section.this_wave, Section.failures, Section.roadmap])
def test_five_thousand_are_listed_a_page_at_a_time(section: Section) -> None:
    kept = content("&" * 300, many=5_000)
    for page, span in ((0, "1–40 of 5,000"), (124, "4,961–5,000 of 5,000"), (999, "4,961–5,000")):
        assert span in shown(whole(row(), kept, Place(7, section, page)))


def test_every_list_can_be_turned_to_from_every_other() -> None:
    view = shown(whole(row(), content(), Place(7, Section.this_wave)))
    for label in ("This week", "Next wave", "Failures", "Roadmap"):
        assert label in view
    assert str(Place(7, Section.roadmap)) in view
    assert Place.read(str(Place(7, Section.roadmap, 3))) == Place(7, Section.roadmap, 3)


def test_an_announcement_without_a_list_says_so() -> None:
    quiet = replace(content(), announcement=Announcement(()))
    assert "There was nothing to list." in shown(whole(row(), quiet, None))


@pytest.mark.parametrize("name", ROUGH)
def test_it_is_read_word_for_word_with_its_picture_and_without_its_buttons(name: str) -> None:
    view = modal("announcement_read", "As it was announced", as_said(row(name, many=300)))
    words = shown(view)
    assert "You read it as it was said." in words
    assert "See the whole lists" in words
    assert "Got it" not in words
    said = [block for block in row(name, many=300).said or () if block["type"] != "actions"]
    assert [block["type"] for block in view["blocks"][1:-1]] == [block["type"] for block in said]
    for was, block in zip(said, view["blocks"][1:-1], strict=True):
        assert block.get("text") == was.get("text")


@pytest.mark.parametrize("topic", Topic)
@pytest.mark.parametrize("many", [0, 2, 5_000])
def test_why_explains_each_part_once_and_asks_of_which_customer(topic: Topic, many: int) -> None:
    told = figures(many=many)
    made = announcement(topic, Scope(), told)
    words = shown(modal("announcement_why", "Why?", reasons_of(made)))
    assert words.count("Type a name or an id") == 1
    assert words.count("is what the plan says") == (topic in (Topic.waves, Topic.everything))
    assert ("One of these" in words) == any(part.customers for part in made.parts)
