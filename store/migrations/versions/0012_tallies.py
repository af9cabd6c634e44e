"""Tallies: counts over all locations, kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Tallies: counts over all locations, kept."""
    op.create_table(
        "tallies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("as_of", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.Column("counted", postgresql.JSONB(none_as_null=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=("tallies_pkey")),
    )
