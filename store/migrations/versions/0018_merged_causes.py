"""A cause of the catalogue can be part of another one."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """A cause of the catalogue can be part of another one."""
    op.add_column("causes", sa.Column("merged_into", sa.Integer(), nullable=True))
    op.create_foreign_key("causes_merged_into_fkey", "causes", "causes", ["merged_into"], ["id"])
