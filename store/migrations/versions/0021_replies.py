"""Messages that are said in the thread of an earlier one."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages that are said in the thread of an earlier one."""
    op.add_column("outbox", sa.Column("thread_of", sa.Uuid(), nullable=True))
    op.create_foreign_key("outbox_thread_of_fkey", "outbox", "outbox", ["thread_of"], ["id"])
    op.create_index(
        "outbox_thread_of_index",
        "outbox",
        ["thread_of"],
        postgresql_where=sa.text("thread_of IS NOT NULL"),
    )
