"""Whatever the names, counts and causes: Slack takes every digest, list and form of what is followed."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from bot.sandbox.limits.views import check_view
from handlers.blocks import built
from handlers.digest_words import OF_CUSTOMERS, OF_FEATURES, WAVE, Digest
from handlers.digests import listed, said
from handlers.follow_button import Following, follow_button
from handlers.follow_finding import Candidates
from handlers.following import form, which_one
from handlers.following_list import hours_form, list_blocks
from handlers.lists import PAGE, Page
from rules.following import Kind, News, Pace, Subject
from rules.hours import Habits
from store.plans import MoveReason
from store.subscriptions import Hours, Subscription

BUDGET = settings(max_examples=40, deadline=None)
MONDAY = date(2022, 1, 17)

visible = st.characters(exclude_categories=["Cs", "Cc"])
names = st.text(visible, min_size=1, max_size=300).filter(str.strip) | st.sampled_from(
    ["&" * 300, "<!channel>" * 30, "*" * 300, "`" * 300, "😀" * 300, "ﷺ" * 300, "a\nb"]
)
ids = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=100)
few_ids = st.sampled_from([f"C-{number}" for number in range(40)])
weeks = st.integers(-60, 500).map(lambda number: (MONDAY + timedelta(weeks=number)).isoformat())
counts = st.integers(1, 10**7)
of_customers = st.builds(
    lambda event, customer, location, locations, was, week, reason, why: News(
        event,
        frozenset({Subject(Kind.customer, customer)}),
        {
            "customer": customer,
            "location": location,
            "locations": locations,
            "from": was if event == "moved" else None,
            "week": week or (None if event == "moved" else was),
            "reason": reason if event == "moved" else None,
            "feature": customer if event == "eligible" or why else None,
            "why": why,
            "on": was,
        },
    ),
    st.sampled_from(OF_CUSTOMERS),
    few_ids,
    few_ids | st.none(),
    counts,
    weeks,
    weeks | st.none(),
    st.sampled_from(MoveReason),
    names | st.none(),
)
of_features = st.builds(
    lambda event, feature, customer, was, week, why: News(
        event,
        frozenset({Subject(Kind.feature, feature)}),
        {"feature": feature, "customer": customer, "from": was, "week": week, "why": why},
    ),
    st.sampled_from(OF_FEATURES),
    few_ids,
    few_ids | st.none(),
    weeks,
    weeks,
    names | st.none(),
)
of_waves = st.builds(
    lambda customer, week: News(WAVE, frozenset(), {"customer": customer, "week": week}),
    few_ids,
    st.sampled_from([MONDAY.isoformat(), (MONDAY + timedelta(weeks=1)).isoformat()]),
)
digests = st.builds(
    lambda news, beyond, called: Digest(
        news,
        beyond,
        {
            Subject(kind, f"C-{number}"): called
            for kind in (Kind.customer, Kind.location, Kind.feature)
            for number in range(40)
        },
    ),
    st.lists(of_customers | of_features | of_waves, min_size=1, max_size=120),
    st.integers(0, 10**7),
    names,
)
subjects = st.builds(Subject, st.sampled_from([Kind.customer, Kind.location, Kind.feature]), ids)
subjects |= st.builds(lambda email: Subject(Kind.csa, email), st.text(visible, max_size=254))
hours = st.integers(0, 47).map(lambda half: time(half // 2, half % 2 * 30))
told_at = st.builds(Hours, st.builds(Habits, hours, hours, hours), st.just(ZoneInfo("Asia/Tokyo")))


def takes(fallback: str, blocks: Sequence[Mapping[str, Any]]) -> None:
    assert fallback.strip()
    assert len(fallback) <= 4_000
    check_message({"text": fallback, "blocks": [dict(block) for block in blocks]})


def test_a_date_that_a_feature_moved_names_it_and_says_why_it_slipped() -> None:
    facts = {"locations": 3, "from": "2022-03-14", "week": "2022-04-18", "feature": "kiosk"}
    facts |= {"reason": MoveReason.feature_slipped, "why": "The partner is late"}
    others: dict[str, dict[str, object]] = {
        "A": {},
        "B": {},
        "C": {"why": None},
        "D": {"feature": None},
    }
    news = [
        News("moved", frozenset(), {**facts, "customer": customer, **other})
        for customer, other in others.items()
    ]
    digest = Digest(news, 0, {Subject(Kind.feature, "kiosk"): "Kiosk"})

    lines = list(digest.lines(digest.together(digest.entries, most=8), most_named=5))

    assert any(line.endswith(" · Kiosk comes later: The partner is late") for line in lines)
    assert any(line.endswith(": Kiosk comes later") for line in lines)
    assert any(line.endswith(": a feature that it needs comes later") for line in lines)


@BUDGET
@given(digests)
def test_every_digest_fits_and_begins_with_a_short_line(digest: Digest) -> None:
    message = said(digest, "U1", uuid4())

    takes(message.fallback, message.blocks)
    assert len(message.fallback) <= 200
    assert "\n" not in message.fallback
    prose = [block for block in message.blocks if block["type"] in ("section", "context")]
    assert "<" not in str(prose)


@BUDGET
@given(digests, st.integers(0, 9))
def test_every_page_of_a_digest_fits(digest: Digest, page: int) -> None:
    if digest.entries:
        last = Page(digest.entries, 0, len(digest.entries)).last
        reply = listed(digest, min(page, last), uuid4(), replaces=True)
        takes(reply.fallback, reply.blocks)


@BUDGET
@given(
    st.lists(
        st.builds(Subscription, subjects, names, st.sampled_from(Pace), st.booleans()),
        max_size=PAGE,
        unique_by=str,
    ),
    st.integers(0, 10**4),
    told_at,
)
def test_every_list_of_what_is_followed_fits(
    followed: list[Subscription], number: int, told_at: Hours
) -> None:
    page = Page(followed, number, number * PAGE + len(followed))
    takes("You follow", built(*list_blocks("You follow", page, told_at)))


@BUDGET
@given(st.lists(st.tuples(subjects, names), max_size=200), names)
def test_every_choice_of_what_to_follow_fits(found: list[tuple[Subject, str]], typed: str) -> None:
    reply = which_one(Candidates(found, len(found)), typed)
    takes(reply.fallback, reply.blocks)


@BUDGET
@given(subjects, st.sampled_from(Pace) | st.none(), st.sampled_from(Pace) | st.none())
def test_a_follow_button_fits_or_is_not_there(
    subject: Subject, chosen: Pace | None, inherited: Pace | None
) -> None:
    stands = Following(chosen, inherited)
    for element in follow_button(subject.kind, subject.id, following=stands):
        element.to_dict()


@BUDGET
@given(told_at)
def test_the_forms_fit(told_at: Hours) -> None:
    check_view(hours_form(told_at), kind="modal")
    check_view(form(), kind="modal")
