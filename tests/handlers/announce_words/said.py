"""Announcements that are set, and the words about them."""

from datetime import UTC, datetime, time
from typing import Any

from hypothesis import strategies as st

from bot.sandbox.limits.views import check_view
from bot.sandbox.visible import lines_of_view
from handlers.announce_standing import Standing
from handlers.announce_words import scope_said
from handlers.announcement_schedules import Terms
from handlers.interaction import Form
from rules.announced import Scope
from rules.announcement import Topic
from rules.carrying import Carries
from rules.roles import Kind
from store.announcement_lines import Line
from store.announcement_rows import Kind as Cause
from store.announcement_schedules import AnnouncementSchedule
from store.channels import ChannelRow
from store.outbox import State

EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
SATURDAY = datetime(2022, 1, 15, 12, tzinfo=UTC)
TERMS = Terms("C1", Topic.waves, Scope(), 0, time(9), "America/New_York")
MIGRATION = ChannelRow(id="C1", name="migration", joined=True)
visible = st.characters(exclude_categories=["Cs", "Cc"])
names = st.text(visible, min_size=1, max_size=300).filter(str.strip) | st.sampled_from(
    ["&" * 300, "<!channel>" * 30, "*" * 300, "😀" * 300]
)
zones = st.sampled_from(["UTC", "America/Argentina/ComodRivadavia", "Pacific/Apia", "Asia/Kolkata"])
SENT = Line(
    id=1,
    schedule_id=1,
    kind=Cause.now,
    week=None,
    channel="C1",
    due_at=SATURDAY,
    decided_at=SATURDAY,
    why=None,
    carries=Carries.announcement,
    members=3,
    pressed=0,
    state=State.delivered,
    problem="",
)


def standing(
    terms: Terms = TERMS,
    *,
    channel: ChannelRow | None = MIGRATION,
    readers: frozenset[Kind] = frozenset(),
    is_paused: bool = False,
    note: str | None = None,
    last: Line | None = None,
) -> Standing:
    says = terms.kept(by="U1", since=SATURDAY, is_paused=is_paused)
    schedule = AnnouncementSchedule(1, 1, None, note, note and "U2", (says,))
    coming = schedule.rule.coming(SATURDAY, 3)
    scope = scope_said(terms.scope)
    return Standing(schedule, scope, channel, readers, last, coming)


def row(**known: Any) -> str:
    return plain(standing(**known).words()["row"])


def plain(words: str) -> str:
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("*", "")


def read(modal: dict[str, Any]) -> str:
    check_view(modal, kind="modal")
    return plain("\n".join(lines_of_view(modal)))


def filled(**fields: dict[str, Any]) -> Form:
    return Form("V1", "announce", {block: {"element": held} for block, held in fields.items()})


def option(value: str, label: str = "") -> dict[str, Any]:
    return {"selected_option": {"value": value, "text": {"text": label or value}}}
