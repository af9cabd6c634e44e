"""Calendar feeds: the secret address of each person."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Calendar feeds: the secret address of each person."""
    op.create_table(
        "calendar_feeds",
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("person_id", sa.String(), nullable=False),
        sa.Column(
            "made_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("secret", name=("calendar_feeds_pkey")),
    )
    op.create_index(
        "calendar_feeds_good_index",
        "calendar_feeds",
        ["person_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
