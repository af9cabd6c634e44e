"""Triage: how it is set up, who stands in, which weeks were summed up, and when clocks knock."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Triage: how it is set up, who stands in, which weeks were summed up, and when clocks knock."""
    op.create_table(
        "triage_versions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("settings", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("saved_by", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("triage_versions_pkey")),
    )
    op.create_table(
        "triage_stand_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=("triage_stand_ins_pkey")),
    )
    op.create_table(
        "triage_weeks",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("week", name=("triage_weeks_pkey")),
    )
    op.create_table(
        "triage_notices",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("about", name=("triage_notices_pkey")),
    )
    op.add_column("escalations", sa.Column("knocks_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "escalations_knocks_at_index",
        "escalations",
        ["knocks_at"],
        postgresql_where=sa.text("knocks_at IS NOT NULL"),
    )
