"""Why does one go before another? Asked in words, by name, with a chooser where that is not clear."""

from collections.abc import Sequence
from dataclasses import replace

from handlers.blocks import Words, actions, built, button, context, section
from handlers.choices import MOST_OFFERED, chooser, doubt, label, look_up_another, named, which_one
from handlers.dates import short
from handlers.doors import action
from handlers.interaction import Interaction
from handlers.name_finding import Meant, is_name, nearest_to
from handlers.pair_words import Compared, compared, line_of, pair_blocks
from handlers.passing_on import channel_to_post_in
from handlers.reply import Reply, note
from handlers.why_date import answered as date_answered
from handlers.why_date import reasons_for
from rules.asking import Nearness, Phrase
from rules.comparing import Comparison, comparison
from rules.finding import Matches, Named, NameIndex
from rules.roles import Role
from store.interactions import InteractionKey
from store.outbox import Message
from store.session import Reading, Store

MINE = frozenset({"mine", "my customer", "my customers", "my own", "ours", "my location"})
MOST_IN_VALUE = 150
BETWEEN = "||"


async def why_asked(ask: Interaction, store: Store) -> Reply | None:
    """The answer to a question that asks why; None where the text is no such question."""
    asked = comparison(ask.text)
    if asked is None:
        return None
    index = await store.names(ask.newest_import)
    if is_name(index, ask.text.strip()):
        return None
    if not asked.names:
        words = Words("why", command=ask.called)["help"]
        return note(built(section(words), actions(look_up_another())), words)
    async with store.reading(consistent=True) as reading:
        return await _answer(reading, ask, asked, index)


@action("why_pair", role=Role.viewer)
async def compare_chosen(ask: Interaction, store: Store) -> Reply:
    """Two were chosen from a list, which stays for the next choice."""
    async with store.reading(consistent=True) as reading:
        pair = await compared(reading, *_two(ask.value), ask)
    return replace(answered(pair, ask), replaces=False)


@action("why_pair_post", role=Role.viewer)
async def post(ask: Interaction, store: Store) -> Reply:
    """Show the comparison to the whole channel, once, however often it is pressed."""
    once = InteractionKey.of("button", f"{ask.name}:{ask.channel}:{ask.message}:{ask.value}", b"")
    async with store.transaction(once, actor=ask.person.id) as tx:
        channel = await channel_to_post_in(tx, ask)
        pair = await compared(tx, *_two(ask.value), ask)
        line = line_of(pair)
        by = context(Words("why", person=ask.person.id)["shared_by"])
        blocks = built(section(line), *pair_blocks(pair), by)
        tx.say(Message(channel, line, blocks, cause="why posted"))
        done = context(Words("why", channel=channel)["posted"])
        return tx.answers(note(built(section(line), done, actions(look_up_another())), line))


async def _answer(
    reading: Reading, ask: Interaction, asked: Comparison, index: NameIndex
) -> Reply | None:
    """The pair that is meant, or the one; None where nothing of it is known."""
    found = await _nearest_pair(reading, ask, asked, index)
    alone = nearest_to(index, asked.one) if asked.one else None
    if alone and (not found or alone.near < max(each.near for each in found)):
        only = alone.matches.only
        if only:
            value = f"{only.kind}|{only.id}"
            return date_answered(await reasons_for(reading, only, ask.today), value, ask)
        if alone.matches.total:
            return which_one(alone.matches, alone.typed, opens="why_date")
    if not found:
        return None
    first, second = (each.matches.only for each in found)
    if first is None or second is None:
        return _which(ask, found, first, second)
    pair = await compared(reading, first, second, ask)
    notes = [
        doubt(each.matches, each.typed, name=short(only.name))["guessed"]
        for each, only in zip(found, (first, second), strict=True)
        if each.matches.guessed
    ]
    if asked.names > len(found):
        notes.append(Words("why", a=pair.names[0], b=pair.names[1])["too_many"])
    return answered(pair, ask, notes)


async def _nearest_pair(
    reading: Reading, ask: Interaction, asked: Comparison, index: NameIndex
) -> tuple[Meant, Meant] | None:
    """The two that are named, in the reading of which most is known."""
    own = await _own(reading, ask) if "m" in ask.text.lower() else Matches((), 0)

    def meant(phrase: Phrase) -> Meant:
        is_own = phrase.core.lower() in MINE
        return Meant(phrase.core, own, Nearness.begun) if is_own else nearest_to(index, phrase)

    read = [(meant(pair.earlier), meant(pair.later)) for pair in asked.pairs]
    return min(read, key=lambda two: two[0].near + two[1].near, default=None)


async def _own(reading: Reading, ask: Interaction) -> Matches:
    """The asker's own customers, by date."""
    rows, total = await reading.schedules.of_csa(
        ask.person.email or "", today=ask.today, skip=0, most=MOST_OFFERED
    )
    found = (Named("customer", row.customer_id, row.customer_id, row.name) for row in rows)
    return Matches(tuple(found), total)


def _which(
    ask: Interaction, found: Sequence[Meant], first: Named | None, second: Named | None
) -> Reply:
    """Which one is meant, where that is not clear."""
    texts, choosers = [], []
    for each, known in zip(found, (first, second), strict=True):
        if known:
            continue
        if each.typed.lower() in MINE:
            block = "which_mine" if each.matches.total else "mine_none"
            texts.append(Words("why", command=ask.called)[block])
        else:
            texts.append(
                doubt(each.matches, each.typed)["several" if each.matches.total else "unknown"]
            )
        other = second if each is found[0] else first
        choices = _choices(each, other, is_first=each is found[0])
        if choices:
            choosers.append(chooser("Choose one", "why_pair", choices))
    if not choosers:
        texts.append(Words("why", command=ask.called)["name_both"])
    return note(built(*map(section, texts), actions(*choosers, look_up_another())), texts[0])


def _choices(each: Meant, other: Named | None, *, is_first: bool) -> list[tuple[str, str]]:
    """What one may be, with the other one that is known."""
    if other is None:
        return []
    pairs = [
        ((option, other) if is_first else (other, option), option)
        for option in each.matches.found[:MOST_OFFERED]
    ]
    values = [(_value(*two), label(option)) for two, option in pairs]
    return [(value, words) for value, words in values if len(value) <= MOST_IN_VALUE]


def answered(pair: Compared, ask: Interaction, notes: Sequence[str] = ()) -> Reply:
    """The comparison with where to go on."""
    line = line_of(pair)
    value = _value(pair.first.dated.named, pair.second.dated.named)
    posts = [button("Post here for all", "why_pair_post", value)] if ask.in_channel else []
    small = [context(" ".join(notes))] if notes else []
    row = actions(*posts, look_up_another())
    return note(built(section(line), *pair_blocks(pair), *small, row), line)


def _value(first: Named, second: Named) -> str:
    return f"{first.kind}|{first.id}{BETWEEN}{second.kind}|{second.id}"


def _two(value: str) -> tuple[Named, Named]:
    first, _, second = value.partition(BETWEEN)
    return named(first), named(second)
