"""Escalations: what was asked, every step that was taken, and what was typed into forms."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Escalations: what was asked, every step that was taken, and what was typed into forms."""
    _escalations()
    _steps()
    op.create_table(
        "form_drafts",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("values", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column(
            "kept_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("person", "form", name=("form_drafts_pkey")),
    )


def _escalations() -> None:
    op.create_table(
        "escalations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.String(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("in_hand_of", sa.String(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("explanation", sa.String(), nullable=False),
        sa.Column("wished_on", sa.Date(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("urgent_because", sa.String(), nullable=True),
        sa.Column("link", sa.String(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("decided_words", sa.String(), nullable=True),
        sa.Column("decided_by", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("points", sa.Float(), nullable=True),
        sa.Column("csa_email", sa.String(), nullable=True),
        sa.Column("clock_began_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("weighed", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.Column("told_week", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("escalations_pkey")),
    )
    op.create_index(
        "escalations_open_index",
        "escalations",
        ["state", "clock_ends_at"],
        unique=False,
        postgresql_where=sa.text("state NOT IN ('declined', 'withdrawn', 'done', 'missed')"),
    )
    op.create_index("escalations_sent_by_id_index", "escalations", ["sent_by", "id"], unique=False)
    op.create_table(
        "escalated_locations",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("granted", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=("escalated_locations_escalation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "location_id", name=("escalated_locations_pkey")),
    )
    for column in ("location_id", "customer_id"):
        name = f"escalated_locations_{column}_index"
        op.create_index(name, "escalated_locations", [column], unique=False)


def _steps() -> None:
    op.create_table(
        "escalation_steps",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("to", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=("escalation_steps_escalation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "version", name=("escalation_steps_pkey")),
    )
    op.create_table(
        "escalation_joiners",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=("escalation_joiners_escalation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "person", name=("escalation_joiners_pkey")),
    )
    op.create_index("escalation_joiners_person_index", "escalation_joiners", ["person"])
    op.create_table(
        "escalation_posts",
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=("escalation_posts_escalation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("escalation_id", "lane", name=("escalation_posts_pkey")),
    )
