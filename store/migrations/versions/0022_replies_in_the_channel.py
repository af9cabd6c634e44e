"""Replies in a thread that the channel around it reads as well."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replies in a thread that the channel around it reads as well."""
    op.add_column(
        "outbox",
        sa.Column("is_broadcast", sa.Boolean(), server_default="false", nullable=False),
    )
