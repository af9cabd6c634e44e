"""Announcements: their schedules, what was announced and to whom, and what partners are told of a wave."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Announcements: their schedules, what was announced and to whom, and what partners are told."""
    _schedules()
    _announcements()
    _reach()
    _partner_messages()


def _schedules() -> None:
    op.create_table(
        "announcement_schedules",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("note_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="announcement_schedules_pkey"),
    )
    op.create_table(
        "announcement_schedule_versions",
        sa.Column("schedule_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("breadth", sa.Text(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("is_paused", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["announcement_schedules.id"],
            name="announcement_schedule_versions_schedule_id_fkey",
        ),
        sa.PrimaryKeyConstraint(
            "schedule_id", "version", name="announcement_schedule_versions_pkey"
        ),
    )
    op.create_index(
        "announcement_schedule_versions_channel_index",
        "announcement_schedule_versions",
        ["channel"],
        unique=False,
    )


def _announcements() -> None:
    op.create_table(
        "announcement_contents",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("content", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("facts", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("digest", name="announcement_contents_pkey"),
    )
    op.create_table(
        "announcements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("schedule_id", sa.Integer(), nullable=True),
        sa.Column("week", sa.Date(), nullable=True),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("breadth", sa.Text(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("carries", sa.Text(), nullable=True),
        sa.Column("content", sa.String(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("said", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("members", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(
            ["content"], ["announcement_contents.digest"], name="announcements_content_fkey"
        ),
        sa.ForeignKeyConstraint(
            ["schedule_id"],
            ["announcement_schedules.id"],
            name="announcements_schedule_id_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="announcements_pkey"),
        sa.UniqueConstraint("key", name="announcements_key_key"),
    )
    op.create_index(
        "announcements_schedule_id_week_key",
        "announcements",
        ["schedule_id", "week"],
        unique=True,
        postgresql_where=sa.text("kind = 'weekly'"),
    )
    op.create_index(
        "announcements_schedule_id_due_at_index",
        "announcements",
        ["schedule_id", "due_at"],
        unique=False,
    )
    for column in ("channel", "decided_at", "message_id"):
        op.create_index(f"announcements_{column}_index", "announcements", [column], unique=False)


def _reach() -> None:
    op.create_table(
        "announcement_presses",
        sa.Column("announcement_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["announcement_id"],
            ["announcements.id"],
            name="announcement_presses_announcement_id_fkey",
        ),
        sa.PrimaryKeyConstraint("announcement_id", "person_id", name="announcement_presses_pkey"),
    )
    op.create_index(
        "announcement_presses_person_id_index", "announcement_presses", ["person_id"], unique=False
    )
    op.create_table(
        "told_facts",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("cause", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", "fact", name="told_facts_pkey"),
    )


def _partner_messages() -> None:
    op.create_table(
        "partner_messages",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("writers", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("week", "audience", "number", name="partner_messages_pkey"),
    )
    op.create_table(
        "partner_steps",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["week", "audience", "number"],
            ["partner_messages.week", "partner_messages.audience", "partner_messages.number"],
            name="partner_steps_week_fkey",
        ),
        sa.PrimaryKeyConstraint("week", "audience", "number", "version", name="partner_steps_pkey"),
    )
    op.create_table(
        "partner_copies",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["week", "audience", "number"],
            ["partner_messages.week", "partner_messages.audience", "partner_messages.number"],
            name="partner_copies_week_fkey",
        ),
        sa.PrimaryKeyConstraint("id", name="partner_copies_pkey"),
    )
    op.create_index(
        "partner_copies_week_audience_index", "partner_copies", ["week", "audience"], unique=False
    )
    op.create_index("partner_copies_person_id_index", "partner_copies", ["person_id"], unique=False)
