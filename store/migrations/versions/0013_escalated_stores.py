"""Lists of escalated stores: what they said, and how looking at a published one went."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Lists of escalated stores: what they said, and how looking at a published one went."""
    op.create_table(
        "escalated_stores",
        sa.Column("location_id", sa.String(), nullable=False),
        sa.Column("requested_by", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("wished_on", sa.Date(), nullable=True),
        sa.Column("escalation_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["escalation_id"], ["escalations.id"], name=("escalated_stores_escalation_id_fkey")
        ),
        sa.PrimaryKeyConstraint("location_id", name=("escalated_stores_pkey")),
    )
    op.create_index(
        "escalated_stores_escalation_id_index", "escalated_stores", ["escalation_id"], unique=False
    )
    op.create_table(
        "sheet_polls",
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column(
            "looked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("mark", sa.String(), nullable=True),
        sa.Column("away_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away_told", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("sheet", name=("sheet_polls_pkey")),
    )
    op.create_table(
        "sheet_rows_told",
        sa.Column("sheet", sa.String(), nullable=False),
        sa.Column("row", sa.String(), nullable=False),
        sa.Column(
            "told_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["sheet"], ["sheet_polls.sheet"], name=("sheet_rows_told_sheet_fkey")
        ),
        sa.PrimaryKeyConstraint("sheet", "row", name=("sheet_rows_told_pkey")),
    )
