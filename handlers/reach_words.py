"""What was announced, in a few words, for the lists of it."""

from collections.abc import Sequence
from datetime import date

from handlers.blocks import Words
from handlers.dates import short
from rules.concerning import customer_of, feature_of, week_of
from store.announcement_rows import Kind
from store.reach import Said
from store.session import Reading

LONGEST_NAME = 40


async def titled(reading: Reading, said: Sequence[Said]) -> dict[int, str]:
    """What each announcement is about, by its id: "Waves · Ana Reyes".

    What was skipped has none, nor what changed a post and tells nothing new.
    """
    contents = [each.content for each in said if each.content]
    abouts = await reading.reach.abouts(contents)
    facts = await reading.reach.facts(contents)
    return {
        each.id: title(each, abouts.get(each.content, ""), facts[each.content])
        for each in said
        if each.content and (facts[each.content] or each.kind is not Kind.event)
    }


def title(said: Said, about: str, facts: Sequence[str]) -> str:
    """What an announcement is about, without markup: its topic and scope, or what happened."""
    fact = facts[0] if facts else ""
    week = week_of(fact)
    return Words(
        "reached",
        kind=said.kind,
        topic=said.topic,
        about=short(about, LONGEST_NAME),
        week=date.fromisoformat(week) if week else None,
        what=_what(fact),
        feature=short(feature_of(fact) or "", LONGEST_NAME),
    ).plain("title")


def _what(fact: str) -> str:
    """What became of a wave; who is told on its eve that a customer moves is told that it starts."""
    if customer_of(fact):
        return "starts"
    return fact.split("|")[2] if week_of(fact) else ""
