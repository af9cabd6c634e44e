"""What each owner of tasks in a rollback reads: one message that is changed as tasks are done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

from slack_sdk.models.blocks import Block, InteractiveElement

from handlers.blocks import (
    MOST_IN_OPTION_VALUE,
    Mrkdwn,
    Words,
    actions,
    built,
    button,
    context,
    lines,
    section,
)
from handlers.choices import chooser
from handlers.dates import short
from rules.rollback import TASKS, Item, Rollback, Task
from store.outbox import Message
from store.rollback_rows import RollbackRow
from store.session import Transaction

CAUSE = "rollback"
MOST_NAMED = 8
MOST_OFFERED = 100
MOST_AT_ONCE = 1_000
"""What a press confirms has to be kept while who pressed it waits."""
LONGEST_NAME = 45
LONGEST_WORDS = 1_000


@dataclass(frozen=True, slots=True)
class Under:
    """A rollback that is under way: its tasks as they are now, and what its locations are called."""

    row: RollbackRow
    rollback: Rollback
    names: Mapping[str, str]

    @property
    def number(self) -> int:
        """What it is known by; every row has one that was read."""
        return self.row.id or 0

    def called(self, location: str) -> str:
        """What a location is called, in a line with others."""
        return short(self.names.get(location, location), LONGEST_NAME)

    @property
    def owners(self) -> list[str]:
        """The ids of all who have, or had, a task."""
        return sorted({item.owner for item in self.rollback.items})

    def words(self, **values: object) -> Words:
        """The words about it."""
        why = short(self.row.words, LONGEST_WORDS)
        return Words("rollback", row=self.row, why=why, locations=len(self.names), **values)


@dataclass(frozen=True, slots=True)
class Share:
    """What one person has to do: tasks that can be done now, how many later, how many are done."""

    now: tuple[Item, ...]
    later: int
    done: int

    @classmethod
    def of(cls, rollback: Rollback, person: str) -> "Share":
        """The tasks of a person."""
        own = [item for item in rollback.items if item.owner == person]
        now = rollback.waiting_for(person)
        is_open = sum(not item.is_confirmed for item in own)
        return cls(now, is_open - len(now), len(own) - is_open)

    def at(self, task: Task) -> list[str]:
        """The locations at which a task can be done now, as many as can be confirmed at once."""
        return [item.location for item in self.now if item.task is task][:MOST_AT_ONCE]


def about(number: int) -> str:
    """What the posts about a rollback are kept under."""
    return f"rollback {number}"


async def show_all(
    tx: Transaction, under: Under, before: Rollback | None = None, *, said: Mrkdwn | None = None
) -> None:
    """Show each owner what they have to do now, where that changed.

    Who has something to do again gets a new message, for a changed one is not noticed. `said` tells
    those who got it from somebody else.
    """
    posts = await tx.posts.of(about(under.number))
    for person in sorted({*under.owners, *posts}):
        share = Share.of(under.rollback, person)
        was = Share.of(before, person) if before else None
        if share == was:
            continue
        wakes = bool(share.now) and not (was and was.now)
        there = posts.get(person)
        if there and not wakes:
            fallback, blocks = post(under, share)
            tx.say(Message(person, fallback, built(*blocks), cause=CAUSE, updates=there))
            continue
        if there:
            below = Words("rollback")["below"]
            tx.say(Message(person, below, built(context(below)), cause=CAUSE, updates=there))
        fallback, blocks = post(under, share, said=said)
        message = Message(person, fallback, built(*blocks), cause=CAUSE, id=uuid4())
        tx.say(message)
        await tx.posts.keep(about(under.number), person, message.id)


def post(under: Under, share: Share, *, said: Mrkdwn | None = None) -> tuple[str, list[Block]]:
    """What a notification says, and the post."""
    words = under.words(now=len(share.now), later=share.later, done=share.done)
    texts = [words["yours"], *([said] if said else []), *words["why"].split("\n")]
    blocks: list[Block] = [*map(section, lines([text for text in texts if text]))]
    if under.row.is_rehearsal:
        blocks.append(context(words["rehearsal_note"]))
    blocks += tasks(under, share)
    if share.done or share.later:
        blocks.append(context(words["own_progress"]))
    has_open = share.now or share.later
    hand_over = [button("Hand over", "rollback_hand_over", str(under.number))] if has_open else []
    return words.plain("yours"), [*blocks, actions(open_button(under.number), *hand_over)]


def tasks(under: Under, share: Share) -> list[Block]:
    """The tasks that somebody can do now, each with a button for all its locations and for one of them."""
    blocks: list[Block] = []
    for at, task in enumerate(TASKS):
        if locations := share.at(task):
            names = [under.called(each) for each in locations]
            of_all = sum(item.task is task for item in share.now)
            words = under.words(task=task, names=names, most=MOST_NAMED, of_all=of_all)
            blocks.append(section(words["task"]))
            label = "Done at all" if of_all == len(names) else "Done at the first"
            blocks.append(actions(*_buttons(under, at, locations, names, label)))
    return blocks


def open_button(number: int) -> InteractiveElement:
    """The button that shows how far a rollback is at each of its locations."""
    return button("See how far it is", f"rollback_open:{number}", f"{number}|0")


def digest_of(locations: Sequence[str]) -> str:
    """What tells whether the same locations wait as when a button was shown."""
    return sha256("\n".join(sorted(locations)).encode()).hexdigest()[:12]


def _buttons(
    under: Under, at: int, locations: Sequence[str], names: Sequence[str], of_several: str
) -> list[InteractiveElement]:
    value = f"{under.number}|{at}|{digest_of(locations)}"
    label = "Done" if len(locations) == 1 else f"{of_several} {len(locations):,}"
    done: list[InteractiveElement] = [button(label, f"rollback_done:{at}", value, style="primary")]
    if len(locations) == 1:
        return done
    ones = [
        (f"{under.number}|{at}|{location}", name)
        for location, name in zip(locations, names, strict=True)
    ]
    offered = [each for each in ones if len(each[0]) <= MOST_IN_OPTION_VALUE][:MOST_OFFERED]
    return [*done, chooser("Done at one of them", f"rollback_done_at:{at}", offered)]
