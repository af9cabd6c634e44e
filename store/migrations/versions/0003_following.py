"""What people follow, and what they are to hear of it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Subscriptions, habits, tidings, and the waves that were told of."""
    op.create_table(
        "subscriptions",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column(
            "since", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", "subject", name=("subscriptions_pkey")),
    )
    op.create_index(
        ("subscriptions_kind_subject_index"), "subscriptions", ["kind", "subject"], unique=False
    )
    op.create_table(
        "habits",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("digest_at", sa.Time(), nullable=False),
        sa.Column("quiet_from", sa.Time(), nullable=False),
        sa.Column("quiet_until", sa.Time(), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name=("habits_pkey")),
    )
    op.create_table(
        "tidings",
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("pace", sa.Text(), nullable=False),
        sa.Column(
            "news", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=False
        ),
        sa.Column("beyond", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("person_id", "cause", name=("tidings_pkey")),
    )
    op.create_index(
        "tidings_due_at_index",
        "tidings",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("message_id IS NULL"),
    )
    op.create_table(
        "told_waves",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column(
            "told_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("week", name=("told_waves_pkey")),
    )
