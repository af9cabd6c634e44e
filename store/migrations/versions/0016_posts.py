"""Messages that show something as it stands: a wave that is paused, the tasks of a rollback."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Messages that show something as it stands: a wave that is paused, the tasks of a rollback."""
    op.create_table(
        "posts",
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("message", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("about", "lane", name=("posts_pkey")),
    )
