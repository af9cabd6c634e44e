"""Whom an announcement reached: everybody it concerns is in one list, and nobody is told twice."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from rules.reach import Bar, Digests, Outcome, People, Posts, Reach, Way, Why, left_to_tell, reached
from rules.retelling import WINDOW, Told, lately, marked

BUDGET = settings(max_examples=75, deadline=None)
ANA, BEN, CLEO, DAN = "ana", "ben", "cleo", "dan"
NAMES = [ANA, BEN, CLEO, DAN]
FACTS = ["Joe's", "Casa", "Wok"]
CHANNELS = ["everything", "europe"]
TELLS = [("everything", each) for each in FACTS] + [("europe", "Casa")]


def codes(*of: int) -> npt.NDArray[np.int8]:
    return np.array(of, dtype=np.int8)


def people(
    *concerned: tuple[str, str], muted: list[tuple[str, str]] | None = None, **bars: Bar
) -> People:
    bar = codes(*(bars.get(name, Bar.none) for name in NAMES))
    return People(marked(concerned, NAMES, FACTS), marked(muted or [], NAMES, FACTS), bar)


def posts(
    *members: tuple[str, str],
    outcome: tuple[Outcome, Outcome] = (Outcome.delivered, Outcome.delivered),
    pressed: list[tuple[str, str]] | None = None,
) -> Posts:
    return Posts(
        marked(members, NAMES, CHANNELS),
        marked(TELLS, CHANNELS, FACTS),
        codes(*outcome),
        marked(pressed or [], NAMES, CHANNELS),
    )


def digest(outcome: Outcome, *tells: tuple[str, str]) -> Digests:
    told = marked(tells, NAMES, FACTS)
    return Digests(np.where(told, outcome, Outcome.unsaid).astype(np.int8))


NOBODY_TOLD = Digests.none(len(NAMES), len(FACTS))
NOTHING = marked([], NAMES, FACTS)


def named(told: npt.NDArray[np.bool_]) -> dict[str, list[str]]:
    return {
        name: [fact for fact, is_told in zip(FACTS, row, strict=True) if is_told]
        for name, row in zip(NAMES, told.tolist(), strict=True)
        if any(row)
    }


def way_of(reach: Reach, name: str) -> list[Way]:
    return [Way(code) for code in reach.way[NAMES.index(name)] if code != Way.unconcerned]


def why_of(reach: Reach) -> dict[str, Why]:
    return {NAMES[row]: why for row, why in reach.unreached}


def test_who_is_in_no_announced_channel_gets_a_digest_of_what_concerns_them() -> None:
    owners = people((ANA, "Joe's"), (BEN, "Casa"), (BEN, "Wok"), (CLEO, "Casa"))
    said = posts((ANA, "everything"), (CLEO, "europe"), (DAN, "everything"))
    assert named(left_to_tell(owners, said, NOBODY_TOLD, NOTHING)) == {BEN: ["Casa", "Wok"]}


def test_who_is_in_a_channel_that_tells_some_of_theirs_gets_a_digest_of_the_rest() -> None:
    owners = people((ANA, "Joe's"), (ANA, "Casa"), (ANA, "Wok"))
    left = left_to_tell(owners, posts((ANA, "europe")), NOBODY_TOLD, NOTHING)
    assert named(left) == {ANA: ["Joe's", "Wok"]}


@pytest.mark.parametrize(
    ("outcome", "left"),
    [
        (Outcome.coming, {}),
        (Outcome.delivered, {}),
        (Outcome.uncertain, {}),
        (Outcome.failed, {ANA: ["Joe's"]}),
        (Outcome.unsaid, {ANA: ["Joe's"]}),
    ],
)
def test_members_of_a_channel_that_got_nothing_get_a_digest(
    outcome: Outcome, left: dict[str, list[str]]
) -> None:
    said = posts((ANA, "everything"), outcome=(outcome, Outcome.delivered))
    assert named(left_to_tell(people((ANA, "Joe's")), said, NOBODY_TOLD, NOTHING)) == left


def test_nobody_gets_a_digest_of_what_they_muted_know_or_may_not_read() -> None:
    every = [(name, "Joe's") for name in NAMES]
    concerned = people(*every, muted=[(ANA, "Joe's")], ben=Bar.deactivated, cleo=Bar.outsider)
    before = marked([(DAN, "Joe's")], NAMES, FACTS)
    assert named(left_to_tell(concerned, posts(), NOBODY_TOLD, before)) == {}
    pressed = posts(pressed=[(DAN, "everything")])
    assert named(left_to_tell(concerned, pressed, NOBODY_TOLD, NOTHING)) == {}


def test_a_digest_that_failed_is_not_sent_again() -> None:
    failed = digest(Outcome.failed, (ANA, "Joe's"))
    assert named(left_to_tell(people((ANA, "Joe's")), posts(), failed, NOTHING)) == {}


def test_each_fact_came_by_the_surest_way() -> None:
    owners = people(*((ANA, fact) for fact in FACTS), (BEN, "Casa"), (CLEO, "Wok"))
    said = posts((ANA, "everything"), (BEN, "europe"), pressed=[(ANA, "europe")])
    told = digest(Outcome.delivered, (CLEO, "Wok"))
    reach = reached(owners, said, told, NOTHING)
    assert way_of(reach, ANA) == [Way.channel, Way.pressed, Way.channel]
    assert (way_of(reach, BEN), way_of(reach, CLEO), way_of(reach, DAN)) == (
        [Way.channel],
        [Way.dm],
        [],
    )
    assert reach.unreached == []
    assert {way: number for way, number in reach.counts.items() if number} == {
        Way.channel: 2,
        Way.dm: 1,
    }


def test_got_it_counts_by_who_reads_a_channel_without_being_in_it() -> None:
    owners = people((ANA, "Joe's"))
    reach = reached(owners, posts(pressed=[(ANA, "everything")]), NOBODY_TOLD, NOTHING)
    assert way_of(reach, ANA) == [Way.pressed]


def test_who_owns_customers_and_has_no_account_is_not_in_slack_at_all() -> None:
    owners = people((ANA, "Joe's"), ana=Bar.absent)
    assert named(left_to_tell(owners, posts(), NOBODY_TOLD, NOTHING)) == {}
    assert why_of(reached(owners, posts(), NOBODY_TOLD, NOTHING)) == {ANA: Why.absent}


def test_who_was_not_reached_is_listed_with_the_reason() -> None:
    owners = people(
        (ANA, "Joe's"), (BEN, "Joe's"), (CLEO, "Joe's"), (DAN, "Casa"), ben=Bar.deactivated
    )
    said = posts(
        (BEN, "everything"),
        (CLEO, "everything"),
        (DAN, "europe"),
        outcome=(Outcome.failed, Outcome.uncertain),
    )
    failed = digest(Outcome.failed, (ANA, "Joe's"))
    reach = reached(owners, said, failed, NOTHING)
    assert why_of(reach) == {
        ANA: Why.dm_failed,
        BEN: Why.deactivated,
        CLEO: Why.channel_failed,
        DAN: Why.uncertain,
    }
    assert reach.missed.tolist() == [1, 1, 1, 1]


def test_who_muted_it_is_an_outsider_or_was_never_told_missed_it_for_that() -> None:
    owners = people(
        (ANA, "Wok"), (BEN, "Wok"), (CLEO, "Wok"), muted=[(ANA, "Wok")], ben=Bar.outsider
    )
    reach = reached(owners, posts(), NOBODY_TOLD, NOTHING)
    assert why_of(reach) == {ANA: Why.muted, BEN: Why.outsider, CLEO: Why.untold}


def test_what_comes_or_was_told_lately_is_not_missed() -> None:
    owners = people((ANA, "Joe's"), (BEN, "Joe's"), (CLEO, "Joe's"))
    said = posts((ANA, "everything"), outcome=(Outcome.coming, Outcome.unsaid))
    before = marked([(CLEO, "Joe's")], NAMES, FACTS)
    reach = reached(owners, said, digest(Outcome.coming, (BEN, "Joe's")), before)
    assert [way_of(reach, name) for name in (ANA, BEN, CLEO)] == [
        [Way.coming],
        [Way.coming],
        [Way.before],
    ]


def test_nobody_and_nothing_reach_nobody() -> None:
    empty = np.zeros((0, 0), dtype=np.bool_)
    nobody = People(empty, empty, codes())
    nowhere = Posts(empty, empty, codes(), empty)
    reach = reached(nobody, nowhere, Digests.none(0, 0), empty)
    assert (reach.unreached, sum(reach.counts.values())) == ([], 0)
    without = People(np.zeros((2, 0), np.bool_), np.zeros((2, 0), np.bool_), codes(0, 0))
    no_facts = Posts(np.ones((2, 1), np.bool_), np.zeros((1, 0), np.bool_), codes(2), empty[:0])
    no_facts = replace(no_facts, pressed=np.zeros((2, 1), np.bool_))
    assert reached(without, no_facts, Digests.none(2, 0), without.muted).unreached == []


P, F, C = 6, 10, 4


def flags(*shape: int) -> st.SearchStrategy[npt.NDArray[np.bool_]]:
    return arrays(np.bool_, shape)


def some_codes(size: int, most: int) -> st.SearchStrategy[npt.NDArray[np.int8]]:
    return arrays(np.int8, size, elements=st.integers(0, most))


some_people = st.builds(People, flags(P, F), flags(P, F), some_codes(P, 3))
some_posts = st.builds(Posts, flags(P, C), flags(C, F), some_codes(C, 4), flags(P, C))
some_digests = st.builds(Digests, arrays(np.int8, (P, F), elements=st.integers(0, 4)))


def plain(
    people: People, posts: Posts, digests: Digests, before: npt.NDArray[np.bool_], p: int, f: int
) -> tuple[bool, Way, Why]:
    """The same for one person and one fact, told one by one."""
    here = [c for c in range(C) if posts.members[p, c] and posts.tells[c, f]]
    heard = {Outcome(posts.outcome[c]) for c in here}
    pressed = any(posts.pressed[p, c] and posts.tells[c, f] for c in range(C))
    dm = Outcome(digests.outcome[p, f])
    bar = Bar(people.bar[p])
    told_before = bool(before[p, f])
    if not people.concerned[p, f]:
        return False, Way.unconcerned, Why.reached
    arrives = heard & {Outcome.coming, Outcome.delivered, Outcome.uncertain}
    left = not (
        people.muted[p, f] or bar or arrives or pressed or dm is not Outcome.unsaid or told_before
    )
    is_here = bar is not Bar.deactivated
    ways = [
        (pressed, Way.pressed),
        (Outcome.delivered in heard and is_here, Way.channel),
        (dm is Outcome.delivered, Way.dm),
        (told_before, Way.before),
        ((Outcome.coming in heard and is_here) or dm is Outcome.coming, Way.coming),
    ]
    for holds, way in ways:
        if holds:
            return left, way, Why.reached
    reasons = [
        (bar is Bar.absent, Why.absent),
        (not is_here, Why.deactivated),
        (bar is Bar.outsider, Why.outsider),
        (dm is Outcome.failed, Why.dm_failed),
        (Outcome.uncertain in heard or dm is Outcome.uncertain, Why.uncertain),
        (bool(people.muted[p, f]), Why.muted),
        (Outcome.failed in heard, Why.channel_failed),
        (True, Why.untold),
    ]
    return left, Way.missed, next(why for holds, why in reasons if holds)


@BUDGET
@given(some_people, some_posts, some_digests, flags(P, F))
def test_tables_say_what_one_by_one_says(
    people: People, posts: Posts, digests: Digests, before: npt.NDArray[np.bool_]
) -> None:
    left = left_to_tell(people, posts, digests, before)
    reach = reached(people, posts, digests, before)
    for p in range(P):
        one_by_one = [plain(people, posts, digests, before, p, f) for f in range(F)]
        in_tables = zip(left[p].tolist(), reach.way[p].tolist(), reach.why[p].tolist(), strict=True)
        assert [*in_tables] == one_by_one
        missed = [why for _, way, why in one_by_one if way is Way.missed]
        assert reach.missed[p] == len(missed)
        assert dict(reach.unreached).get(p) == min(missed, default=None)
    concerned = people.concerned.any(axis=1).sum()
    assert sum(reach.counts.values()) == concerned


@BUDGET
@given(st.data())
def test_nobody_is_told_the_same_twice_within_the_window_and_everybody_hears_it(
    data: st.DataObject,
) -> None:
    """Weeks of announcements in changing channels, each with its digests, an hour to days apart."""
    now, told, by_dm = datetime(2022, 1, 17, 9, tzinfo=UTC), list[Told](), list[Told]()
    for _ in range(data.draw(st.integers(1, 6))):
        now += timedelta(hours=data.draw(st.integers(1, 80)))
        owners = replace(
            people(), concerned=data.draw(flags(4, 3)), bar=data.draw(some_codes(4, 2))
        )
        said = replace(posts(), members=data.draw(flags(4, 2)), tells=data.draw(flags(2, 3)))
        before = marked(lately(told, now), NAMES, FACTS)
        left = left_to_tell(owners, said, NOBODY_TOLD, before)

        heard = said.heard(Outcome.delivered)
        assert (left | heard | before)[owners.concerned & (owners.bar == Bar.none)[:, None]].all()
        by_dm += [Told(name, fact, now) for name, facts in named(left).items() for fact in facts]
        told += [
            Told(name, fact, now) for name, facts in named(left | heard).items() for fact in facts
        ]

    earlier = defaultdict[tuple[str, str], list[datetime]](list)
    for each in told:
        earlier[each.person, each.fact].append(each.at)
    for each in by_dm:
        before_it = [at for at in earlier[each.person, each.fact] if at < each.at]
        assert all(each.at - at >= WINDOW for at in before_it)


def test_five_thousand_people_who_are_told_of_a_large_wave_are_each_counted_once() -> None:
    size, facts, channels = 5_000, 400, 40
    random = np.random.default_rng(8)

    def some(*shape: int, share: float) -> npt.NDArray[np.bool_]:
        return np.asarray(random.random(shape, dtype=np.float32) < share)

    many = People(
        some(size, facts, share=0.1), some(size, facts, share=0.01), np.zeros(size, np.int8)
    )
    said = Posts(
        some(size, channels, share=0.02),
        some(channels, facts, share=0.2),
        random.integers(0, 5, channels).astype(np.int8),
        some(size, channels, share=0.005),
    )
    left = left_to_tell(many, said, Digests.none(size, facts), many.muted)
    told = Digests(np.where(left, Outcome.delivered, Outcome.unsaid).astype(np.int8))
    reach = reached(many, said, told, many.muted)
    assert not left_to_tell(many, said, told, many.muted).any()
    assert sum(reach.counts.values()) == many.concerned.any(axis=1).sum() == size
    assert reach.counts[Way.missed] == len(reach.unreached)
