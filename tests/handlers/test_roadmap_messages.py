"""Whatever the names and counts: every line of the roadmap fits, and the first one is short."""

from datetime import date
from html import unescape

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.blocks import MOST_IN_SECTION
from handlers.feature import MOST_OF_MINE, in_words
from handlers.roadmap import cohort_line, headline, in_order, line
from rules.cohorts import Cohort, Decider
from store.roadmap import RoadmapFeature, Slip, Waiting

BUDGET = settings(max_examples=40, deadline=None)
TODAY = date(2022, 1, 15)
MOST_IN_FIELD = 2_000
LONGEST_FIRST_LINE = 120

names = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300
) | st.sampled_from(["&" * 300, "<!channel>" * 30, "*" * 300])
days = st.dates(date(2021, 1, 1), date(2040, 1, 1))
counts = st.integers(0, 10**7)
features = st.builds(
    RoadmapFeature,
    key=names,
    name=names,
    target_on=days | st.none(),
    released_on=days | st.none(),
    slips=st.lists(st.builds(Slip, days, days | st.none()), max_size=30).map(tuple),
    locations=counts,
    customers=counts,
    is_known=st.booleans(),
)
mine = st.lists(st.builds(Waiting, names, names, days | st.none(), counts), max_size=MOST_OF_MINE)
cohort = st.builds(
    Cohort,
    st.sampled_from(Decider),
    counts,
    st.lists(names, max_size=30).map(tuple),
    days,
)


@BUDGET
@given(features, mine, counts)
def test_a_feature_fits_and_begins_with_a_short_line(
    feature: RoadmapFeature, mine: list[Waiting], more: int
) -> None:
    words = in_words(TODAY, feature, mine, len(mine) + more)

    assert len(unescape(words["line"]).replace("*", "")) <= LONGEST_FIRST_LINE
    for field in ("waiting", "slips", "mine"):
        assert 0 < len(words[field]) <= MOST_IN_FIELD


@BUDGET
@given(st.lists(features, max_size=20), cohort)
def test_the_list_fits_and_begins_with_a_short_line(
    features: list[RoadmapFeature], cohort: Cohort
) -> None:
    ordered = in_order(features, TODAY)

    head = headline(ordered, TODAY)
    assert len(unescape(head).replace("*", "")) <= LONGEST_FIRST_LINE
    assert all(0 < len(line(each, TODAY)) <= MOST_IN_SECTION for each in ordered)
    assert 0 < len(cohort_line(cohort, {})) <= MOST_IN_SECTION
