"""Whatever the names, counts and words: Slack takes what channels are told of waves and features."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.limits.messages import check_message
from handlers.blocks import built
from handlers.date_languages import OFFERED
from handlers.digest_words import RELEASED, SLIPPED
from handlers.feature_announcing import FeatureEvent, FeatureNews
from handlers.wave_causes import Met
from handlers.wave_event_said import WaveEvent
from rules.announced import Breadth, Customer, Scope
from rules.happenings import FACTS, Near
from rules.location_life import State
from rules.wave_life import Step, Taken, Who
from rules.went import Went
from tests.handlers.test_messages import counts, names
from tests.world import FIRST_MONDAY

BUDGET = settings(max_examples=30, deadline=None)
NOW = datetime(2022, 1, 17, 10, tzinfo=UTC)
scopes = st.builds(Scope, st.sampled_from(Breadth), st.just("of"))
texts = names | st.just("&" * 3_000) | st.just("")
customers = st.lists(st.builds(Customer, st.just("C-1"), names, counts), max_size=60)
went = st.builds(Went, st.dictionaries(st.sampled_from(State), counts))
causes = st.lists(st.builds(Met, counts, texts, counts, counts), max_size=8)
taken = st.builds(
    Taken,
    step=st.just(Step.pause),
    by=st.sampled_from(["U1LEA", "Wavepost"]),
    who=st.just(Who.lead),
    version=st.just(3),
    at=st.just(NOW),
    words=texts,
)
waves = st.builds(
    WaveEvent,
    week=st.just(FIRST_MONDAY),
    what=st.sampled_from([*Near, *FACTS.values()]),
    scope=scopes,
    about=names,
    customers=customers,
    went=went,
    taken=taken,
    causes=causes,
    decider=st.sampled_from(["", "<@U2BEN>"]),
)
days = st.dates(date(2021, 1, 1), date(2040, 1, 1))
events = st.builds(
    FeatureEvent,
    key=st.just("loyalty"),
    event=st.sampled_from([RELEASED, SLIPPED]),
    at=st.just(NOW),
    was=days,
    to=days | st.none(),
    on=days,
    why=texts,
)


@BUDGET
@given(waves, st.sampled_from(OFFERED))
def test_what_a_wave_did_fits_into_a_message(event: WaveEvent, language: str) -> None:
    for blocks in (event.post(language, 2**62), event.below(language)):
        check_message({"text": event.fallback(language), "blocks": built(*blocks)})


@BUDGET
@given(st.builds(FeatureNews, events, names, scopes, names, counts), st.sampled_from(OFFERED))
def test_what_became_of_a_feature_fits_into_a_message(news: FeatureNews, language: str) -> None:
    said = news.said(language)
    for blocks in (said.post(2**62), said.reply):
        check_message({"text": said.fallback, "blocks": built(*blocks)})
