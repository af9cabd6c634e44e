"""The picture of an announcement: drawn once for all channels that say the same, shown when it is there.

Nobody waits for it: what is due is said at once, and its message gets the picture a moment later. Where
it was drawn before, the message has it from the start.
"""

from datetime import date, timedelta

from handlers.announcement_carrying import carried_still
from handlers.announcement_read import telling_of
from handlers.announcement_said import CAUSE
from handlers.announcement_turn import Announced
from handlers.blocks import built, picture
from handlers.jobs import JobLost, Work, job
from handlers.pictures import begun
from rules.announcement_content import Content
from rules.carrying import Carries
from rules.drawing import outlook_drawn
from rules.progress import Mark
from rules.prospects import FanMark
from store.announcement_rows import AnnouncementRow
from store.outbox import Message
from store.session import Reading, Transaction

ABOUT = "Drawing how far the migration is, for an announcement"
DRAW = "draw announcement"
NAME = "announcement.png"
TITLE = "How far the migration is, and how it may go on"
STAYS_IN_SLACK = timedelta(days=1)
"""So long a file is trusted to be there still: a message with one that is gone could not be sent."""
SHOWN_WITHIN = timedelta(days=7)
"""What was said longer ago is left as it is: another has been said since."""


async def drawn(reading: Reading, content: Content) -> str | None:
    """Slack's id of the picture of a content, where it was drawn already."""
    if content.picture is None:
        return None
    return await reading.pictures.drawn_lately(content.picture["digest"], STAYS_IN_SLACK)


async def follow_announcement(tx: Transaction, announced: Announced) -> None:
    """Have the picture of what was said drawn, unless it has it."""
    content = announced.content
    if content is None or content.picture is None or await drawn(tx, content):
        return
    old = await tx.pictures.file(content.picture["digest"])
    await begun(tx, DRAW, content.picture, about=ABOUT, lost=old)


@job(DRAW)
async def draw(work: Work) -> None:
    """Draw it, bring it to Slack, and show it in all messages that said what it shows."""
    given = work.job.given
    marks = [
        Mark(date.fromisoformat(week), planned, moved) for week, planned, moved in given["marks"]
    ]
    fan = [FanMark(date.fromisoformat(week), tuple(moved)) for week, moved in given["fan"]]
    finishes = [(share, date.fromisoformat(week)) for share, week in given["finishes"]]
    data = await work.in_child(outlook_drawn, marks, fan, given["total"], finishes)
    file = await work.slack.upload(data, name=NAME, title=TITLE)
    async with work.ending() as tx:
        # Held first: whoever announces this now has begun the same job, and is seen once it commits.
        if not await tx.jobs.hold(work.job):
            raise JobLost
        await tx.pictures.keep(given["digest"], file)
        await show(tx, given["digest"], file)


async def show(tx: Transaction, digest: str, file: str) -> None:
    """Put a picture into all messages that wait for it, where their channels still carry it."""
    since = await tx.clock.now() - SHOWN_WITHIN
    contents: dict[str, Content] = {}
    waiting = await tx.announcements.without_picture(digest, since=since)
    channels = sorted({row.channel for row, _ in waiting})
    carry = {each: await carried_still(tx, each, None) for each in channels}
    for row, fallback in waiting:
        if carry[row.channel] is not Carries.announcement:
            continue
        if row.content not in contents:
            kept = await tx.announcements.content(str(row.content))
            contents[str(row.content)] = Content.from_json(kept or {})
        blocks = _with_picture(row, contents[str(row.content)], file)
        await tx.announcements.show(row, blocks)
        tx.say(Message(row.channel, fallback, blocks, cause=CAUSE, updates=row.message_id))


def _with_picture(row: AnnouncementRow, content: Content, file: str) -> list[dict[str, object]]:
    """What was said, word for word, with the picture above its buttons."""
    said = list(row.said or ())
    buttons = [block for block in said if block["type"] == "actions"]
    rest = [block for block in said if block["type"] != "actions"]
    return [*rest, *built(picture(file, telling_of(row, content).alt)), *buttons]
