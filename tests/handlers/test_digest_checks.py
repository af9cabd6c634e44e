"""What people hear of checks: what did not pass first, each customer in one line."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

from handlers.check_news import news_of
from handlers.digest_checks import checks
from rules.following import News, Subject
from rules.location_life import State
from rules.verdicts import Check, Verdict, Why
from store.check_rows import CheckRow
from store.checks import DATA as AS_KEPT
from store.checks import Found
from tests.handlers.test_check_words import CHECK, DATA

WEEK = date(2022, 1, 17)
BATCH = uuid4()
FAILED = replace(CHECK, verdict=Verdict.failed, why=Why.lost_orders)
UNSURE = replace(CHECK, verdict=Verdict.inconclusive, why=Why.no_controls)
PERSON = replace(UNSURE, look=4, is_for_a_person=True)


def found(
    location: str,
    check: Check,
    *,
    customer: str = "joes",
    was: tuple[Verdict, Why] | None = None,
    state: State = State.passed,
) -> Found:
    row = CheckRow(
        week=WEEK,
        location_id=location,
        attempt=1,
        look=check.look,
        data_name=check.data.name,
        verdict=check.verdict,
        why=check.why,
        is_for_a_person=check.is_for_a_person,
        change=check.change,
        low=check.low,
        high=check.high,
        volume=check.volume,
        data=AS_KEPT.dump_python(DATA, mode="json"),
        judged_at=datetime(2022, 1, 24, tzinfo=UTC),
        batch=BATCH,
    )
    return Found(row, customer, "ana@northwind.example", state, *(was or (None, None)))


def read(*all_found: Found, followed: tuple[str, ...] = ()) -> list[str]:
    news: list[News] = list(news_of(all_found, followed))
    names = {"joes": "Joe's Pizza", "cleos": "Cleo's"}
    said = checks(news, lambda id_: names[id_], lambda id_: f"Store {id_}")
    return [each.replace("\N{NO-BREAK SPACE}", " ").replace("*", "") for each in said]


def test_what_passed_is_counted_and_what_did_not_is_told_with_its_numbers() -> None:
    assert read(
        *(found(f"L{at}", CHECK) for at in range(12)),
        found("M1", FAILED),
        found("P1", PERSON),
        *(found(f"U{at}", UNSURE) for at in range(2)),
    ) == [
        (
            "• Joe's Pizza · Store M1 did not pass: Lost orders were reported. "
            "Store P1 waits for a person to decide: 3.8 % of its orders were missed since the move, 4.0 % "
            "before. There is no location like it that has not moved, so nothing to compare it with. "
            "2 locations are not sure yet, and will be looked at again. 12 locations passed."
        )
    ]


def test_a_customer_of_which_something_did_not_pass_comes_first() -> None:
    told = read(found("C1", CHECK, customer="cleos"), found("M1", FAILED))
    assert [each.partition(" · ")[0] for each in told] == ["• Joe's Pizza", "• Cleo's"]


def test_a_revision_says_what_the_verdict_was() -> None:
    told = read(found("L1", FAILED, was=(Verdict.passed, Why.no_worse), state=State.not_passed))
    assert told == [
        (
            "• Joe's Pizza · Store L1 did not pass (before: passed; the figures changed): Lost orders "
            "were reported."
        )
    ]
    assert read(found("L1", CHECK, was=(CHECK.verdict, CHECK.why))) == []


def test_figures_do_not_overrule_who_accepted_it() -> None:
    [told] = read(found("L1", FAILED, was=(Verdict.passed, Why.no_worse), state=State.accepted))
    assert "it stays accepted" in told


def test_a_location_that_was_judged_twice_at_once_is_told_once_as_it_is_now() -> None:
    [told] = read(found("L1", UNSURE), found("L1", PERSON))
    assert told.count("Store L1") == 1
    assert "waits for a person" in told


def test_who_follows_one_location_hears_of_it_by_name() -> None:
    all_found = [found(f"L{at}", CHECK) for at in range(3)]
    news = list(news_of(all_found, ("L1",)))
    subjects = {str(subject) for each in news for subject in each.subjects}
    assert subjects == {str(Subject.of("customer|joes")), "location|L1"}
    assert sorted(each.facts["locations"] for each in news) == [1, 2]
