"""One feature of the roadmap: its date and how it slipped, who waits for it, and Follow."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import Words, actions, built, button, facts, section
from handlers.choices import GONE, opener
from handlers.dates import short
from handlers.doors import action
from handlers.errors import Refused
from handlers.follow_button import Wish, follow_button, following
from handlers.following import keep
from handlers.interaction import Interaction
from handlers.reply import Reply, note
from rules.following import Kind, Subject
from rules.roles import Role
from store.roadmap import RoadmapFeature, Waiting
from store.session import Reading, Store

MOST_SLIPS = 5
MOST_OF_MINE = 8
LONGEST_NAME = 40
LONGEST_OF_MINE = 30
"""Of so many names, escaped, a field has room for all."""


@action("roadmap_open", role=Role.viewer)
async def open_one(ask: Interaction, store: Store) -> Reply:
    """A feature was chosen from the roadmap, which stays."""
    async with store.reading(consistent=True) as reading:
        return replace(await card(reading, ask, await named(reading, ask.value)), replaces=False)


@action("roadmap_follow", role=Role.viewer)
async def follow_here(ask: Interaction, store: Store) -> Reply:
    """Follow the feature, or not any more; its card stays where it is."""
    wish = Wish.read(ask.value)
    async with store.transaction(ask.key, actor=ask.person.id) as tx:
        await keep(tx, ask.person.id, wish)
        return tx.answers(await card(tx, ask, await named(tx, wish.subject.id)))


async def named(reading: Reading, key: str) -> RoadmapFeature:
    """The feature with this key.

    Raises:
        Refused: it is gone.
    """
    found = next((each for each in await reading.roadmap.features() if each.key == key), None)
    if found is None:
        raise Refused(GONE)
    return found


async def card(reading: Reading, ask: Interaction, feature: RoadmapFeature) -> Reply:
    """All that is known of a feature, and what one can do about it."""
    csa = (ask.person.email or "").lower() if ask.person.owns_customers else ""
    mine, total = await reading.roadmap.waiting_of(csa, feature.key, most=MOST_OF_MINE)
    words = in_words(ask.today, feature, mine, total)
    blocks: list[Block] = [
        section(words["line"]),
        facts(
            ("Needed by", words["waiting"]),
            ("Put off", words["slips"]),
            ("Yours", words["mine"] if csa else ""),
        ),
    ]
    row = await ways_on(reading, ask, feature, mine)
    return note(built(*blocks, actions(*row)), words["line"])


def in_words(today: date, feature: RoadmapFeature, mine: Sequence[Waiting], total: int) -> Words:
    """What can be said about a feature."""
    return Words(
        "roadmap",
        feature=feature,
        name=short(feature.name, LONGEST_NAME),
        today=today,
        slips=feature.slips[-MOST_SLIPS:],
        earlier_slips=len(feature.slips[:-MOST_SLIPS]),
        mine=[
            (short(each.name, LONGEST_OF_MINE), each.first_week, each.locations) for each in mine
        ],
        mine_total=total,
        mine_more=total - len(mine),
    )


async def ways_on(
    reading: Reading, ask: Interaction, feature: RoadmapFeature, mine: Sequence[Waiting]
) -> list[InteractiveElement]:
    """Follow it, change its date, see who waits, or the whole roadmap."""
    subject = Subject(Kind.feature, feature.key)
    stands = await following(reading, ask.person, subject)
    row: list[InteractiveElement] = [
        *follow_button(subject.kind, subject.id, following=stands, name="roadmap_follow")
    ]
    if mine:
        choices = [(f"customer|{each.customer_id}", each.name) for each in mine]
        row.append(opener("Open one of yours", choices))
    if ask.person.may(Role.lead) and feature.is_known and not feature.released_on:
        row.append(button("Change its date", "feature_date", feature.key))
    return [*row, button("The whole roadmap", "roadmap_all")]
