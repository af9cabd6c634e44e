"""What was announced, in a few words, for the lists of it."""

from collections.abc import Sequence
from datetime import date

from handlers.blocks import Words
from handlers.dates import short
from rules.concerning import feature_of, week_of
from store.reach import Said
from store.session import Reading

LONGEST_NAME = 40


async def titled(reading: Reading, said: Sequence[Said]) -> dict[int, str]:
    """What each announcement is about, by its id: "Waves · Ana Reyes". What was skipped has none."""
    contents = [each.content for each in said if each.content]
    abouts = await reading.reach.abouts(contents)
    facts = await reading.reach.facts(contents)
    return {
        each.id: title(each, abouts.get(each.content, ""), facts[each.content])
        for each in said
        if each.content
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
        what=fact.split("|")[2] if week else "",
        feature=short(feature_of(fact) or "", LONGEST_NAME),
    ).plain("title")
