"""Long work as rows, and messages that take an earlier one's place."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

DOCUMENT = postgresql.JSONB(none_as_null=True, astext_type=sa.Text())
UNFINISHED = sa.text("state IN ('waiting', 'running')")


def upgrade() -> None:
    """Long work as rows, and messages that take an earlier one's place."""
    op.add_column("outbox", sa.Column("updates", sa.Uuid(), nullable=True))
    op.create_foreign_key("outbox_updates_fkey", "outbox", "outbox", ["updates"], ["id"])
    op.create_index(
        "outbox_updates_index",
        "outbox",
        ["updates"],
        postgresql_where=sa.text("updates IS NOT NULL"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("given", DOCUMENT, nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=True),
        sa.Column("message", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("step", sa.String(), nullable=True),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "due_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("leased_by", sa.Uuid(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", DOCUMENT, nullable=True),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=("jobs_pkey")),
    )
    op.create_index("jobs_due_index", "jobs", ["due_at"], postgresql_where=UNFINISHED)
    op.create_index("jobs_asked_by_index", "jobs", ["asked_by", "asked_at"])
    op.create_index("jobs_key_index", "jobs", ["key"], unique=True, postgresql_where=UNFINISHED)
    op.create_index(
        "jobs_failed_index", "jobs", ["ended_at"], postgresql_where=sa.text("state = 'failed'")
    )
