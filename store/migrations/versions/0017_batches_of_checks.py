"""Checks that were made together, and figures that come back to what they were."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = ["week", "location_id", "attempt", "look", "data_name"]


def upgrade() -> None:
    """Checks that were made together, and figures that come back to what they were."""
    op.drop_constraint("checks_week_location_id_attempt_look_data_name_key", "checks")
    op.add_column("checks", sa.Column("batch", sa.Uuid(), nullable=False))
    op.create_index("checks_batch_index", "checks", ["batch"], unique=False)
    op.create_unique_constraint(
        "checks_week_location_id_attempt_look_data_name_revises_key",
        "checks",
        [*COLUMNS, "revises"],
        postgresql_nulls_not_distinct=True,
    )
